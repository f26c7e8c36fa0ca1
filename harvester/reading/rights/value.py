"""One rights value read by all rules: what it says of the licence, the access and an embargo. Pure and cached.

cleaned value -> addresses -> codes and names -> table names -> access terms -> embargo -> Said, Said, ...
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from harvester.reading.rights import embargo, names, terms, urls
from harvester.reading.rights.clean import Cleaned, clean, fold
from harvester.reading.rights.guards import is_negated, speaks_of_metadata
from harvester.reading.rights.licenses import CREATIVE_COMMONS, UNSPECIFIED, License, others, plain, software
from harvester.reading.rights.tables import table

_NO_LICENCE = re.compile(
    r"(?:no|none|without)(?: (?:a |any )?(?:creative commons )?licen[sc]es?(?: applies| stated| given| specified| information)?)?|none stated|n/?a|not (?:applicable|specified|stated|available|known)|other \(not open\)|unspecified|unknown|undefined|keine|keine lizenz|ninguna|aucune|sans licence|-"
)
_RESERVED = re.compile(
    r"all rights? (?:are )?reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati|все права защищены|wszelkie prawa zastrzeżone|版权所有|無断転載|alle rechten voorbehouden|©|\(c\)|copyright|urheberrecht|droits d'auteur|derechos de autor|direitos autorais|著作権"
)
_NC_PROSE = re.compile(
    r"non-? ?commercial|not for (?:commercial|profit)|no commercial|nicht[- ]?kommerziell|no comercial|não comercial|non commerciale?|pas d'utilisation commerciale|некоммерческ|非営利|非商业"
)
_PUBLIC_DOMAIN = re.compile(
    r"(?:(?:is|are|now|being|objects?|works?|items?|images?) (?:\([^)]*\) )?(?:considered (?:to be )?|believed to be )?(?:in|part of|within) the public domain|is (?:a )?public domain|\Apublic domain\b(?! (?:before|prior|until|in some))|out of copyright|copyright (?:has |is )?expired|(?:is|are) not (?:protected|restricted|covered) by copyright|no longer (?:protected by|in|under) copyright|free of (?:known )?copyright restrictions|no known (?:u\.?s\.? )?copyright restrictions?)"
)
_US_WORK = re.compile(
    r"works? of the (?:u\.?s\.?|united states)\.? (?:federal )?government|copyright protection is not available for this work|u\.?s\.? government works?|not (?:subject to|protected by) copyright (?:protection )?in the united states|public domain in the (?:u\.?s\.?a?|united states)|17 u\.?s\.?c\.? (?:section |§ ?)?105"
)
_CONDITION = re.compile(
    r"(?:prior to|before|until|after|since|during or after|earlier than|older than) (?:\w+ ){0,3}\d{4}|\bif (?:the|it|this)\b"
)
_MAY_BE = re.compile(
    r"(?:may|can|could|will|shall|might) be (?:\w+ ){0,3}(?:licen[sc]ed|granted|released|made available)|\bafter \d{4}\b|\bfrom \d{4}(?:-\d\d-\d\d)? (?:on|under)"
)


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
    if _NO_LICENCE.fullmatch(text.strip(" .")):
        yield Said("license", "no-licence", 0.9, void="the value says that there is no licence")
        return
    found = list(_by_address(cleaned))
    yield from found
    bare = _without_addresses(text) if found else text
    named = list(_by_name(bare))
    yield from named
    listed = list(_by_table(bare, bool(found or named)))
    yield from listed
    if not (found or named or listed):
        yield from _unspecific(bare)


def _by_address(cleaned: Cleaned) -> Iterator[Said]:
    for text in (cleaned.text, *cleaned.links):
        for one in urls.find(text):
            void = _void(text, one.start)
            opens = _opens(one.license)
            yield Said("license", one.rule, 0.95, one.license, opens=opens, void=void)


def _by_name(text: str) -> Iterator[Said]:
    code = names.of_code(text)
    if code is not None and text.startswith("cc_"):
        yield Said("license", "eprints-code", 0.85, code, opens=0.6)
        return
    for chain in names.find(text):
        license_ = names.license_of(chain)
        rule = "unparsed-name" if not chain.understood else "cc-code" if chain.is_code else "cc-name"
        yield Said(
            "license", rule, 0.5 if not chain.understood else 0.9, license_, opens=0.75, void=_void(text, chain.start)
        )


@cache
def _table_names() -> tuple[dict[str, str], re.Pattern[str]]:
    whole: dict[str, str] = {}
    inside: dict[str, str] = {}
    for name, row in table("licenses").items():
        for word in row.get("names", ()):
            whole[fold(word)] = name
            if row.get("inside"):
                inside[fold(word)] = name
    ordered = sorted(inside, key=len, reverse=True)
    pattern = r"(?<![\w])(?:" + "|".join(re.escape(word) for word in ordered) + r")(?![\w]|\.\d)"
    return whole, re.compile(pattern)


def _by_table(text: str, found: bool) -> Iterator[Said]:
    whole, inside = _table_names()
    trimmed = re.sub(r"\s*(?:licen[sc]e|international|universal)\.?\Z", "", text.strip(" .;,()[]\"'"))
    name = whole.get(text.strip(" .;,()[]\"'")) or whole.get(trimmed)
    if name is not None:
        license_ = others()[name]
        rule = {"rights-statement": "rights-statement-label", "public-domain": "public-domain"}.get(
            license_.family, "license-name"
        )
        yield Said("license", rule, 0.7 if rule != "license-name" else 0.9, license_, opens=_opens(license_))
        return
    spdx = software().get(plain(text.strip(" .;")))
    if spdx is not None:
        yield Said("license", "software-licence", 0.9, others()[spdx], opens=0.75)
        return
    for match in inside.finditer(text):
        license_ = others()[whole[match[0]]]
        yield Said("license", "license-name", 0.85, license_, opens=_opens(license_), void=_void(text, match.start()))
    if not found:
        yield from _public_domain(text)


def _public_domain(text: str) -> Iterator[Said]:
    for pattern, name in ((_US_WORK, "LicenseRef-PublicDomain-US"), (_PUBLIC_DOMAIN, "LicenseRef-PublicDomain")):
        match = pattern.search(text)
        if match is not None:
            license_ = others()[name]
            negated = is_negated(text, match.start()) or "not in the public domain" in text
            void = "the sentence denies it" if negated else None
            if speaks_of_metadata(text, match.start()):
                void = "it speaks of the metadata"
            if _CONDITION.search(text[max(0, match.start() - 80) : match.end() + 30]):
                void = "only under a condition that nothing says this item meets"
            yield Said("license", "public-domain", 0.7, license_, opens=0.6, void=void)
            return


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
    row = table("licenses").get(license_.id)
    return None if row is None else row.get("opens")


def _void(text: str, start: int) -> str | None:
    if is_negated(names.without_elements(text[:start]), start):
        return "the sentence denies it"
    if speaks_of_metadata(text, start):
        return "it is the licence of the metadata, not of the work"
    before = text[max(0, start - 80) : start]
    if _MAY_BE.search(before):
        return "it is not in force: the sentence says what may be or will be"
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
    end = embargo.of_date(text) or embargo.of_prose(text)
    if end is not None:
        yield Said("embargo", end.rule, end.confidence, first_open_day=end.first_open_day)
    for one in terms.prose(text):
        if not (end is not None and one.access == "restricted"):
            yield Said("access", one.rule, one.confidence, access=one.access)


def _nothing(cleaned: Cleaned, nc: bool) -> list[Said]:
    """A value that gives nothing: copyright lines and non-commercial prose are understood as such."""
    if nc:
        return [Said("license", "nc-prose", 0.5, void="non-commercial words without a Creative Commons licence")]
    if _RESERVED.search(cleaned.text):
        return [Said("license", "copyright-line", 0.5, void="a copyright line grants and closes nothing")]
    return [Said("license", "unread", 0.0, void="no rule understands the value")]
