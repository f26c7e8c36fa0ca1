"""When a repository is asked next and for what, on a clock that the test holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from harvester.daemon.calendar import fires_of
from harvester.daemon.due import Agreement, Next, Past, decide, held_back, in_words, wait_after
from harvester.daemon.pace import Pace
from harvester.source import Hours

_LONDON = ZoneInfo("Europe/London")
_DAILY = Agreement("one", fires_of("17 2 * * *", _LONDON), _LONDON)
_NIGHT = (Hours(22 * 60, 6 * 60),)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_NOW = _at("2026-11-24T12:00")
_GOOD = Past("complete", ended_at=_at("2026-11-24T02:19"), outcome="complete", full_at=_at("2026-11-01"))


@pytest.mark.parametrize(
    ("agreed", "past", "expected"),
    [
        (_DAILY, Past(), Next(_NOW, "harvest", "never harvested")),
        (_DAILY, _GOOD, Next(_at("2026-11-25T02:17"), "harvest", "by its cron line")),
        (
            replace(_DAILY, offset=timedelta(seconds=90)),
            _GOOD,
            Next(_at("2026-11-25T02:18:30"), "harvest", "by its cron line"),
        ),
        (
            _DAILY,
            replace(_GOOD, ended_at=_at("2026-11-17T02:20")),
            Next(_NOW, "harvest", "by its cron line; due since 2026-11-18T02:17:00Z"),
        ),
        (
            _DAILY,
            replace(_GOOD, outcome="interrupted"),
            Next(_NOW, "harvest", "goes on where it was stopped; due since 2026-11-24T02:19:00Z"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="deferred", not_before=_at("2026-11-24T15:00")),
            Next(_at("2026-11-24T15:00"), "harvest", "the server asked not to be called before"),
        ),
        (
            _DAILY,  # an instant that has passed says nothing about the time after a later run: no loop without a pause
            replace(_GOOD, state="failing", outcome="failed", failures=1, ended_at=_NOW, not_before=_at("2026-11-24T11:00")),
            Next(_NOW + timedelta(minutes=15), "harvest", "failing, did not end complete once: again after 15 min"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="deferred", outcome="deferred", failures=1, ended_at=_NOW, not_before=_NOW),
            Next(_NOW + timedelta(minutes=15), "harvest", "deferred, did not end complete once: again after 15 min"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="failing", outcome="failed", failures=3, ended_at=_NOW),
            Next(_NOW + timedelta(hours=1), "harvest", "failing, did not end complete 3 times in a row: again after 1 h"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="blocked", outcome="failed", failures=1, ended_at=_NOW),
            Next(_NOW + timedelta(days=1), "harvest", "blocked, did not end complete once: again after 1 d"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="partial", outcome="partial", failures=1, ended_at=_NOW, unfinished=True),
            Next(_NOW + timedelta(minutes=15), "harvest", "partial, did not end complete once: again after 15 min"),
        ),
        (
            _DAILY,
            replace(_GOOD, state="partial", outcome="partial", failures=9),
            Next(_at("2026-11-25T02:17"), "harvest", "by its cron line"),
        ),
        (
            replace(_DAILY, hours=_NIGHT),
            replace(_GOOD, ended_at=_at("2026-11-20T02:20")),
            Next(
                _at("2026-11-24T22:00"),
                "harvest",
                "by its cron line; due since 2026-11-21T02:17:00Z; waits for its allowed hours",
            ),
        ),
        (
            replace(_DAILY, full_every=timedelta(days=90)),
            replace(_GOOD, full_at=_at("2026-08-20")),
            Next(_at("2026-11-25T02:17"), "full", "by its cron line; everything is listed, 90 days have passed"),
        ),
        (
            replace(_DAILY, full_every=timedelta(days=90)),
            replace(_GOOD, state="failing", outcome="failed", failures=1, full_at=_at("2025-08-20"), ended_at=_NOW),
            Next(_NOW + timedelta(minutes=15), "harvest", "failing, did not end complete once: again after 15 min"),
        ),
        (
            replace(_DAILY, verify_every=timedelta(days=20)),
            _GOOD,
            Next(
                _NOW,
                "verify",
                "compared with the server's identifiers every 20 days; due since 2026-11-21T00:00:00Z",
            ),
        ),
        (
            replace(_DAILY, verify_every=timedelta(days=20)),
            replace(_GOOD, verified_at=_at("2026-11-24T03:00")),
            Next(_at("2026-11-25T02:17"), "harvest", "by its cron line"),
        ),
        (
            replace(_DAILY, verify_every=timedelta(days=20)),
            replace(_GOOD, verified_at=_at("2026-11-23T15:00"), verified=False),
            Next(_at("2026-11-24T15:00"), "verify", "compared with the server's identifiers every 20 days"),
        ),
        (
            replace(_DAILY, pace=Pace(timedelta(hours=1), timedelta(days=7))),
            replace(_GOOD, ended_at=_NOW, brought=(True, True, False)),
            Next(
                _NOW + timedelta(hours=9),
                "harvest",
                "adaptive pace: every 9 h, 2 of its last 3 harvests brought changes",
            ),
        ),
        (replace(_DAILY, fires=fires_of("0 0 30 2 *", _LONDON)), _GOOD, None),
    ],
)  # fmt: skip
def test_the_next_appointment_and_why(agreed, past, expected):
    """Each standing of a repository has its time, its kind and a reason that a person can read."""
    assert decide(agreed, past, _NOW, awake_since=_at("2026-11-01")) == expected


def test_a_machine_that_slept_for_a_week_harvests_once_and_goes_on():
    """Seven missed times are one harvest, at once; the next is tomorrow's."""
    woke = _at("2026-12-01T09:00")
    first = decide(_DAILY, _GOOD, woke, awake_since=_at("2026-11-01"))
    then = decide(_DAILY, replace(_GOOD, ended_at=woke), woke, awake_since=_at("2026-11-01"))
    assert [first, then] == [
        Next(woke, "harvest", "by its cron line; due since 2026-11-25T02:17:00Z"),
        Next(_at("2026-12-02T02:17"), "harvest", "by its cron line"),
    ]


