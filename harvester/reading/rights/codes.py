"""Licences stated by code: CC BY-NC 4.0, cc_by_nc_4, ccby, Creative Commons BY-NC-SA (rights.md section 4.4)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from harvester.reading.rights import phrases
from harvester.reading.rights.licenses import License, creative_commons, others, ports

_CODE = re.compile(
    r"(?<![a-z0-9])(?P<cc>cc|creative[ -]?commons)?(?P<open>[\s_:/(\[|+.-]{0,4})"
    r"(?P<parts>(?:by|nc|nd|sa)(?:[\s_/+,&.|-]{0,3}[(\[]?(?:by|nc|nd|sa)[)\]]?)*)"
    r"(?![a-z])(?P<v>[\s_/v.:|-]{0,4}(?P<major>[1-4])(?:[._](?P<minor>[0-5]))?(?![\d]))?(?![a-z0-9])"
)
_LOOSE = re.compile(r"(?<![a-z0-9])cc[\s_-]?(by(?:[\s_-]?(?:nc|nd|sa))*)[\s_-]?(?:v?([1-4])[._]?([05])?)?(?![a-z0-9])")
_EPRINTS = re.compile(r"cc_((?:by)(?:_(?:nc|nd|sa))*)(_4)?")
_LATER_VERSION = re.compile(
    r"[\s(,-]{0,4}(?:licen[sc]e|lizenz|licencia|licença|licenza)?[\s,(]{0,3}(?:version|ver|v)?\.?\s?([1-4])\.([05])(?!\d)"
)
# A denial behind the elements may be ND in words that no table has: `CC BY-NC-No remix`; of commerce it says nothing new.
_DENIAL = re.compile(
    r"(?:no|not|non|without|sin|sem|não|nao|sans|pas|kein|keine|ohne|senza|geen|bez|без|zonder|uten|utan)(?![^\W_])"
    r"(?! (?:[\w'’]+ ){0,2}(?:commerc|comerc|komerc|kommerz|profit|re-?sale|sale|lucr|charge|fee|cost|embargo|registration|further|prior|limitation|exclusiv|other|prejudice|restric|restrik|einschränk|permission|right|warrant|copyright|peer|refere|\d))"
)
# Words of ShareAlike and NoDerivatives in forms that no table has, right behind the elements.
_STEM = re.compile(
    r"(?:share|sharing|alike|compart|partag|partilh|condivi|weitergabe|sdíl|zachov|udostępn|deriv|remix|bearbeit|modific|adapt|変|改|翻|二次|禁止|相同)(?!\w* (?:and|y|e|et|und) adapt|\w* (?:allowed|permitted|from|by|this|the)\b)"
)
_TIGHT = frozenset("-_/")  # joints without a space: no word of prose comes behind them
_MARK = re.compile(r"\s?(?:\(c\)|©)")  # whose it is
_WORD_JOINT = re.compile(r"\s?[-_/,+&|(\[·]?\s?(?<=[\W_])")
_FURTHER = re.compile(r"[\s_/,+&|(\[·-]{1,3}((?:by|nc|nd|sa)(?:[\s_/+,&.|-]{0,3}(?:by|nc|nd|sa))*)(?![^\W_])")
_BESIDE = re.compile(r"[)\]]?\s?(?:[;:·•|\\={}+&]|and|und|y|et|e|plus)\s?((?:nd|sa)(?:[\s_/,-]?(?:nd|sa))?)(?![^\W_])")
_NAME_END = re.compile(r"\s*(?:\Z|[).,;:\]|\"'/(-]|v?\.?\d)")
_STOPPED = re.compile(r"[:.]")  # Cc: by email
_PORT = re.compile(r"[\s_/(-]{1,2}([a-z]{2,8})(?![a-z0-9])")
_AMBIGUOUS = frozenset({"in", "no", "it", "at", "de", "es", "se", "my"})  # words, too, unless nothing follows
_ENDS_PORT = re.compile(r"\s*(?:\Z|[^\s\w]|licen|lizen)")
_PORTS = frozenset(code for version in ("1.0", "2.0", "2.1", "2.5", "3.0") for code in ports(version))
_MEASURE = re.compile(r"(?<!\d)\d{1,3}(?:[.,]\d+)? ?\Z")  # 10 cc by injection
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE)
_IDENTIFIER = re.compile(r"(?:info|urn|https?|doi|hdl|orcid|isni|viaf|mailto):\S")  # whose the rights are: no word
_JOINT = re.compile(r"\s?[-_,/(]\s?|[·・•∙◦*~、،]|(?=[^\W\d_])")


class Chain(NamedTuple):
    """A run of elements: what it says, and where it stands in the cleaned text."""

    elements: frozenset[str]
    version: str | None
    port: str | None
    start: int
    end: int
    is_code: bool
    understood: bool


def of_code(text: str) -> License | None:
    """Read a value that is one code: cc_by_nc_4, CC-BY-NC-ND-3.0-DE, ccbyncnd, cc0."""
    match = _EPRINTS.fullmatch(text)
    if match:
        version = "4.0" if match[2] else None
        one = creative_commons(match[1].split("_"), version)
        return one if version else one._replace(hint="3.0")
    match = _LOOSE.fullmatch(text)
    if match:
        return creative_commons(re.findall("by|nc|nd|sa", match[1]), _version(match[2], match[3]))
    match = _CODE.match(text)
    chain = _of_match(match, text, *_elements(match, text)) if match else None
    if chain is not None and chain.end == len(text) and "by" in chain.elements:
        return creative_commons(chain.elements, chain.version, chain.port)
    return next((one for one in others().values() if one.family == "cc0" and text in {"cc0", "cc0-1.0"}), None)


def is_eprints(text: str) -> bool:
    """Tell a code as EPrints writes it."""
    return _EPRINTS.fullmatch(text) is not None


def find(text: str, marked: bool) -> Iterator[Chain]:
    """Yield the codes in a cleaned text; `marked`: it speaks of Creative Commons somewhere."""
    if "by" not in text and "cc" not in text:
        return
    for match in _CODE.finditer(text):
        elements, end = _elements(match, text)
        if _counts(match, text, elements, marked):
            yield _of_match(match, text, elements, end)
    for match in _LOOSE.finditer(text):
        if len(match[1]) > 2 and not re.search(r"[\s_-]", match[1]):
            parts = frozenset(re.findall("by|nc|nd|sa", match[1]))
            yield Chain(parts, _version(match[2], match[3]), None, match.start(), match.end(), True, True)


def _version(major: str | None, minor: str | None) -> str | None:
    return f"{major}.{minor or '0'}" if major else None


def _elements(match: re.Match[str], text: str) -> tuple[frozenset[str], int]:
    """Give the elements of a code, those in words behind it included (`CC BY-NonCommercial`), and where they end."""
    found = set(re.findall("by|nc|nd|sa", match["parts"]))
    end = match.end("parts")
    if match["v"]:
        more, end = further(text, match.end("v")) or _beside(text, match.end("v"))
        return frozenset(found | more), end
    pattern, meanings = phrases.elements()
    at = end
    while (joint := _WORD_JOINT.match(text, at)) and (word := pattern.match(text, joint.end())):
        more = meanings[phrases.joined(word[0])]
        if "by" in more or word[0].endswith(" use"):  # "CC BY, non-commercial use only" is a sentence, no name
            break
        found |= more
        at = word.end()
    if at == end or not ends_name(text, at):
        more, end = _beside(text, end)
        return frozenset((*re.findall("by|nc|nd|sa", match["parts"]), *more)), end
    return frozenset(found), at


def _beside(text: str, at: int) -> tuple[frozenset[str], int]:
    """Read ND and SA that stand apart: the `; ND` of `CC BY-NC; ND`. Never NC, which would open the way to a flag."""
    match = _BESIDE.match(text, at)
    if match is None or not ends_name(text, match.end()):
        return frozenset(), at
    return frozenset(re.findall("nd|sa", match[1])), match.end()


def further(text: str, at: int) -> tuple[frozenset[str], int] | None:
    """Read elements that go on as a code behind a name: the `-NC-ND 4.0` of `Attribution-NC-ND 4.0`."""
    match = _FURTHER.match(text, at)
    if match is None or not ends_name(text, match.end()):
        return None
    return frozenset(re.findall("by|nc|nd|sa", match[1])), match.end()


def ends_name(text: str, at: int) -> bool:
    """Tell whether a name may end here: no word follows that could change what was read, as in `- SA Government`."""
    return _NAME_END.match(text, at) is not None or any(
        phrases.words(kind).match(text, at + 1) for kind in ("passing", "marker") if text[at : at + 1] == " "
    )


def _counts(match: re.Match[str], text: str, elements: frozenset[str], marked: bool) -> bool:
    if match["cc"] is None:
        return _counts_bare(match, text, marked)
    if "by" not in elements:
        return len(text) < 60 and not phrases.SEPARATORS.sub("", text[: match.start()] + text[match.end() :])
    if _STOPPED.search(match["open"]) and " " in match["parts"] and not ends_name(text, match.end()):
        return False
    alone = len(elements) == 1 and not match["v"]
    if not alone:
        return True
    if match["cc"].startswith("creative"):
        return _ends_name(match, text)
    return (
        not _STOPPED.search(match["open"]) and _MEASURE.search(text[max(0, match.start() - 12) : match.start()]) is None
    )


def _counts_bare(match: re.Match[str], text: str, marked: bool) -> bool:
    """`By NC State`, `by NC Press`: without CC only a whole value counts, or a code in brackets after a name; its elements must be joined."""
    if re.fullmatch(r"by(?:[-_/](?:nc|nd|sa))+[)\]]?", match["parts"]) is None:
        return False
    head = text[: match.start("parts")]
    if len(text) < 60 and phrases.is_passing(head) and phrases.is_passing(text[match.end() :]):
        return True
    if marked and phrases.close_to_marker(text, match.start("parts")):
        return True
    in_brackets = head[-60:].rstrip().endswith(("(", "[", "license", "licence"))
    return in_brackets and (marked or phrases.elements()[0].search(head[-60:]) is not None)


def _ends_name(match: re.Match[str], text: str) -> bool:
    """`Creative Commons by John` is a person's; `(Creative Commons BY).` and `Creative Commons BY licence` are names."""
    after = re.compile(r"\s?(?:[).,;\]]|\Z|licen[sc]|lizenz)").match(text, match.end())
    return after is not None or "(" in match["open"]


