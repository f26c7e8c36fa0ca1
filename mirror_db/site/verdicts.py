"""What a record was judged to be, in sentences: the head of its evidence."""

from collections.abc import Mapping
from typing import Any

from mirror_db.site.words import ROUTES, day, family

Record = Mapping[str, Any]


def verdicts(record: Record) -> tuple[str, ...]:
    """Give the sentences for access, embargo and licence of one record; a tombstone has one."""
    if record["deleted"]:
        return ("It is deleted: no flag is set.",)
    return (_access(record), *_embargo(record), _license(record), *_family(record))


def _access(record: Record) -> str:
    if record["access"] == "unknown":
        return "Access is unknown: nothing in the record says whether it is open."
    route = ROUTES.get(record["oa_route"] or "")
    why = f": {route}" if record["is_open_access"] and route else ""
    but = ", though the record also states something more open" if record["access_conflict"] else ""
    parts = ". Some files are open, others are not" if record["partial_open"] else ""
    return f"Access is {record['access']}{_sure(record['access_confidence'])}{why}{but}{parts}."


def _embargo(record: Record) -> tuple[str, ...]:
    if not record["embargo_end"]:
        return ()
    if record["access"] == "embargoed":
        return (f"The embargo ends by the clock: its first open day is {day(record['embargo_end'])}.",)
    return (f"An embargo with the first open day {day(record['embargo_end'])} is stated.",)


def _license(record: Record) -> str:
    if not record["license"]:
        return "No licence is stated that a rule understands: how it may be used is unknown."
    clash = (
        "; the record states licences that disagree, and the least open one is believed"
        if record["license_conflict"]
        else ""
    )
    return f"The licence is {record['license']}{_sure(record['license_confidence'])}{clash}."


def _family(record: Record) -> tuple[str, ...]:
    if record["is_cc_by_nc"]:
        return ("That is CC BY-NC itself, so the flag CC BY-NC is set, whatever the access.",)
    if record["is_nc_family"]:
        return (
            f"{family(record['license_family'])} is of the NC family, but it is not CC BY-NC itself: that flag is not set.",
        )
    return ()


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f" (confidence {confidence:.2f})"
