"""Licences stated by name: a small parser over element words, not a list of substrings (rights.md section 4.4).

text -> chains of element words (CC BY-NC, Attribution-NonCommercial ...) -> version, port -> licence, or "not understood"
"""

import re
from collections.abc import Iterator

from harvester.reading.rights import codes, phrases
from harvester.reading.rights.codes import Chain, has_odd_tail
from harvester.reading.rights.licenses import UNSPECIFIED, License, creative_commons
from harvester.reading.rights.spelling import mended

_VERSION = re.compile(
    r"(?:v|ver|version|versión|versão|versione|версія|версия|wersja)?\.?\s?([1-4])(?:[.,]([0-5]))?(?![\d.,]{0,20}\d)"
)
_MAY_BE_VERSION = re.compile(r"(?<!\d)[1-4](?!\d)")
_MOST_CHAINS = 60  # runs of element words looked at in one value
_MOST_WORDS = 24  # of one run: the longest name, twice over
_LONGEST_NAME = 300  # characters of a value that is a licence's name and nothing else
_SHORT = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?")  # "International" in a language that no table lists


def find(text: str) -> Iterator[Chain]:
    """Yield the chains of element words and codes in a cleaned text."""
    text = mended(text)
    marked = phrases.has_marker(text)
    taken = []
    for chain in codes.find(text, marked):
        taken.append((chain.start, chain.end))
        yield chain
    if not marked and len(text) > _LONGEST_NAME and _MAY_BE_VERSION.search(text) is None:
        return  # nothing in it could count as a name
    pattern = phrases.element_starts()
    at = 0
    for _ in range(_MOST_CHAINS):
        match = pattern.search(text, at)
        if match is None:
            return
        if any(start <= match.start() < end for start, end in taken):
            at = match.start() + 1
            continue
        chain = _chain(text, match.start())
        at = max(chain.end, match.start() + 1)
        if _counts(text, chain, marked, taken):
            yield chain


def limits(text: str) -> tuple[frozenset[str], int]:
    """Give ND and SA where a cleaned text states them anywhere, also in a sentence of its own, and where the last one stands.

    "CC BY-NC. No derivatives." must not leave CC BY-NC standing (rights.md section 5: never CC BY-NC with ND or SA).
    """
    text = mended(text)
    meanings = phrases.elements()[1]
    found: set[str] = set()
    at = 0
    for match in phrases.element_starts().finditer(text):
        stated = meanings[phrases.joined(match[0])]
        if stated <= {"nd", "sa"}:
            found |= stated
            at = match.start()
    for match in phrases.words("unchanged").finditer(text):
        found, at = found | {"nd"}, match.start()
    return frozenset(found), at


def license_of(chain: Chain) -> License:
    """Give the licence that a chain states; one that is not understood is never BY or BY-NC."""
    if not chain.understood:
        return UNSPECIFIED
    return creative_commons(chain.elements, chain.version, chain.port)


def _counts(text: str, chain: Chain, marked: bool, taken: list[tuple[int, int]]) -> bool:
    """A chain is a name when Creative Commons is named, close by or with two elements, when it is the whole value,
    or when it is complete: two elements or more with a version, which no other text has."""
    if "by" not in chain.elements:
        return marked and phrases.close_to_marker(text, chain.start)
    several = len(chain.elements) > 1
    if several and chain.version is not None:
        return True
    if marked and (several or chain.version is not None or phrases.close_to_marker(text, chain.start)):
        return True
    if marked and phrases.marker_follows(text, chain.end):
        return True
    return (several or chain.version is not None) and _is_whole(text, chain, taken)


def _is_whole(text: str, chain: Chain, taken: list[tuple[int, int]]) -> bool:
    if len(text) > _LONGEST_NAME:
        return False
    for start, end in taken:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    if not phrases.is_passing(text[: chain.start]):
        return False
    rest = text[chain.end :]
    return phrases.is_passing(rest) or (chain.version is not None and _SHORT.fullmatch(rest.strip(" .)")) is not None)


def _chain(text: str, start: int) -> Chain:
    """Read element words one after another from `start`, with the version, port and passing words among them."""
    pattern, meanings = phrases.elements()
    elements: set[str] = set()
    version = port = None
    at = end = last_element = start
    for _ in range(_MOST_WORDS):
        skip = phrases.SEPARATORS.match(text, at)
        here = _skip_joining(text, skip.end() if skip else at, bool(elements))
        match = pattern.match(text, here)
        if match is not None and not (version and "by" in elements and "by" in meanings[phrases.joined(match[0])]):
            elements |= meanings[phrases.joined(match[0])]
            at = end = last_element = match.end()
        elif elements and version is None and (more := codes.further(text, at)):
            elements |= more[0]
            at = end = last_element = more[1]
        elif (found := _VERSION.match(text, here)) and version is None and elements:
            version = f"{found[1]}.{found[2] or '0'}"
            port, at = codes.port_after(text, found.end())
            end = at
        elif elements and (place := phrases.country_at(text, here)):
            port = port or place[0]
            at = end = place[1]
        elif (passing := phrases.words("passing").match(text, here)) and elements:
            at = end = passing.end()
        else:
            break
    understood = end > last_element or not has_odd_tail(text, last_element)
    return Chain(frozenset(elements), version, port, start, end, False, understood)


def _skip_joining(text: str, at: int, inside: bool) -> int:
    if not inside:
        return at
    match = re.compile(rf"{phrases.words('joining').pattern}\s").match(text, at)
    return match.end() if match and phrases.elements()[0].match(text, match.end()) else at
