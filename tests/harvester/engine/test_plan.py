"""What is asked first: decisions from the wish, the ledger and what was learnt."""

from dataclasses import replace
from datetime import date

import pytest

from harvester.engine.plan import Past, Plan, is_due_again, plan
from harvester.engine.types import Rules, ServerFacts, Wish
from harvester.oai.dates import Granularity
from mirror_db.ledger import List

RULES = Rules(date(2026, 11, 24))
DAYS = ServerFacts(Granularity.DAY)
SECONDS = ServerFacts(Granularity.SECONDS)
ROW = List(
    1, 1, None, "ListRecords", "full", "oai_dc", None, None, None, None, None, 3, 30, 30, 0, None,
    "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z", "2026-11-20T10:05:00Z", "end of list", 1,
)  # fmt: skip
PROVEN = Past(ROW, ())
NOTHING = Past(None, ())


def planned(wish: Wish, past: Past, facts: ServerFacts = SECONDS) -> Plan:
    """Plan for the whole repository."""
    return plan(wish, past, prefix="oai_dc", set_spec=None, facts=facts, rules=RULES)


@pytest.mark.parametrize(
    ("wish", "past", "facts", "expected"),
    [
        (Wish(), NOTHING, SECONDS, ("full", None, None)),
        (Wish(), PROVEN, SECONDS, ("incremental", "2026-11-20T09:55:00Z", None)),
        (Wish(), PROVEN, DAYS, ("incremental", "2026-11-19", None)),
        (Wish(full=True), PROVEN, SECONDS, ("full", None, None)),
        (Wish(), PROVEN._replace(relist=True), SECONDS, ("full", None, None)),
        (Wish(), PROVEN, SECONDS._replace(selective=False), ("full", None, None)),
        (Wish(), PROVEN, SECONDS._replace(restamps=False), ("full", None, None)),
        (Wish(), Past(ROW._replace(first_response_date=None), ()), SECONDS, ("full", None, None)),
        (Wish(from_="2026-11-01"), PROVEN, SECONDS, ("window", "2026-11-01T00:00:00Z", None)),
        (Wish(until="2026-11-01"), PROVEN, SECONDS, ("window", None, "2026-11-01T23:59:59Z")),
        (Wish(from_="2026-11-01T10:00:00Z"), PROVEN, DAYS, ("window", "2026-11-01", None)),
    ],
)
def test_what_is_asked(
    wish: Wish, past: Past, facts: ServerFacts, expected: tuple[str, str | None, str | None]
) -> None:
    """The newest list has no until; the next from is the responseDate less the overlap (design rule 2)."""
    got = planned(wish, past, facts)
    assert (got.purpose, got.from_, got.until, got.resume) == (*expected, None)


def open_row(number: int, purpose: str, from_: str | None = None) -> List:
    """Give an unfinished list."""
    return ROW._replace(id=number, purpose=purpose, from_=from_, ended_at=None, proven=0, token="t")


@pytest.mark.parametrize(
    ("wish", "unfinished", "resume", "abandon"),
    [
        (Wish(), (open_row(5, "full"),), 5, ()),
        (Wish(), (open_row(5, "incremental", "2026-11-01T00:00:00Z"),), 5, ()),
        (Wish(full=True), (open_row(5, "incremental", "2026-11-01T00:00:00Z"),), None, (5,)),
        (Wish(full=True), (open_row(5, "full"), open_row(6, "full")), 6, (5,)),
        (Wish(), (open_row(5, "window", "2026-01-01T00:00:00Z"),), None, ()),
        (Wish(from_="2026-01-01"), (open_row(5, "window", "2026-01-01T00:00:00Z"),), 5, ()),
        (Wish(from_="2026-02-01"), (open_row(5, "window", "2026-01-01T00:00:00Z"),), None, (5,)),
        (Wish(from_="2026-02-01"), (open_row(5, "full"),), None, ()),
    ],
)
def test_what_goes_on_and_what_is_given_up(
    wish: Wish, unfinished: tuple[List, ...], resume: int | None, abandon: tuple[int, ...]
) -> None:
    """An unfinished list serves if it covers what is wanted; a user's windows never mix with the mirror's own lists."""
    got = planned(wish, replace_past(unfinished))
    assert (got.resume, got.abandon) == (resume, abandon)


def replace_past(unfinished: tuple[List, ...]) -> Past:
    """Give a past with these open lists."""
    return PROVEN._replace(unfinished=unfinished)


def test_lost_records_are_looked_for_ever_more_rarely() -> None:
    """After 1, 2, 4, 8 and 16 runs that did not end complete."""
    assert [number for number in range(20) if is_due_again(number)] == [1, 2, 4, 8, 16]


def test_the_overlap_is_a_setting() -> None:
    """In seconds, whatever the granularity."""
    rules = replace(RULES, overlap_s=3600)
    got = plan(Wish(), PROVEN, prefix="oai_dc", set_spec=None, facts=SECONDS, rules=rules)
    assert got.from_ == "2026-11-20T09:00:00Z"
