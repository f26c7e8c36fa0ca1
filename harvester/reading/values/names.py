"""Creators and contributors: split only where it is certain, classified, ORCID read (dublin-core.md section 6)."""

import re
from functools import lru_cache
from typing import NamedTuple

from harvester.reading.patterns import late
from harvester.reading.values.checks import is_orcid
from harvester.reading.values.text import match_key

_ORCID = re.compile(
    r"\s*[\[(<,;:]*\s*(?:orcid(?:\s*i?d)?\s*[:=]?\s*)?(?:https?://)?(?:www\.)?(?:orcid\.org/|::)?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx])\s*[\])>]*",
    re.IGNORECASE,
)
_APART = re.compile(
    r";(?!\s*(?:orcid|https?://(?:www\.)?orcid|\d{4}-\d{4}-\d{4}-))| \| ", re.IGNORECASE
)  # an ORCID is nobody
_AND_OTHERS = re.compile(r"(?i)et\.? al\.?|and others|u\. ?a\.")
_BY_AND = r",?\s+(?:and|&|und|et)\s+|,\s*"
_INITIALS_FIRST = r"(?:[A-Z]\.[ -]?){1,4}[^\W\d_][\w'’-]+"  # J. Smith
_PAIRS = r"(?:[^\W\d_][\w'’-]+, (?:[^\W\d_]\.[ -]?){1,3}(?:, |\Z)){2,}"  # Smith, J., Doe, A.
_PAIR = r"([^\W\d_][\w'’-]+, (?:[^\W\d_]\.[ -]?){1,3})(?:, |\Z)"
_CHINESE = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾"  # families of one sign
_HAN = (
    rf"[{_CHINESE}][\u4e00-\u9fff]{{2}}[,，、][{_CHINESE}][\u4e00-\u9fff]{{2}}"
    r"|[\u4e00-\u9fff]{2,4}(?:[,，、][\u4e00-\u9fff]{2,4}){2,}"
)
_ODD_ORCID = re.compile(r"\borcid\b", re.IGNORECASE)
_SUFFIX = re.compile(r",?\s+(Jr\.?|Sr\.?|II|III|IV|M\.?\s?D\.?|Ph\.?\s?D\.?|Dr\.?|Esq\.?)\s*\Z")
# (promotor), (author): what someone did, not what they are called
_ROLE = re.compile(r"\s*,?\s*\([^()\d]{2,40}\)[\s.]*\Z")
# Families that are words of organisations, too: Press, William H. and Church, Alonzo are persons.
_SURNAME_TOO = re.compile(
    r"(?:Press|Church|Bank|College|School|Union|Club|Board|Group|Team), [A-Z][\w'’-]+(?: [A-Z]\.?)?\Z"
)
_DATES = re.compile(r",?\s*\(?((?:b\.|d\.|ca\.?|fl\.)?\s*1\d{3}\??\s*-\s*(?:\d{4}\??)?|-\d{4})\)?\s*\.?\Z")
_ROLE_BEHIND = re.compile(
    r"(-(?:\d{4}\??)?\)?)[.,] [^\W\d_][^\d,;]{2,40}\Z"
)  # behind a catalogue's dates: `1802-1885, author`
_WORD_END = re.compile(r"([^\W\d_]{3,})\.\Z")  # the stop of a catalogue, not of an initial
_INITIALS_NAME = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2} [A-Z](?:[. -]{0,2}[A-Z]){0,3}\.?\Z")
_CYRILLIC = re.compile(r"([А-ЯЁІЇЄҐ][\w'’-]+)\s+((?:[А-ЯЁІЇЄҐ]\.\s?){1,3})\Z")
_ORGANISATION_WORDS = (
    r"\b(?:universit(?:y|ies|ät|é|à|eit|et|y's)|universidad\w*|università|institut\w*|collaboration|department|dept|committee|group|team|college|school|centre|center|council|agency|"
    r"ministry|office|society|association|library|laborator\w+|museum|corporation|inc|ltd|gmbh|company|commission|consortium|network|foundation|academy|bureau|board|project|survey|federation|government|press|hospital|observatory|division|faculty|bank|union|organi[sz]ation|service|services|administration|archives?|church|club|program(?:me)?|task force|working party|studio|publishers?|verlag|district|bros|photographers|army|navy|authority|community|hochschule|école|ecole|faculté|facultad|faculdade|fakultät|istituto|ministerio|ministère|ministério|académie|academia|akademie|gesellschaft|verein|stiftung|sociedad|sociedade|società|société|fundación|fundação|fondation|fondazione|asociación|associação|association|laboratoire|museo|musée|departamento|département|bundesministerium|universitätsbibliothek|staatsbibliothek|landesbibliothek|nationalbibliothek|universitas|biblioteca|bibliothèque|bibliothek|consejo|conselho|comité|comisión|comissão|politecnico|universitet\w*|uniwersytet\w*|univerzit\w*|egyetem|yliopisto|üniversitesi|университет\w*|институт\w*|академия|министерство|university)\b|\(firm\)"
)
_ORGANISATION = f"(?i){_ORGANISATION_WORDS}"
_ORGANISATION_IN_LOWER_CASE = re.compile(_ORGANISATION_WORDS)
# Dietrich-Smith, O'Neil or McCleary; Anna, Anna M., John-Paul Smith, or J.-P., J. P. or JP; in letters of ASCII.
_PLAIN_FAMILY = re.compile(r"[A-Z][A-Za-z]*(?:['-][A-Z][A-Za-z]*)*")
_PLAIN_GIVEN = re.compile(
    r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?: [A-Z][a-z]+)?(?: [A-Z]\.?)?|[A-Z]\.(?:[ -]?[A-Z]\.){0,3}|[A-Z]{1,3}"
)
_LONGEST_PLAIN = 100  # characters
_LONGEST = 5_000  # characters
_SUFFIX_ENDS = "rIVDq."  # what the last letter of a suffix may be
_new = tuple.__new__