def _of_match(match: re.Match[str], text: str, elements: frozenset[str], end: int) -> Chain:
    version = _version(match["major"], match["minor"])
    if version is None and (later := _LATER_VERSION.match(text, end)):
        version, end = f"{later[1]}.{later[2]}", later.end()
    port = None
    if version is not None:
        port, end = port_after(text, end)
    understood = version is not None or not has_odd_tail(text, end)
    return Chain(elements, version, port, match.start(), end, True, understood)


def port_after(text: str, end: int) -> tuple[str | None, int]:
    """Give the port that stands behind a version, as a code or by its country's name, and where it ends."""
    skipped = phrases.SEPARATORS.match(text, end)
    named = phrases.country_at(text, skipped.end() if skipped else end)
    place = _PORT.match(text, end)
    if named is not None and (place is None or named[1] >= place.end()):
        return named
    if place and place[1] in _PORTS and (place[1] not in _AMBIGUOUS or _ENDS_PORT.match(text, place.end())):
        return place[1], place.end()
    return None, end


def has_odd_tail(text: str, end: int) -> bool:
    """The unparsed-tail rule: a word joined to the elements that is no element, version, port or passing word."""
    if _MARK.match(text, end):
        return False
    joint = _JOINT.match(text, end)
    if joint is None:
        return text[end : end + 1] == " " and _may_limit(text, end + 1)
    at = joint.end()
    if at == len(text) and joint[0] in _TIGHT:
        return True  # cut off: more may have stood there
    if _WORD.match(text, at) is None or _IDENTIFIER.match(text, at):
        return False
    if phrases.words("passing").match(text, at) or phrases.words("marker").match(text, at):
        return False
    is_open = text.startswith("open", at)  # CC BY-NC/Open Access
    is_prose = is_open or (joint[0] not in _TIGHT and phrases.words("prose").match(text, at) is not None)
    if is_prose and _DENIAL.match(text, at) is None:
        return False
    if phrases.country_at(text, at) or phrases.elements()[0].match(text, at):
        return False
    return not _CODE.match(text, at)


def _may_limit(text: str, at: int) -> bool:
    """Tell whether words right behind the elements may be ND or SA in a form that no table has."""
    is_odd = _DENIAL.match(text, at) is not None or _STEM.match(text, at) is not None
    return is_odd and phrases.elements()[0].match(text, at) is None