def test_what_was_missed_while_no_daemon_ran_is_caught_up_unless_refused():
    """`catch_up = false` waits for the next regular time, but never sleeps through one while running."""
    past = replace(_GOOD, ended_at=_at("2026-11-20T02:20"))
    patient = replace(_DAILY, catch_up=False)
    expected = Next(_at("2026-11-25T02:17"), "harvest", "by its cron line; what was missed is not caught up")
    assert decide(patient, past, _NOW, awake_since=_NOW) == expected
    assert decide(patient, Past(), _NOW, awake_since=_NOW) == expected
    assert decide(patient, past, _NOW, awake_since=_at("2026-11-01")).at == _NOW


def test_the_clock_put_forward_skips_no_harvest():
    """01:30 does not exist on 29 March 2026 in London: the harvest comes when the clock has been put forward."""
    agreed = replace(_DAILY, fires=fires_of("30 1 * * *", _LONDON))
    times = _times(agreed, _at("2026-03-28T12:00"), 3)
    assert times == [_at("2026-03-29T01:30"), _at("2026-03-30T00:30"), _at("2026-03-31T00:30")]


def test_the_clock_put_back_doubles_no_harvest():
    """01:30 comes twice on 25 October 2026 in London: one harvest is enough."""
    agreed = replace(_DAILY, fires=fires_of("30 1 * * *", _LONDON))
    times = _times(agreed, _at("2026-10-24T12:00"), 3)
    assert times == [_at("2026-10-25T00:30"), _at("2026-10-26T01:30"), _at("2026-10-27T01:30")]


def test_an_hourly_line_counts_real_hours_through_both_changes():
    """What is asked every half hour is asked every half hour, whatever the clock on the wall shows."""
    agreed = replace(_DAILY, fires=fires_of("*/30 * * * *", _LONDON))
    half = timedelta(minutes=30)
    for start in (_at("2026-10-24T23:30"), _at("2026-03-28T23:30")):
        assert _times(agreed, start, 6) == [start + half * number for number in range(1, 7)]


def _times(agreed: Agreement, start: datetime, count: int) -> list[datetime]:
    """Live through `count` harvests that each end the instant they begin."""
    times, ended = [], start
    for _ in range(count):
        following = decide(agreed, replace(_GOOD, ended_at=ended), ended, awake_since=start)
        assert following is not None
        ended = following.at
        times.append(ended)
    return times


def test_allowed_hours_follow_the_wall_clock_through_a_change():
    """22:00 in London is 21:00 UTC in summer and 22:00 UTC in winter."""
    agreed = replace(_DAILY, hours=_NIGHT)
    past = Past()
    summer = decide(agreed, past, _at("2026-10-24T12:00"), awake_since=_NOW)
    winter = decide(agreed, past, _at("2026-10-25T12:00"), awake_since=_NOW)
    assert [summer.at, winter.at] == [_at("2026-10-24T21:00"), _at("2026-10-25T22:00")]


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 15), (1, 15), (2, 30), (3, 60), (7, 960), (8, 1440), (9, 1440), (10_000, 1440)]
)
def test_the_wait_doubles_to_a_day(failures, minutes):
    """A repository that is away is asked less and less, but at least daily: it comes back by itself."""
    assert wait_after(failures, timedelta(minutes=15)) == timedelta(minutes=minutes)


def test_an_appointment_can_be_held_back():
    """What cannot be done now (another process holds the repository) comes later, with the reason."""
    later = _NOW + timedelta(minutes=5)
    early = Next(_NOW, "harvest", "by its cron line")
    late = Next(_NOW + timedelta(hours=1), "harvest", "by its cron line")
    assert held_back(early, later, "held by another process") == Next(later, "harvest", "held by another process")
    assert held_back(late, later, "held by another process") == late
    assert held_back(None, later, "held by another process") is None


@pytest.mark.parametrize(("seconds", "words"), [(45, "45 s"), (900, "15 min"), (5400, "1.5 h"), (86_400, "1 d")])
def test_spans_are_said_in_words(seconds, words):
    """In the largest unit that fits."""
    assert in_words(timedelta(seconds=seconds)) == words


_WORDS = {
    "state": ("never", "complete", "partial", "stale", "failing", "deferred", "blocked"),
    "outcome": ("complete", "partial", "failed", "deferred"),
    "not_before": (None, _at("2026-11-20"), _NOW),
    "unfinished": (False, True),
    "full_at": (None, _at("2020-01-01")),
    "verified_at": (None, _at("2020-01-01"), _NOW),
    "verified": (False, True),
    "failures": (0, 1, 9),
}


def test_no_standing_makes_a_loop_without_a_pause():
    """Whatever a run that has just ended left behind, the next harvest is later than now: nobody is hammered."""
    agreed = replace(_DAILY, full_every=timedelta(days=90))
    for values in product(*_WORDS.values()):
        past = Past(ended_at=_NOW, **dict(zip(_WORDS, values, strict=True)))
        following = decide(agreed, past, _NOW, awake_since=_at("2026-11-01"))
        assert following is not None
        assert following.at > _NOW, past
