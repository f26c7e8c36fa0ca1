"""Deciding the access of a record: the first level of evidence that speaks, in it the most closed (rights.md section 5, access)."""

from collections.abc import Sequence
from typing import NamedTuple

from harvester.reading.rights.choose import Choice
from harvester.reading.rights.elements import ON_PAGE, Read
from harvester.reading.rights.terms import ACCESS
from harvester.reading.rights.value import Said

COAR = {
    "open": "http://purl.org/coar/access_right/c_abf2",
    "embargoed": "http://purl.org/coar/access_right/c_f1cf",
    "restricted": "http://purl.org/coar/access_right/c_16ec",
    "metadata-only": "http://purl.org/coar/access_right/c_14cb",
}


class Access(NamedTuple):
    """The verdict on access, what it rests on, and when the clock alone may change it."""

    access: str
    confidence: float | None
    embargo_end: str | None
    route: str | None
    conflict: bool
    partial: bool
    used: frozenset[int]  # positions of the reads it rests on
    from_license: bool


def decide(reads: Sequence[Read], choice: Choice, *, today: str, partial_is_open: bool) -> Access:
    """Decide the access on the day `today`. `choice` is the licence chosen from the same reads.

    What the item's page says counts where the record itself states nothing, and before what a licence only implies.
    """
    own, on_page = _apart(reads)
    found = _stated(own, choice, today=today, partial_is_open=partial_is_open)
    if found is None and on_page:
        found = _stated(on_page, choice, today=today, partial_is_open=partial_is_open)
    return found or _by_license(reads, choice)


def _apart(reads: Sequence[Read]) -> tuple[Sequence[Read], Sequence[Read]]:
    """Give the record's reads and the page's, each in its own position, the others silent."""
    if not any(read.level == ON_PAGE for read in reads):
        return reads, ()
    own = [_silent(read) if read.level == ON_PAGE else read for read in reads]
    page = [read._replace(level=2) if read.level == ON_PAGE and not read.said.void else _silent(read) for read in reads]
    return own, page


def _silent(read: Read) -> Read:
    return Read(read.field, Said("license", "silent", 0.0), 9)


def _stated(reads: Sequence[Read], choice: Choice, *, today: str, partial_is_open: bool) -> Access | None:
    end, end_at, end_confidence = _embargo_end(reads, choice, today)
    stated = _level(reads, 2, today)
    sets = _level(reads, 4, today)
    explicit = stated or sets
    if end is not None and end > today and not any(access == "metadata-only" for _, access, _ in stated):
        return Access("embargoed", end_confidence, end, None, False, False, frozenset(end_at), False)
    if explicit:
        return _explicit(
            explicit, end, end_at, end_confidence, today, is_set=not stated, partial_is_open=partial_is_open
        )
    if end is not None:
        return Access("open", min(0.8, end_confidence), end, "embargo-elapsed", False, False, frozenset(end_at), False)
    if any(r.said.subject == "embargo" and r.said.first_open_day is None for r in reads):
        at = frozenset(i for i, r in enumerate(reads) if r.said.subject == "embargo")
        return Access("embargoed", 0.6, None, None, False, False, at, False)
    return None


def _level(reads: Sequence[Read], level: int, today: str) -> list[tuple[int, str, float]]:
    found = []
    for at, read in enumerate(reads):
        if read.said.subject != "access" or read.said.access is None or read.level != level:
            continue
        access = read.said.access
        if read.said.rule == "free-to-read" and not _is_free(read, today):
            continue
        found.append((at, access, read.said.confidence))
    return found


def _is_free(read: Read, today: str) -> bool:
    return (read.start is None or read.start <= today) and (read.end is None or today < read.end)


def _explicit(
    found: list[tuple[int, str, float]],
    end: str | None,
    end_at: Sequence[int],
    end_confidence: float,
    today: str,
    *,
    is_set: bool,
    partial_is_open: bool,
) -> Access:
    stated = {access for _, access, _ in found}
    access = min(stated, key=ACCESS.index)
    partial = "open" in stated and len(stated) > 1
    if partial and partial_is_open:
        access = "open"
    used = frozenset(at for at, one, _ in found if one == access)
    confidence = max(c for _, one, c in found if one == access) * (0.7 if len(stated) > 1 else 1.0)
    if access == "embargoed" and end is not None and end <= today:
        return Access(
            "open", min(0.8, end_confidence), end, "embargo-elapsed", partial, partial, used | frozenset(end_at), False
        )
    route = None
    if access == "open":
        route = "set" if is_set else "free-to-read"
    return Access(access, round(confidence, 3), end, route, len(stated) > 1, partial, used, False)


def _embargo_end(reads: Sequence[Read], choice: Choice, today: str) -> tuple[str | None, list[int], float]:
    """Give the latest first open day, where it stands, and how sure it is; a licence that starts later counts as one."""
    days = [(r.said.first_open_day, at, r.said.confidence) for at, r in enumerate(reads) if _is_end(reads, r)]
    if choice.start and choice.start > today:
        days += [(choice.start, at, 0.9) for at, r in enumerate(reads) if r.start == choice.start and r.said.license]
    free = [r.start for r in reads if r.said.rule == "free-to-read" and r.start]
    if free and max(free) > today:
        days += [(max(free), at, 0.9) for at, r in enumerate(reads) if r.said.rule == "free-to-read"]
    if not days:
        return None, [], 0.0
    latest = max(day or "" for day, _, _ in days)
    return latest, [at for day, at, _ in days if day == latest], max(c for day, _, c in days if day == latest)


def _is_end(reads: Sequence[Read], read: Read) -> bool:
    """A date that only says "available" ends an embargo only where one is stated (DSpace #9716)."""
    if read.said.subject != "embargo" or read.said.first_open_day is None:
        return False
    if read.said.rule != "available-date":
        return True
    return any(r.said.access == "embargoed" for r in reads)


def _by_license(reads: Sequence[Read], choice: Choice) -> Access:
    """A licence that grants reading implies openness: 0.75, less for an EPrints code or a mere link."""
    if choice.license is None:
        return Access("unknown", None, None, None, False, False, frozenset(), False)
    opening = [
        (at, r.said.opens)
        for at, r in enumerate(reads)
        if r.said.license is not None and r.said.void is None and r.said.opens and choice.reasons.get(at) is None
    ]
    if not opening:
        return Access("unknown", None, None, None, False, False, frozenset(), False)
    confidence = max(opens for _, opens in opening)
    return Access("open", confidence, None, "licensed", False, False, frozenset(at for at, _ in opening), True)
