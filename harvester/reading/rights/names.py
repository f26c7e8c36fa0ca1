"""Licences stated by code or by name: a small parser over element words, not a list of substrings (rights.md section 4.4).

text -> chains of element words (CC BY-NC, Attribution-NonCommercial ...) -> version, port -> licence, or "not understood"
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from harvester.reading.rights.clean import fold
from harvester.reading.rights.licenses import UNSPECIFIED, License, creative_commons, others, ports
from harvester.reading.rights.tables import table

_ELEMENTS = ("by", "nc", "nd", "sa")
_CODE = re.compile(
    r"(?<![a-z0-9])(?P<cc>cc|creative[ -]?commons)?(?P<open>[\s_:/(\[-]*)(?P<by>by)(?P<rest>(?:[\s_/+,&.-]*[(\[]?(?:nc|nd|sa)[)\]]?)*)"
    r"(?![a-z])(?P<v>[\s_/v.-]{0,4}(?P<major>[1-4])(?:[._](?P<minor>[0-5]))?(?![\d]))?(?![a-z0-9])"
)
_LOOSE = re.compile(r"(?<![a-z0-9])cc[\s_-]?(by(?:[\s_-]?(?:nc|nd|sa))*)[\s_-]?(?:v?([1-4])[._]?([05])?)?(?![a-z0-9])")
_PORT = re.compile(r"[\s_/-]{1,2}([a-z]{2,8})(?![a-z0-9])")
_PORTS = frozenset(code for version in ("1.0", "2.0", "2.1", "2.5", "3.0") for code in ports(version)) - {
    "in",
    "no",
    "it",
    "at",
}
_SEPARATORS = re.compile(r"[\s\-_,./:;()\[\]|+&·・'\"!–]*")
_VERSION = re.compile(
    r"(?:v|ver|version|versión|versão|versione|версія|версия|wersja)?\.?\s*([1-4])(?:[.,]([0-5]))?(?![\d.,]*\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE)


class Chain(NamedTuple):
    """A run of element words: what it says, and where it stands in the cleaned text."""

    elements: frozenset[str]
    version: str | None
    port: str | None
    start: int
    end: int
    is_code: bool
    understood: bool


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """Give one pattern of all element phrases, longest first, and what each phrase, without its joints, means."""
    meanings: dict[str, set[str]] = {}
    spellings: dict[str, str] = {}
    for words in table("elements").values():
        for element in _ELEMENTS:
            for phrase in words[element]:
                folded = fold(phrase)
                key = _joined(folded)
                meanings.setdefault(key, set()).add(element)
                spelled = r"[\s\-_·]*".join(re.escape(part) for part in re.split(r"[\s-]+", folded))
                spellings[key] = max(spelled, spellings.get(key, ""), key=len)
    ordered = sorted(spellings, key=len, reverse=True)
    pattern = "|".join(spellings[key] + ("" if _is_cjk(key) else r"(?![^\W\d_])") for key in ordered)
    return re.compile(pattern), {key: frozenset(value) for key, value in meanings.items()}


def _joined(text: str) -> str:
    return re.sub(r"[\s\-_·]+", "", text)


def _is_cjk(text: str) -> bool:
    return bool(text) and ("\u3040" <= text[0] <= "\u9fff" or "\uac00" <= text[0] <= "\ud7af")


@cache
def _words(kind: str) -> re.Pattern[str]:
    listed = sorted((fold(word) for word in table("words")[kind]), key=len, reverse=True)
    return re.compile(
        "(?:"
        + "|".join(
            re.escape(word) + ("" if _is_cjk(word) or not word[-1].isalnum() else r"(?![^\W_])") for word in listed
        )
        + ")"
    )


@cache
def _countries() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {fold(name): code for code, names in table("words")["countries"].items() for name in names}
    listed = sorted(codes, key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(name) for name in listed) + r")(?![^\W\d_])"), codes


def has_marker(text: str) -> bool:
    """Tell whether a cleaned text speaks of Creative Commons at all."""
    return (
        _words("marker").search(text) is not None
        or re.search(r"(?<![a-z0-9])cc(?![a-z0-9])|(?<![a-z0-9])cc[\s_-]?by", text) is not None
    )


def of_code(text: str) -> License | None:
    """Read a value that is one code: cc_by_nc_4, CC-BY-NC-ND-3.0-DE, ccbyncnd, cc0."""
    match = _EPRINTS.fullmatch(text)
    if match:
        version = "4.0" if match[2] else None
        one = creative_commons(match[1].split("_"), version)
        return one if version else one._replace(hint="3.0")
    match = _LOOSE.fullmatch(text)
    if match:
        parts = re.findall("by|nc|nd|sa", match[1])
        return creative_commons(parts, f"{match[2]}.{match[3] or '0'}" if match[2] else None)
    match = _CODE.fullmatch(text)
    if match:
        chain = _of_match(match, text)
        return creative_commons(chain.elements, chain.version, chain.port)
    return next((one for one in others().values() if one.family == "cc0" and text in {"cc0", "cc0-1.0"}), None)


_EPRINTS = re.compile(r"cc_((?:by)(?:_(?:nc|nd|sa))*)(_4)?")


def find(text: str) -> Iterator[Chain]:
    """Yield the chains of element words and codes in a cleaned text."""
    text = _mended(text)
    marked = has_marker(text)
    whole = True
    taken: list[tuple[int, int]] = []
    for chain in _codes(text, marked):
        taken.append((chain.start, chain.end))
        yield chain
    at = 0
    pattern, _ = _phrases()
    while (match := pattern.search(text, at)) is not None:
        if any(start <= match.start() < end for start, end in taken) or _inside_word(text, match):
            at = match.start() + 1
            continue
        chain = _chain(text, match.start())
        at = max(chain.end, match.start() + 1)
        if _counts(text, chain, marked, whole):
            yield chain


def _inside_word(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()]
    return bool(before) and before.isalpha() and not _is_cjk(match[0]) and not _is_cjk(before)


def _counts(text: str, chain: Chain, marked: bool, whole: bool) -> bool:
    """A chain is a name when Creative Commons is named, close by or with two elements, or when it is the whole value."""
    if "by" in chain.elements:
        if marked and (len(chain.elements) > 1 or _close_to_marker(text, chain.start) or chain.version is not None):
            return True
        return _is_whole(text, chain) and (len(chain.elements) > 1 or chain.version is not None)
    return marked and _close_to_marker(text, chain.start)


def _is_whole(text: str, chain: Chain) -> bool:
    return not _SEPARATORS.sub("", text[: chain.start]) and not _SEPARATORS.sub("", text[chain.end :])


def _close_to_marker(text: str, start: int) -> bool:
    """Only passing words stand between a Creative Commons marker and the chain."""
    window = text[max(0, start - 80) : start]
    met = list(re.finditer(rf"{_words('marker').pattern}|(?<![a-z0-9])cc(?![a-z0-9])", window))
    last = met[-1] if met else None
    if last is None:
        return False
    rest = _words("passing").sub(" ", window[last.end() :])
    return not _SEPARATORS.sub("", rest)


def _codes(text: str, marked: bool) -> Iterator[Chain]:
    if "by" not in text:
        return
    for match in _CODE.finditer(text):
        chain = _of_match(match, text)
        if match["cc"] is None:
            # `By NC State`, `by NC Press`: without CC only a whole value counts, and its elements must be joined.
            head = text[: match.start("by")]
            bare = match.start("by") == 0 or head.strip(" ([\"'") == ""
            tail = text[match.end() :].strip(" )].\"'")
            joined = re.fullmatch(r"(?:[-_/](?:nc|nd|sa))+", match["rest"] or "") is not None
            if not joined or not ((bare and not tail) or (marked and _in_brackets(text, match))):
                continue
        elif (
            match["cc"].startswith("creative") and not match["rest"] and not match["v"] and not _ends_name(text, match)
        ) or (match["cc"] == "cc" and ":" in match["open"] and not match["rest"] and not match["v"]):
            continue
        yield chain
    for match in _LOOSE.finditer(text):
        if len(match[1]) > 2 and not re.search(r"[\s_-]", match[1]):
            parts = re.findall("by|nc|nd|sa", match[1])
            version = f"{match[2]}.{match[3] or '0'}" if match[2] else None
            yield Chain(frozenset(parts), version, None, match.start(), match.end(), True, True)


def _ends_name(text: str, match: re.Match[str]) -> bool:
    """`Creative Commons by John` is a person's; `(Creative Commons BY).` and `Creative Commons BY licence` are names."""
    return (
        re.compile(r"\s*(?:[).,;\]]|\Z|licen[sc]|lizenz)").match(text, match.end()) is not None or "(" in match["open"]
    )


