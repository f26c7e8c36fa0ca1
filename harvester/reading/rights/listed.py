"""Licences and statements that the tables name: whole values, names in brackets or with a version, and a few names inside a sentence."""

import re
from collections.abc import Iterator
from functools import cache

from harvester.reading.rights.clean import fold
from harvester.reading.rights.licenses import License, others, plain, software
from harvester.reading.rights.tables import table

_EDGES = " .;,:()[]\"'"
_TRAILER = re.compile(r"\s(?:licen[sc]e|international|universal)\Z")
_ABBREVIATION = re.compile(r"\s?\((?!meta|méta|мета)[^()]{1,20}\)?\Z")
_INNER_ABBREVIATION = re.compile(r"\s?\([a-z-]{2,8}\)\s")
_VERSION = re.compile(r"[\s-](?:v|v\.|version )?(\d\.\d)\Z")
_UNDER = re.compile(
    r"(?:licen[sc]ed|released|distributed|available|published|provided) under (?:the )?(?:terms of (?:the )?)?([^;:()]{2,90}?)(?:[.;,:(]?\s|[.;,:(]?\Z)"
    r"(?=(?:which|that|and|for|see|version|as|by|in|at|https?|\(|[a-z]+\Z)|\Z|[A-Z])"
)
_OFFICIAL_TEXT = re.compile(
    r"[.;:-]? (?:this item|the item|the organi[sz]ation that has made (?:the|this) item|the copyright and related rights status|use of this item)"
)


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """Give ids by whole name, the pattern of names that count inside a sentence, and that of the statements' own labels."""
    whole: dict[str, str] = {}
    inside: list[str] = []
    labels: list[str] = []
    for name, row in table("licenses").items():
        for word in (fold(word) for word in row.get("names", ())):
            for key in (word, word.strip(_EDGES), plain(word)):
                whole.setdefault(key, name)
            if row.get("inside"):
                inside.append(word)
            if row["family"] == "rights-statement":
                labels.append(word)
        inside += [fold(text) for text in row.get("texts", ())]
        whole |= {fold(text): name for text in row.get("texts", ())}
    whole.pop("", None)
    return whole, re.compile(rf"(?<!\w)(?:{_any(inside)})(?!\w|\.\d)"), re.compile(_any(labels))


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def whole(text: str) -> License | None:
    """Read a cleaned value that is the name of a listed licence and nothing else."""
    names = _names()[0]
    for form, version in _forms(text.strip(_EDGES)):
        name = names.get(form) or software().get(form)
        if name is not None and version in {None, others()[name].version}:
            return others()[name]
    return None


def _forms(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the name as it stands, then without its trailer, its abbreviation in brackets, its version."""
    bare = _ABBREVIATION.sub("", text)
    bare = _INNER_ABBREVIATION.sub(" ", text) if bare == text else bare
    for one in dict.fromkeys((text, _TRAILER.sub("", text), plain(text), bare, plain(bare))):
        yield one, None
        if match := _VERSION.search(one):
            yield one[: match.start()].rstrip(" ,"), match[1]


def statement(text: str) -> License | None:
    """Read the label of a rights statement with the statement's own text behind it."""
    match = _names()[2].match(text)
    if match is None or _OFFICIAL_TEXT.match(text, match.end()) is None:
        return None
    return others()[_names()[0][match[0]]]


def inside(text: str) -> Iterator[tuple[License, int, int]]:
    """Yield listed licences that a sentence names, with where each begins and ends."""
    names, pattern, _ = _names()
    for match in pattern.finditer(text):
        yield others()[names[match[0]]], match.start(), match.end()
    for match in _UNDER.finditer(text):
        found = whole(match[1])
        if found is not None:
            yield found, match.start(1), match.end(1)
