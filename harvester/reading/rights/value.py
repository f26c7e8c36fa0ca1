"""One rights value read by all rules: what it says of the licence, the access and an embargo. Pure and cached.

cleaned value -> addresses -> codes and names -> table names -> access terms -> embargo -> Said, Said, ...
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from harvester.reading.rights import codes, commons, embargo, listed, names, phrases, terms, urls
from harvester.reading.rights.clean import Cleaned, clean
from harvester.reading.rights.guards import (
    is_denied_behind,
    is_for_metadata,
    is_negated,
    is_not_in_force,
    speaks_of_a_part,
    speaks_of_metadata,
)
from harvester.reading.rights.licenses import CREATIVE_COMMONS, UNSPECIFIED, License, creative_commons
from harvester.reading.rights.starts import start_of
from harvester.reading.rights.tables import table

_NO_LICENCE = re.compile(
    r"(?:no|none|without)(?: (?:a |any )?(?:creative commons )?licen[sc]es?(?: applies| stated| given| specified| information)?)?|none stated|n/?a|not (?:applicable|specified|stated|available|known)|other \(not open\)|other-closed|licen[sc]e not specified|notspecified|unspecified|unknown|undefined|keine|keine lizenz|ninguna|aucune|sans licence|-"
)
_RESERVED = re.compile(
    r"all rights? (?:are )?reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati|все права защищены|wszelkie prawa zastrzeżone|版权所有|無断転載|alle rechten voorbehouden|©|\(c\)|copyright|urheberrecht|droits d'auteur|derechos de autor|direitos autorais|著作権"
)
_NC_PROSE = re.compile(
    r"non-? ?commercial|not for (?:commercial|profit)|no commercial|nicht[- ]?kommerziell|no comercial|não comercial|non commerciale?|pas d'utilisation commerciale|некоммерческ|非営利|非商业"
)
_UNLIMITED = frozenset({"by", "by-nc"})
_LONGEST_STATEMENT = 600  # characters: a longer text may well speak of other licences, too
_SOME_OTHER = frozenset(
    {"other", "other licence", "other license", "other (open)", "other-open", "other (attribution)", "other-at"}
)  # EPrints, DataCite and Figshare forms
_NEAR = 120  # characters before a match in which a denial or a condition can stand
_MOST = 40  # statements of one kind that are taken from one value
_LISTED_RULES = {
    "rights-statement": "rights-statement-label",
    "public-domain": "public-domain",
    "software": "software-licence",
}


class Said(NamedTuple):
    """One thing that a value says. `opens` is how surely a licence means openness; `void` why it does not count."""

    subject: str  # license, access, embargo
    rule: str
    confidence: float
    license: License | None = None
    access: str | None = None
    first_open_day: str | None = None
    opens: float | None = None
    void: str | None = None
    start: str | None = None  # the day from which the licence is in force, where the value names one


class Reading(NamedTuple):
    """All that a value says; `issues` are codes, `nc_terms` non-commercial terms outside a licence."""

    said: tuple[Said, ...]
    issues: tuple[str, ...] = ()
    nc_terms: bool = False


@lru_cache(maxsize=65_536)
def read_value(value: str) -> Reading:
    """Read a value of a rights, licence or access element."""
    cleaned = clean(value)
    if not cleaned.text and not cleaned.links:
        return Reading(())
    said = [*_licenses(cleaned), *_access(cleaned)]
    issues = [one.license.issue for one in said if one.license is not None and one.license.issue]
    nc = _NC_PROSE.search(cleaned.text) is not None
    chosen = [one.license for one in said if one.license is not None and one.void is None]
    has_nc = any(one.nc for one in chosen)
    if nc and chosen and not has_nc:
        issues.append("nc_proviso")
    if not said:
        said = _nothing(cleaned, nc)
        if (
            urls.is_address(cleaned.text)
            and said[0].rule == "unread"
            and re.search(r"licen[sc]e|rights|copyright|terms", cleaned.text)
        ):
            issues.append("unknown_license_url")
    return Reading(tuple(said), tuple(dict.fromkeys(issues)), nc and not has_nc)


@lru_cache(maxsize=65_536)
def read_address(value: str) -> Reading:
    """Read a value of an element in which only an address counts (rights.md section 2, X)."""
    cleaned = clean(value)
    said = [one for one in _by_address(cleaned) if one.license is not None and _counts_in_x(one.license)]
    return Reading(tuple(one._replace(confidence=0.6, opens=0.5 if one.opens else None) for one in said))


def _counts_in_x(license_: License) -> bool:
    return license_.family in CREATIVE_COMMONS or license_.family in {"ogl", "rights-statement"}


def _licenses(cleaned: Cleaned) -> Iterator[Said]:
    text = cleaned.text
    if text in _SOME_OTHER:
        yield Said("license", "eprints-code", 0.5, void="it says that there is a licence, but not which")
        return
    if _NO_LICENCE.fullmatch(text.strip(" .")):
        yield Said("license", "no-licence", 0.9, void="the value says that there is no licence")
        return
    found = list(_by_address(cleaned))
    yield from found
    bare = _without_addresses(text) if found else text
    named = list(_by_name(bare))
    yield from named
    yield from _limited(bare, [*found, *named])
    tabled = list(_by_table(bare, bool(found or named)))
    yield from tabled
    if not (found or named or tabled):
        yield from _unspecific(bare)


def _by_address(cleaned: Cleaned) -> Iterator[Said]:
    for text in (cleaned.text, *cleaned.links):
        for one in islice(urls.find(text), _MOST):
            void, start = _void(text, one.start, one.end), start_of(text, one.start, one.end)
            yield Said("license", one.rule, 0.95, one.license, opens=_opens(one.license), void=void, start=start)


def _by_name(text: str) -> Iterator[Said]:
    code = codes.of_code(text) if codes.is_eprints(text) else None
    if code is not None:
        yield Said("license", "eprints-code", 0.85, code, opens=0.6)
        return
    for chain in islice(names.find(text), _MOST):
        license_ = names.license_of(chain)
        rule = "unparsed-name" if not chain.understood else "cc-code" if chain.is_code else "cc-name"
        yield Said(
            "license",
            rule,
            0.5 if not chain.understood else 0.9,
            license_,
            opens=0.75,
            void=_void(text, chain.start, chain.end),
            start=start_of(text, chain.start, chain.end),
        )


def _limited(text: str, stated: list[Said]) -> Iterator[Said]:
    """A licence without ND and SA in a value that states one of them elsewhere: the narrower licence is a candidate, too."""
    open_ones = [
        one for one in stated if one.license is not None and one.void is None and one.license.family in _UNLIMITED
    ]
    if not open_ones or len(text) > _LONGEST_STATEMENT:
        return
    elements, at = names.limits(text)
    if not elements or _void(text, at) is not None:
        return
    for one in open_ones:
        known = one.license or UNSPECIFIED
        narrower = creative_commons(
            {*known.family.split("-"), "nd" if "nd" in elements else "sa"}, known.version, known.jurisdiction
        )
        if narrower.family not in {other.license.family for other in stated if other.license is not None}:
            yield one._replace(rule="cc-limit", confidence=0.7, license=narrower)


def _by_table(text: str, found: bool) -> Iterator[Said]:
    one = listed.whole(text) or listed.statement(text)
    if one is not None:
        rule = _LISTED_RULES.get(one.family, "license-name")
        yield Said(
            "license", rule, 0.9 if rule in {"license-name", "software-licence"} else 0.7, one, opens=_opens(one)
        )
        return
    met = False
    for license_, start, end in islice(listed.inside(text), _MOST):
        void = _void(text, start, end)
        met = met or void is None
        yield Said("license", "license-name", 0.85, license_, opens=_opens(license_), void=void)
    unprotected = None if found or met else commons.find(text)
    if unprotected is not None:
        yield Said("license", "public-domain", 0.7, unprotected.license, opens=0.6, void=unprotected.void)


def _unspecific(text: str) -> Iterator[Said]:
    """Creative Commons is named, but not which licence."""
    text = _without_addresses(text)
    match = re.search(r"creative ?commons|クリエイティブ|知识共享|知識共享|(?<![a-z0-9])cc(?![a-z0-9])", text)
    if match is None or (match[0] == "cc" and not _lone_cc(text)):
        return
    yield Said("license", "cc-unspecified", 0.6, UNSPECIFIED, opens=0.6, void=_void(text, match.start()))


def _lone_cc(text: str) -> bool:
    return re.fullmatch(r"(?:open access |licen[sc]e |licensed under )?\(?cc\)?(?: licen[sc]e)?[ .]*", text) is not None


def _opens(license_: License) -> float | None:
    if license_.family in {"by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd"}:
        return 0.75
    if license_.family == "software":
        return 0.75
    if license_.family == "cc-other" and license_.url is None and license_.id not in table("licenses"):
        return 0.6
    row = table("licenses").get(license_.id)
    return None if row is None else row.get("opens")


def _void(text: str, start: int, end: int | None = None) -> str | None:
    near = text[max(0, start - _NEAR) : start]
    if is_negated(phrases.without_elements(near), len(near)) or (end is not None and is_denied_behind(text, end)):
        return "the sentence denies it"
    if speaks_of_metadata(text, start, end) or (end is not None and is_for_metadata(text, end)):
        return "it is the licence of the metadata, not of the work"
    if speaks_of_a_part(text, start):
        return "it is the licence of a part, not of the work"
    if is_not_in_force(near, text[end : end + _NEAR] if end is not None else ""):
        return "it is not in force: the sentence says what may be, will be or can be asked for"
    return None


_ADDRESSES = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:/[^\s<>\"']*)?")


def _without_addresses(text: str) -> str:
    return " ".join(_ADDRESSES.sub(" ", text).split())


def _access(cleaned: Cleaned) -> Iterator[Said]:
    text = cleaned.text
    term = terms.whole(text)
    if term is not None:
        yield Said("access", term.rule, term.confidence, access=term.access)
        return
    if terms.is_denied(text):
        return
    end = embargo.of_date(text) or embargo.of_prose(text)
    less = terms.is_of_less(text) or (end is not None and end.first_open_day is None)
    for one in terms.inside(text):
        yield Said("access", one.rule, one.confidence, access=one.access)
    for one in terms.at_an_end(text):
        if not (less and one.access == "open"):
            yield Said("access", one.rule, one.confidence, access=one.access)
    if end is not None:
        yield Said("embargo", end.rule, end.confidence, first_open_day=end.first_open_day)
    for one in terms.prose(text):
        if not (end is not None and one.access == "restricted") and not (less and one.access == "open"):
            yield Said("access", one.rule, one.confidence, access=one.access)


def _nothing(cleaned: Cleaned, nc: bool) -> list[Said]:
    """A value that gives nothing: copyright lines and non-commercial prose are understood as such."""
    if nc:
        return [Said("license", "nc-prose", 0.5, void="non-commercial words without a Creative Commons licence")]
    if _RESERVED.search(cleaned.text):
        return [Said("license", "copyright-line", 0.5, void="a copyright line grants and closes nothing")]
    return [Said("license", "unread", 0.0, void="no rule understands the value")]