def _in_brackets(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start("by")].rstrip()
    return before.endswith(("(", "[", "license", "licence"))


def _of_match(match: re.Match[str], text: str) -> Chain:
    elements = {"by", *re.findall("nc|nd|sa", match["rest"] or "")}
    version = f"{match['major']}.{match['minor'] or '0'}" if match["v"] else None
    end = match.end("v") if match["v"] else match.end("rest")
    port = None
    place = _PORT.match(text, end) if version else None
    if place and place[1] in _PORTS:
        port, end = place[1], place.end()
    if version is None:
        later = re.compile(
            r"[\s(,-]*(?:licen[sc]e|lizenz|licencia|licença|licenza)?[\s,(]*(?:v|version|ver)?\.?\s*([1-4])\.([05])(?!\d)"
        ).match(text, end)
        if later:
            version, end = f"{later[1]}.{later[2]}", later.end()
    understood = version is not None or not _has_odd_tail(text, end)
    return Chain(frozenset(elements), version, port, match.start(), max(end, match.end("by")), True, understood)


def _chain(text: str, start: int) -> Chain:
    """Read element words one after another from `start`, with the version, port and passing words among them."""
    pattern, meanings = _phrases()
    elements: set[str] = set()
    version = port = None
    at = end = last_element = start
    while True:
        skip = _SEPARATORS.match(text, at)
        here = skip.end() if skip else at
        here = _skip_joining(text, here, bool(elements))
        match = pattern.match(text, here)
        if match is not None and not (version is not None and "by" in meanings[_joined(match[0])] and "by" in elements):
            elements |= _only(meanings[_joined(match[0])], elements)
            at = end = last_element = match.end()
            continue
        if (found := _VERSION.match(text, here)) and version is None and elements:
            version, at, end = f"{found[1]}.{found[2] or '0'}", found.end(), found.end()
            continue
        country, codes = _countries()
        if (place := country.match(text, here)) and elements:
            port = port or codes[place[0]]
            at = end = place.end()
            continue
        if (passing := _words("passing").match(text, here)) and elements:
            at = end = passing.end()
            continue
        break
    plain = end > last_element
    understood = plain or not _has_odd_tail(text, last_element)
    return Chain(frozenset(elements), version, port, start, end, False, understood)


