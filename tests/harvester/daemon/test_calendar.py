"""Each repository's share of the jitter, and the period of a cron line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from harvester.daemon.calendar import fires_of, offset_of, period_of

_UTC = ZoneInfo("UTC")
_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("17 2 * * *", timedelta(days=1)),
        ("*/20 * * * * *", timedelta(seconds=20)),
        ("5 1 * * 0", timedelta(days=7)),
        ("0 0 30 2 *", timedelta(days=1)),
    ],
)
def test_the_period_of_a_line(line, period):
    """Between its next two times; a line that never comes counts as daily."""
    assert period_of(fires_of(line, _UTC), _NOW) == period


def test_weekdays_are_those_of_crontab():
    """0 is Sunday: 29 November 2026."""
    assert fires_of("5 1 * * 0", _UTC)(_NOW) == datetime(2026, 11, 29, 1, 5, tzinfo=UTC)


def test_jitter_spreads_repositories_and_stays_the_same():
    """Fifty repositories start spread over the quarter of an hour, each day at the same time, elsewhere at another."""
    day, jitter = timedelta(days=1), timedelta(minutes=15)
    here = [offset_of(f"r{number}", "host", jitter=jitter, period=day) for number in range(50)]
    there = [offset_of(f"r{number}", "other", jitter=jitter, period=day) for number in range(50)]
    assert all(timedelta() <= offset < jitter for offset in here)
    assert len(set(here)) > 40
    assert here == [offset_of(f"r{number}", "host", jitter=jitter, period=day) for number in range(50)]
    assert here != there


def test_jitter_never_exceeds_a_quarter_of_the_period():
    """A line of every minute is not spread over a quarter of an hour."""
    offsets = [
        offset_of(f"r{number}", "host", jitter=timedelta(minutes=15), period=timedelta(minutes=1))
        for number in range(50)
    ]
    assert max(offsets) < timedelta(seconds=15)
