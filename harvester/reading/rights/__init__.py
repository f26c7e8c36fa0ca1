"""Rights: what a record's values say of its licence and its access, each verdict with its evidence.

fields -> readings of single values (cached) -> the licence chosen -> the access decided -> Verdict
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from harvester.reading.fields import Field
from harvester.reading.profile import Profile
from harvester.reading.rights.choose import Choice, choose
from harvester.reading.rights.decide import COAR, Access, decide
from harvester.reading.rights.elements import Everything, Read, read_all, shown, speaking, speaking_of, speaking_sets
from harvester.reading.rights.licenses import NC_FAMILIES
from harvester.reading.rights.value import Said, read_value
from mirror_db.model import Evidence, Issue

RULES_VERSION = "2026.11.6"


class Verdict(NamedTuple):
    """The rights of a record; names and meanings are those of the columns of `records`."""

    license: str | None = None
    spdx_id: str | None = None
    license_url: str | None = None
    license_family: str | None = None
    license_version: str | None = None
    license_version_hint: str | None = None
    license_jurisdiction: str | None = None
    license_start: str | None = None
    licenses_all: str | None = None
    next_license: str | None = None
    next_license_start: str | None = None
    access: str = "unknown"
    access_uri: str | None = None
    embargo_end: str | None = None
    is_open_access: int = 0
    is_cc_by_nc: int = 0
    is_nc_family: int = 0
    has_nc_terms: int = 0
    license_conflict: int = 0
    access_conflict: int = 0
    partial_open: int = 0
    oa_route: str | None = None
    license_confidence: float | None = None
    access_confidence: float | None = None
    next_change_on: str | None = None
    evaluated_on: str | None = None
    rules_version: str | None = None
    evidence: tuple[Evidence, ...] = ()
    issues: tuple[Issue, ...] = ()


def judge(statements: Sequence[Field], *, profile: Profile, today: date, deleted: bool = False) -> Verdict:
    """Judge a record by its values, sets included (as `setSpec`), on the day `today` (rights.md sections 3 to 5)."""
    if deleted:
        return Verdict(evaluated_on=today.isoformat(), rules_version=RULES_VERSION)
    spoken = speaking(statements)
    if profile.access_terms or profile.set_map:
        common = set(spoken)
        spoken = [field for field in statements if field in common or _own_term(field, profile) is not None]
    return _judged(tuple(spoken), profile, today)


def judge_sorted(
    fields: Sequence[Field], groups: Mapping[str, list[Field]], sets: tuple[str, ...], *, profile: Profile, today: date
) -> Verdict:
    """Judge a record by its values in order and by element, and the sets that it is in."""
    if profile.access_terms or profile.set_map:
        in_sets = (Field("setSpec", n, spec) for n, spec in enumerate(sets, 1))
        return judge((*fields, *in_sets), profile=profile, today=today)
    spoken = speaking_of(groups)
    if spoken is None:
        spoken = speaking(fields)
    return _judged((*spoken, *speaking_sets(sets)), profile, today)


# A repository says one thing of nearly all its records: judging costs 30 µs, meeting the same statements again 1.
@lru_cache(maxsize=8_192)
def _judged(spoken: tuple[Field, ...], profile: Profile, today: date) -> Verdict:
    day = today.isoformat()
    everything = read_all(spoken, ignore=profile.ignore_values)
    if not (everything.reads or everything.issues or profile.agrees):
        return Verdict(evaluated_on=day, rules_version=RULES_VERSION)  # as most records of many repositories end
    reads = _with_profile(everything, spoken, profile)
    choice = choose(reads, today=day, weak=profile.licence_is_journal_level)
    access = decide(reads, choice, today=day, partial_is_open=profile.partial_open_is_open)
    reads, choice, access = _with_defaults(reads, choice, access, profile, day)
    return _verdict(everything, reads, choice, access, profile=profile, day=day)


def _own_term(field: Field, profile: Profile) -> str | None:
    """Give what a value means in this repository alone, by its own terms and its own sets."""
    is_set = field.element == "setSpec"
    if not (is_set or field.name.startswith(("dc:rights", "dcterms:"))):
        return None
    return (profile.set_map if is_set else profile.access_terms).get(field.value.strip().casefold())


def _with_profile(everything: Everything, spoken: Sequence[Field], profile: Profile) -> tuple[Read, ...]:
    """Add what only this repository's values mean."""
    if not (profile.access_terms or profile.set_map):
        return everything.reads
    added = []
    for field in spoken:
        access = _own_term(field, profile)
        if access is not None:
            said = Said("access", "profile-term", 0.9, access=access)
            added.append(Read(field, said, 4 if field.element == "setSpec" else 2))
    mine = {read.field for read in added}
    kept = tuple(read for read in everything.reads if not (read.said.rule == "unread" and read.field in mine))
    return (*kept, *added)


def _with_defaults(
    reads: tuple[Read, ...], choice: Choice, access: Access, profile: Profile, day: str
) -> tuple[tuple[Read, ...], Choice, Access]:
    """What nothing in the record says, the profile may: last, and as evidence of its own."""
    if choice.license is None and profile.default_license:
        field = Field("profile", 0, profile.default_license)
        said = [
            one._replace(rule="profile-default", confidence=0.5) for one in read_value(profile.default_license).said
        ]
        reads = (*reads, *(Read(field, one, 6) for one in said))
        choice = choose(reads, today=day, weak=False)
        access = decide(reads, choice, today=day, partial_is_open=profile.partial_open_is_open)
    if access.access == "unknown" and profile.default_access:
        field = Field("profile", 0, profile.default_access)
        said_access = Said("access", "profile-default", 0.5, access=profile.default_access)
        reads = (*reads, Read(field, said_access, 6))
        access = Access(profile.default_access, 0.5, None, None, False, False, frozenset({len(reads) - 1}), False)
    return reads, choice, access


