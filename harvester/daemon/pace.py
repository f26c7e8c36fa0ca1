"""Adaptive pace: a repository that changes is asked more often, a quiet one less, within bounds; the reason is told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

FASTER = 0.5  # after a harvest that brought changes
SLOWER = 1.5  # after one that brought none


class Pace(NamedTuple):
    """The bounds that were agreed."""

    shortest: timedelta
    longest: timedelta


class Interval(NamedTuple):
    """How often it is asked now, and why."""

    every: timedelta
    reason: str


def interval(pace: Pace, period: timedelta, brought: Sequence[bool]) -> Interval:
    """Give the interval after the harvests in `brought` (newest first: did it bring changes?), beginning at `period`.

    Half as long after each that brought changes, half as long again after each that brought none. It depends on nothing
    but what was brought, so that a machine that slept does not take its own absence for quiet.
    """
    every = _within(pace, period)
    for changed in reversed(brought):
        every = _within(pace, every * (FASTER if changed else SLOWER))
    every = timedelta(seconds=round(every.total_seconds()))
    hours = f"{every.total_seconds() / 3600:.3g}"
    if not brought:
        return Interval(every, f"adaptive pace: every {hours} h to begin with")
    news = f"{sum(brought)} of its last {len(brought)} harvests brought changes"
    return Interval(every, f"adaptive pace: every {hours} h, {news}")


def _within(pace: Pace, every: timedelta) -> timedelta:
    return min(max(every, pace.shortest), pace.longest)