class Person(NamedTuple):
    """One name of a value."""

    name: str
    family: str | None
    given: str | None
    suffix: str | None
    dates: str | None
    kind: str  # person organisation unknown
    orcid: str | None
    match_key: str | None


class People(NamedTuple):
    """The names of a value and the issues met."""

    people: tuple[Person, ...]
    issues: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=32_768)  # people write more than one item: half of all names are met again
def read(text: str) -> People:
    """Read one cleaned creator or contributor value."""
    one = plain(text)
    if one is not None:
        return People((one,))
    if len(text) > _LONGEST:
        return People((_named(text[:_LONGEST], None),), (("creator_long", f"{len(text)} characters"),))
    parts = _split(text)
    issues: list[tuple[str, str]] = []
    if len(parts) > 1:
        issues.append(("creator_split", text[:200]))
    if _is_with_affiliation(parts):
        parts = parts[:1]
    people = []
    for part in parts:
        if len(parts) > 1 and _AND_OTHERS.fullmatch(part):
            continue
        name, orcid, issue = _without_orcid(part)
        if issue:
            issues.append((issue, part[:200]))
        if name:
            people.append(_named(name, orcid))
    return People(tuple(people), tuple(issues))


def plain(text: str) -> Person | None:
    """Read `Family, Given`, the shape of most names, past all questions that it answers by itself; None for any other."""
    if len(text) > _LONGEST_PLAIN:
        return None
    family, comma, given = text.partition(", ")
    folded = _plain_family(family) if comma else None
    initial = _plain_given(given) if folded else None
    if initial is None:
        return None
    person: Person = _new(Person, (text, family, given, None, None, "person", None, f"{folded} {initial}"))
    return person


@lru_cache(maxsize=16_384)  # names are new, what they consist of is not
def _plain_family(part: str) -> str | None:
    """Give a plain family name folded; None where it is none."""
    folded = part.lower()
    return None if _PLAIN_FAMILY.fullmatch(part) is None or _is_none_of_a_person(folded) else folded


@lru_cache(maxsize=16_384)
def _plain_given(part: str) -> str | None:
    """Give the folded initial of a plain given name; None where it is none, or ends with what may be a suffix."""
    folded = part.lower()
    if _PLAIN_GIVEN.fullmatch(part) is None or _is_none_of_a_person(folded):
        return None
    return None if part[-1] in _SUFFIX_ENDS and _SUFFIX.search(f" {part}") else folded[0]


def _is_none_of_a_person(folded: str) -> bool:
    return "orcid" in folded or _ORGANISATION_IN_LOWER_CASE.search(folded) is not None


def _split(text: str) -> list[str]:
    """Split on ; and | always; on commas only if every piece is a surname with initials or a full name."""
    if ";" in text or " | " in text:
        parts = [part.strip(" ,") for part in _APART.split(text)]
        return [part for part in parts if re.search(r"\w", part) and not re.fullmatch(r"/[^/]*/?", part)]
    if " & " in text or " and " in text:
        halves = re.split(r",?\s+(?:&|and)\s+", text)
        if len(halves) > 1 and all(re.fullmatch(r"[^,]+, [^,]+", half) for half in halves):
            return halves
    several = _several(text)
    if several:
        return several
    if "," in text:
        pieces = [piece for part in text.split(",") if (piece := part.strip())]
        # Names of several people have a space in every piece; `Family, Given` is told by its first piece alone.
        if (
            len(pieces) > 1
            and " " in pieces[0]
            and (all(_INITIALS_NAME.match(p) for p in pieces) or _all_full_names(pieces, text))
        ):
            return pieces
    return [text]