def _verdict(
    everything: Everything, reads: tuple[Read, ...], choice: Choice, access: Access, *, profile: Profile, day: str
) -> Verdict:
    chosen = choice.license
    is_open = access.access == "open" and (access.confidence or 0) >= profile.minimum_confidence
    sure = (choice.confidence or 0) >= min(profile.minimum_confidence, 0.5) * 0.5
    following = choice.next.said.license if choice.next else None
    return Verdict(
        license=chosen.id if chosen else None,
        spdx_id=chosen.spdx_id if chosen else None,
        license_url=chosen.url if chosen else None,
        license_family=chosen.family if chosen else None,
        license_version=chosen.version if chosen else None,
        license_version_hint=chosen.hint if chosen else None,
        license_jurisdiction=chosen.jurisdiction if chosen else None,
        license_start=choice.start,
        licenses_all=json.dumps([one.id for one in choice.surviving]) if len(choice.surviving) > 1 else None,
        next_license=following.id if following else None,
        next_license_start=choice.next.start if choice.next else None,
        access=access.access,
        access_uri=COAR.get(access.access),
        embargo_end=access.embargo_end,
        is_open_access=int(is_open),
        is_cc_by_nc=int(chosen is not None and chosen.family == "by-nc" and sure),
        is_nc_family=int(
            any(one.family in NC_FAMILIES or (one.nc and one.family == "cc-other") for one in choice.surviving)
        ),
        has_nc_terms=int(
            everything.nc_terms or any(o.nc and o.family in {"publisher", "rights-statement"} for o in choice.surviving)
        ),
        license_conflict=int(choice.conflict),
        access_conflict=int(access.conflict),
        partial_open=int(access.partial),
        oa_route=access.route,
        license_confidence=choice.confidence,
        access_confidence=access.confidence,
        next_change_on=_next_change(reads, choice, access, day),
        evaluated_on=day,
        rules_version=RULES_VERSION,
        evidence=tuple(_evidence(reads, choice, access)),
        issues=_issues(everything, choice),
    )


def _next_change(reads: Sequence[Read], choice: Choice, access: Access, day: str) -> str | None:
    """Give the first coming day on which the clock alone may change the verdict."""
    days = [access.embargo_end, choice.start, choice.next.start if choice.next else None]
    for read in reads:
        days += [read.start, read.end, read.said.first_open_day]
    return min((one for one in days if one and one > day), default=None)


def _evidence(reads: Sequence[Read], choice: Choice, access: Access) -> list[Evidence]:
    rows = []
    implied: set[Field] = set()  # a value's address and its name open it once
    for at, read in enumerate(reads):
        said, field = read.said, read.field
        if said.subject == "license":
            reason = choice.reasons.get(at, "it names no licence")
            verdict = said.license.id if said.license is not None and said.void is None else None
            rows.append(_row("license", field, said, verdict, used=reason is None, reason=reason))
            if at in access.used and access.from_license and field not in implied:
                implied.add(field)
                opened = Said("access", "licence-implies-open", _most_opening(reads, access, field), access="open")
                rows.append(_row("access", field, opened, "open", used=True, reason=None))
        else:
            verdict = said.access if said.subject == "access" else said.first_open_day
            used = at in access.used
            reason = None if used else _why_unused(said, access)
            rows.append(_row(said.subject, field, said, verdict, used=used, reason=reason))
    if access.access == "embargoed" and not any(r.subject != "license" and r.used for r in rows):
        for at in access.used:
            said = Said("embargo", "licence-start", 0.9, first_open_day=access.embargo_end)
            rows.append(_row("embargo", reads[at].field, said, access.embargo_end, used=True, reason=None))
    return rows


def _most_opening(reads: Sequence[Read], access: Access, field: Field) -> float:
    return max(reads[at].said.opens or 0.5 for at in access.used if reads[at].field == field)


def _row(subject: str, field: Field, said: Said, verdict: str | None, *, used: bool, reason: str | None) -> Evidence:
    at = dict(field.attributes)
    origin = f"{at['page']} on {at['day']}" if "page" in at else at.get("beside")
    return Evidence(
        subject,
        field.element,
        field.ordinal,
        shown(field),
        said.rule,
        verdict,
        said.confidence,
        int(used),
        reason,
        origin,
    )


def _why_unused(said: Said, access: Access) -> str:
    if said.void:
        return said.void
    if said.subject == "embargo":
        return "another date or a stronger statement decides"
    if said.access == access.access:
        return "a stronger kind of evidence says the same"
    return f"weaker than what says {access.access}, or more open than it"


def _issues(everything: Everything, choice: Choice) -> tuple[Issue, ...]:
    rows = [Issue(field.element, field.ordinal, code, field.value[:200]) for field, code in everything.issues]
    if choice.conflict:
        ids = ", ".join(one.id for one in choice.surviving)
        rows.append(Issue("", 0, "license_conflict", ids))
    return tuple(rows)
