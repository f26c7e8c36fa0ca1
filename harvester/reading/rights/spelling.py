"""Misspelt words of the English licence names put right, at most two letters off (rights.md section 4.4)."""

import re
from functools import cache, lru_cache

from harvester.reading.rights.clean import fold
from harvester.reading.rights.phrases import ELEMENTS
from harvester.reading.rights.tables import table

_FIXED = (
    "attribution",
    "noncommercial",
    "commercial",
    "noderivatives",
    "noderivs",
    "derivatives",
    "derivative",
    "sharealike",
    "creative",
)
_OTHERS = (
    "commercially attributed attributions commercials noncommercially créative creativo creativa creatives creation creating "
    "derivation derivate derivates creativecommons"
)
_WORD = re.compile(r"[a-z0-9]{8,16}")


def mended(text: str) -> str:
    """Give a cleaned text that may name a Creative Commons licence with those words as they are spelt."""
    if "c" not in text or not ("creativ" in text or "cc" in text or text.startswith("attr")):
        return text
    return _WORD.sub(lambda match: _nearest(match[0]), text)


@cache
def _real() -> frozenset[str]:
    """Give the words that are within two letters of a fixed one, but mean themselves: every word of the names in other languages."""
    phrases = (phrase for row in table("elements").values() for name in ELEMENTS for phrase in row[name])
    return frozenset(_OTHERS.split()) | {part for phrase in phrases for part in _WORD.findall(fold(phrase))}


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    if word in _FIXED or word in _real() or word.isdigit():
        return word
    for fixed in _FIXED:
        if word[0] == fixed[0] and abs(len(word) - len(fixed)) <= 2 and _distance(word, fixed) <= 2:
            return fixed
    return word


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