def _skip_joining(text: str, at: int, inside: bool) -> int:
    if not inside:
        return at
    match = re.compile(rf"{_words('joining').pattern}\s+").match(text, at)
    return match.end() if match and _phrases()[0].match(text, match.end()) else at


def _only(meaning: frozenset[str], have: set[str]) -> frozenset[str]:
    """Words that mean different elements in different languages (navngivelse never does) count as all of them."""
    return meaning


def _has_odd_tail(text: str, end: int) -> bool:
    """The unparsed-tail rule: a word joined to the elements that is no element, version, port or passing word."""
    joint = re.compile(r"\s*[-_,/(]\s*|(?=[^\W\d_])").match(text, end)
    if joint is None:
        return False
    word = _WORD.match(text, joint.end())
    if word is None:
        return False
    for kind in ("passing", "prose", "marker"):
        if _words(kind).match(text, joint.end()):
            return False
    if _countries()[0].match(text, joint.end()) or _phrases()[0].match(text, joint.end()):
        return False
    return not _CODE.match(text, joint.end())


def without_elements(text: str) -> str:
    """Blank the element words, so that the "no" of "no derivatives" is not taken for a denial; places stay the same."""
    return _phrases()[0].sub(lambda match: "x" * len(match[0]), text)


def license_of(chain: Chain) -> License:
    """Give the licence that a chain states; one that is not understood is never BY or BY-NC."""
    if not chain.understood:
        return UNSPECIFIED
    return creative_commons(chain.elements, chain.version, chain.port)


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
_REAL = frozenset(
    {
        "commercially",
        "attributed",
        "attributions",
        "commercials",
        "noncommercially",
        "commerciale",
        "commerciaal",
        "kommerziell",
        "comercial",
        "attribuzione",
        "créative",
        "creativo",
        "creativa",
        "creatives",
        "creation",
        "creating",
        "derivation",
        "derivate",
        "derivates",
        "creativecommons",
    }
)


def _mended(text: str) -> str:
    """Put the fixed English words in place of their misspellings, at most two letters off (Noncommerical, NoDerivitives)."""
    if "c" not in text or not ("creativ" in text or "cc" in text or text.startswith("attr")):
        return text
    return re.sub(r"[a-z0-9]{8,16}", lambda match: _nearest(match[0]), text)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    if word in _FIXED or word in _REAL or word.isdigit():
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
