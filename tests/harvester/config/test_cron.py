"""Cron lines are read once, with the days of the week as names that every scheduler reads alike."""

import re

import pytest

from harvester.config.cron import Cron, read_cron


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("17 2 * * *", Cron("17", "2", "*", "*", "*")),
        ("*/20 0-6/3 * * *", Cron("0,20,40", "0,3,6", "*", "*", "*")),
        ("5 1 * * 0", Cron("5", "1", "*", "*", "sun")),
        ("5 1 * * 7", Cron("5", "1", "*", "*", "sun")),
        ("5 1 * JAN,jul MON-FRI", Cron("5", "1", "*", "1,7", "mon,tue,wed,thu,fri")),
        ("5 1 1,15 * *", Cron("5", "1", "1,15", "*", "*")),
        ("50/4 * * * *", Cron("50,54,58", "*", "*", "*", "*")),
        ("*/20 17 2 * * *", Cron("17", "2", "*", "*", "*", "0,20,40")),
        ("0-59 0-23 1-31 1-12 0-7", Cron("*", "*", "*", "*", "*")),
    ],
)
def test_fields_are_read(line, expected):
    """Lists, ranges, steps and names; 0 and 7 are Sunday; a full field is a star."""
    assert read_cron(line) == expected


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("17 2 * *", "a cron line has five fields (minute hour day month weekday), this has 4"),
        ("61 17 2 * * *", "second: '61' is not within 0 to 59"),
        ("60 2 * * *", "minute: '60' is not within 0 to 59"),
        ("1 24 * * *", "hour: '24' is not within 0 to 23"),
        ("1 2 0 * *", "day of the month: '0' is not within 1 to 31"),
        ("1 2 * foo *", "month: 'foo' is not within 1 to 12"),
        ("1 2 * * 8", "day of the week: '8' is not within 0 to 7"),
        ("9-5 2 * * *", "minute: '9-5' runs backwards"),
        ("*/0 2 * * *", "minute: a step must be at least 1"),
        ("1;2 2 * * *", "minute: '1;2' is not a number, a range or *"),
        ("1 2 3 * 4", "give a day of the month or a day of the week, not both: programs read the two differently"),
    ],
)
def test_what_is_wrong_is_named(line, problem):
    """The field and the reason."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        read_cron(line)
