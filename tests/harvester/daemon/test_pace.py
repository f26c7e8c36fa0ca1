"""Adaptive pace: the interval after what the last harvests brought, within its bounds."""

from datetime import timedelta

import pytest

from harvester.daemon.pace import Pace, interval

_PACE = Pace(timedelta(hours=2), timedelta(days=7))
_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("brought", "hours", "reason"),
    [
        ((), 24, "adaptive pace: every 24 h to begin with"),
        ((True,), 12, "adaptive pace: every 12 h, 1 of its last 1 harvests brought changes"),
        ((False,), 36, "adaptive pace: every 36 h, 0 of its last 1 harvests brought changes"),
        ((True,) * 10, 2, "adaptive pace: every 2 h, 10 of its last 10 harvests brought changes"),
        ((False,) * 10, 168, "adaptive pace: every 168 h, 0 of its last 10 harvests brought changes"),
        ((True,) + (False,) * 9, 84, "adaptive pace: every 84 h, 1 of its last 10 harvests brought changes"),
    ],
)
def test_changes_make_it_faster_and_quiet_makes_it_slower(brought, hours, reason):
    """Halved after each harvest that brought changes, half as long again after each that brought none, and bounded."""
    assert interval(_PACE, _DAY, brought) == (timedelta(hours=hours), reason)


def test_the_period_of_the_cron_line_is_bounded_too():
    """A weekly line with a bound of a day begins at a day."""
    assert interval(Pace(timedelta(hours=1), _DAY), timedelta(days=7), ()).every == _DAY
