"""Choosing the licence among what was stated: most specific first, then least open wins (rights.md section 5, licence)."""

from collections.abc import Sequence
from typing import NamedTuple

from harvester.reading.rights.elements import ON_PAGE, Read
from harvester.reading.rights.licenses import CREATIVE_COMMONS, OPENNESS, License, creative_commons

_SIX = frozenset({"by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd"})
_GENERIC = frozenset({"LicenseRef-CC-unspecified", "LicenseRef-CC-NC-unspecified"})


class Choice(NamedTuple):
    """The licence in force, with what was left of the others."""

    license: License | None
    confidence: float | None
    conflict: bool
    surviving: tuple[License, ...]
    next: Read | None  # comes into force later
    start: str | None
    reasons: dict[int, str | None]  # by position of the read: None for used, else why not


def choose(reads: Sequence[Read], *, today: str, weak: bool) -> Choice:
    """Choose from reads that carry a licence; `weak` halves the trust where the licence is the journal's."""
    reasons: dict[int, str | None] = {}
    standing: list[tuple[int, Read]] = []
    for at, read in enumerate(reads):
        if read.said.license is None or read.said.void is not None:
            reasons[at] = read.said.void or "it names no licence"
        else:
            standing.append((at, read))
    standing = _record_before_page(standing, reasons)
    standing, following, start = _in_force(standing, today, reasons)
    if not standing:
        return Choice(None, None, False, (), following, start, reasons)
    surviving = _most_specific([read.said.license for _, read in standing if read.said.license])
    families = {one.family for one in surviving}
    family = max(families, key=_closedness)
    chosen = _of_family([one for one in surviving if one.family == family])
    conflict = len(families) > 1
    confidence = max((r.said.confidence for _, r in standing if _states(r.said.license, chosen)), default=0.5)
    confidence *= (0.7 if conflict else 1.0) * (0.6 if weak else 1.0)
    for at, read in standing:
        reasons[at] = _why_not(read.said.license, chosen)
    ordered = tuple(sorted(surviving, key=lambda one: (_closedness(one.family), one.id)))
    return Choice(chosen, round(confidence, 3), conflict, ordered, following, start, reasons)


def _record_before_page(standing: list[tuple[int, Read]], reasons: dict[int, str | None]) -> list[tuple[int, Read]]:
    """The item's page speaks only where the record states no licence: it never overwrites what was harvested."""
    own = [pair for pair in standing if pair[1].level != ON_PAGE]
    if not own:
        return standing
    for at, read in standing:
        if read.level == ON_PAGE:
            reasons[at] = "the record itself states a licence"
    return own


def _in_force(
    standing: list[tuple[int, Read]], today: str, reasons: dict[int, str | None]
) -> tuple[list[tuple[int, Read]], Read | None, str | None]:
    """Of dated licences the one with the latest start until today is in force; the earliest later one comes next (RIOXX 2)."""
    dated = [(at, read) for at, read in standing if read.start]
    if not dated:
        return standing, None, None
    now = [(at, read) for at, read in dated if (read.start or "") <= today and not _says_embargo(read)]
    later = [(at, read) for at, read in dated if (read.start or "") > today]
    latest = max((read.start or "" for _, read in now), default="")
    soonest = min((read.start or "" for _, read in later), default="")
    keep = [(at, read) for at, read in now if read.start == latest] or [
        (at, read) for at, read in later if read.start == soonest
    ]
    following = next((read for _, read in later if read.start == soonest), None) if now else None
    for at, read in dated:
        if (at, read) not in keep:
            reasons[at] = f"its start {read.start} is not the one in force"
    if not keep:
        keep = dated
    undated = [(at, read) for at, read in standing if not read.start]
    return [*keep, *undated], following, keep[0][1].start


def _says_embargo(read: Read) -> bool:
    """RIOXX states an embargo as a licence of its own; what comes after it is the licence."""
    return read.said.license is not None and read.said.license.id == "LicenseRef-RIOXX-under-embargo"


def _closedness(family: str) -> int:
    return OPENNESS.index(family)


def _most_specific(licenses: Sequence[License]) -> list[License]:
    """Drop what is only a vaguer view of another; statements and publishers' terms yield to a licence that grants."""
    found = list({one.id: one for one in sorted(licenses, key=lambda one: one.id)}.values())
    specific_cc = [one for one in found if one.family in CREATIVE_COMMONS and one.id not in _GENERIC]
    if any(one.id == "LicenseRef-CC-unspecified" and one.issue == "cc_impossible" for one in licenses):
        specific_cc = []
    if specific_cc:
        nc = [one for one in found if one.id == "LicenseRef-CC-NC-unspecified"]
        found = [one for one in found if one.id not in _GENERIC or (one in nc and not any(c.nc for c in specific_cc))]
        if any(c.family in {"cc0", "pdm"} for c in specific_cc):
            found = [one for one in found if one.family != "public-domain"]
        found = [one for one in found if one.family not in {"publisher", "rights-statement", "all-rights-reserved"}]
    elif any(one.id == "LicenseRef-CC-NC-unspecified" for one in found):
        found = [one for one in found if one.id != "LicenseRef-CC-unspecified"]
    granting = [one for one in found if one.family in {"ogl", "odc", "software", "public-domain"}]
    if granting:
        found = [one for one in found if one.family not in {"rights-statement", "all-rights-reserved"}]
    ids = {one.id for one in found}
    if "LicenseRef-PublicDomain-US" in ids:
        found = [one for one in found if one.id != "LicenseRef-PublicDomain"]
    return found


def _of_family(licenses: list[License]) -> License:
    """Of one family: the stated version and port; two different ones leave it open."""
    if len(licenses) == 1 or licenses[0].family not in _SIX:
        versioned = [one for one in licenses if one.version] or licenses
        return max(versioned, key=lambda one: (one.id not in _GENERIC, one.version or "", one.id))
    versions = {one.version for one in licenses if one.version}
    if len(versions) != 1:
        hints = [one.hint for one in licenses if one.hint]
        return creative_commons(licenses[0].family.split("-"))._replace(
            hint=hints[0] if hints and not versions else None
        )
    version = versions.pop()
    ported = {one.jurisdiction for one in licenses if one.version == version and one.jurisdiction}
    return creative_commons(licenses[0].family.split("-"), version, ported.pop() if len(ported) == 1 else None)


def _states(one: License | None, chosen: License) -> bool:
    return one is not None and one.family == chosen.family


def _why_not(one: License | None, chosen: License) -> str | None:
    if one is None or one.id == chosen.id or (one.family == chosen.family and one.family in _SIX):
        return None
    if one.id in _GENERIC:
        return f"less specific than {chosen.id}"
    if _closedness(one.family) < _closedness(chosen.family):
        return f"more open than {chosen.id}; the least open wins"
    return f"says less than {chosen.id}"
