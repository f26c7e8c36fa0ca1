"""Hours in which a repository may be asked, by the wall clock of its zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from harvester.daemon.hours import next_open
from harvester.source import read_hours

_LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "spans", "opens"),
    [
        ("2026-11-24T12:00", [], "2026-11-24T12:00"),
        ("2026-11-24T23:10", ["22:00-06:00"], "2026-11-24T23:10"),
        ("2026-11-24T05:59", ["22:00-06:00"], "2026-11-24T05:59"),
        ("2026-11-24T06:00", ["22:00-06:00"], "2026-11-24T22:00"),
        ("2026-11-24T06:00", ["01:00-02:00", "12:30-13:00"], "2026-11-24T12:30"),
        ("2026-11-24T14:00", ["01:00-02:00", "12:30-13:00"], "2026-11-25T01:00"),
        ("2026-03-28T12:00", ["01:00-02:00"], "2026-03-30T00:00"),  # the night of 29 March has no such hour
        ("2026-10-25T00:30", ["01:00-02:00"], "2026-10-25T00:30"),  # and that of 25 October has it twice
        ("2026-10-25T01:30", ["01:00-02:00"], "2026-10-25T01:30"),
    ],
)
def test_the_next_opening(now, spans, opens):
    """Now, if it is open; else when it opens, today, tomorrow or, where the clock swallows the span, the day after."""
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    hours = tuple(read_hours(span) for span in spans)
    assert next_open(at, hours, _LONDON) == datetime.fromisoformat(opens).replace(tzinfo=UTC)