def _several(text: str) -> list[str]:
    """Split names that can be told apart by their shape alone: `SMITH J., DOE A. and ROE B.`, `Smith, J., Doe, A.`, `王小明,李大明`."""
    if re.search(r"\. ?,|\s(?:and|&|und|et)\s|[\u4e00-\u9fff][,，、]", text) is None:
        return []
    if late(_PAIRS).fullmatch(text):
        return late(_PAIR).findall(text)
    if late(_HAN).fullmatch(text):
        return re.split("[,，、]", text)
    pieces = [piece for piece in late(_BY_AND).split(text) if piece]
    alike = [pattern for pattern in (_INITIALS_NAME, late(_INITIALS_FIRST)) if all(map(pattern.fullmatch, pieces))]
    return pieces if len(pieces) > 1 and alike else []


def _is_with_affiliation(parts: list[str]) -> bool:
    """Tell `Rúa Cardona, Alex; Universidad de Antioquia`, one person with their institution, as OJS prints every author."""
    if len(parts) != 2 or "," not in parts[0] or "," in parts[1]:
        return False
    if _ORCID.search(parts[0]):
        return True  # as Jisc's Publications Router writes one author
    return not _is_organisation(parts[0]) and _is_organisation(parts[1])


def _all_full_names(pieces: list[str], text: str) -> bool:
    """Three or more pieces of two or three words, none of them an organisation or a suffix: `A B , C D, E F`."""
    if len(pieces) < 3 or _is_organisation(text):
        return False
    return all(
        re.fullmatch(r"[^\W\d_][\w.'’-]*(?: (?:[a-z]{2,3} )?[^\W\d_][\w.'’-]*){1,3}", piece)
        and not _SUFFIX.search(f" {piece}")
        for piece in pieces
    )


def _without_orcid(text: str) -> tuple[str, str | None, str | None]:
    if "0000" not in text and "orcid" not in text.lower() and "0009" not in text:
        return text, None, None
    match = _ORCID.search(text)
    if match is None:
        return text, None, "orcid_invalid" if _ODD_ORCID.search(text) else None
    digits = match[1].replace("-", "").upper()
    if not is_orcid(digits):
        return text, None, "orcid_invalid"
    rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split()).strip(" ,;:")
    return rest, "-".join(digits[i : i + 4] for i in range(0, 16, 4)), None


def _is_organisation(text: str) -> bool:
    """In ASCII the lower case says the same, and is searched in a quarter of the time that ignoring the case takes."""
    if _SURNAME_TOO.match(text):
        return late(_ORGANISATION).search(text.partition(",")[2]) is not None
    if text.isascii():
        return _ORGANISATION_IN_LOWER_CASE.search(text.lower()) is not None
    return late(_ORGANISATION).search(text) is not None


def _named(text: str, orcid: str | None) -> Person:
    name = text.strip(" ,;")
    if "," not in name:
        return _without_comma(name, orcid)
    rest, dates = _ROLE.sub("", name) if ")" in name else name, None
    if _is_organisation(rest if "," in rest and "(firm)" not in name.lower() else name):
        return Person(name, None, None, None, None, "organisation", orcid, match_key(name))
    if "-" in rest:
        rest = _ROLE_BEHIND.sub(r"\1", rest)
        rest, dates = _take(_DATES, rest)
    rest, suffix = _without_suffix(rest)
    family, _, given = rest.partition(",")
    family, (given, late) = family.strip(), _without_suffix(f" {given.strip()}")
    given = given.strip(" ,")
    if given.endswith("."):
        given = _WORD_END.sub(r"\1", given)
    if not given:
        return Person(name, family or None, None, suffix or late, dates, "unknown", orcid, match_key(family))
    return Person(
        name, family, given, suffix or late, dates, "person", orcid, f"{match_key(family)} {match_key(given)[:1]}"
    )


def _without_suffix(text: str) -> tuple[str, str | None]:
    return _take(_SUFFIX, text) if text.rstrip()[-1:] in _SUFFIX_ENDS else (text, None)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    match = pattern.search(text)
    return (text, None) if match is None else (text[: match.start()], match[1].strip(" ,."))


def _without_comma(name: str, orcid: str | None) -> Person:
    if _is_organisation(name):
        return Person(name, None, None, None, None, "organisation", orcid, match_key(name))
    match = _CYRILLIC.match(name)
    if match:
        return Person(
            name,
            match[1],
            match[2].strip(),
            None,
            None,
            "person",
            orcid,
            f"{match_key(match[1])} {match_key(match[2])[:1]}",
        )
    if _INITIALS_NAME.match(name):
        family, _, given = name.rpartition(" ")
        return Person(name, family, given, None, None, "person", orcid, f"{match_key(family)} {match_key(given)[:1]}")
    return Person(name, None, None, None, None, "person" if orcid else "unknown", orcid, match_key(name))
