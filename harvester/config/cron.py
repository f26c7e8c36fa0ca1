"""Cron expressions of five fields, or six that begin with seconds: read once, with the days of the week as names.

Numbers for days differ between programs (crontab: 0 and 7 are Sunday; APScheduler: 0 is Monday),
so the days are handed on as names, which every scheduler reads alike.
"""

import re
from typing import NamedTuple

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PART = r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?\Z"  # compiled where it is first asked


class Cron(NamedTuple):
    """The fields, as APScheduler's CronTrigger takes them by keyword."""

    minute: str
    hour: str
    day: str
    month: str
    day_of_week: str
    second: str = "0"


class _Bounds(NamedTuple):
    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()  # the word at index i stands for lowest + i


_SECOND = _Bounds("second", 0, 59)
_FIELDS = (
    _Bounds("minute", 0, 59),
    _Bounds("hour", 0, 23),
    _Bounds("day of the month", 1, 31),
    _Bounds("month", 1, 12, _MONTHS),
    _Bounds("day of the week", 0, 7, _DAYS),
)


def read_cron(text: str) -> Cron:
    """Read a crontab line's time fields; 0 and 7 are Sunday, names in English, lists, ranges and steps allowed.

    A sixth field in front counts seconds, for tests and demonstrations. Raises ValueError with the field and what is wrong. A day of the month together with a day of the
    week is refused: crontab means either of them, other schedulers mean both.
    """
    fields = text.lower().split()
    second = "0"
    if len(fields) == len(_FIELDS) + 1:
        second = _as_text(_read_field(fields.pop(0), _SECOND), _SECOND)
    if len(fields) != len(_FIELDS):
        raise ValueError(f"a cron line has five fields (minute hour day month weekday), this has {len(fields)}")
    read = [_read_field(field, bounds) for field, bounds in zip(fields, _FIELDS, strict=True)]
    minute, hour, day, month = (_as_text(values, bounds) for values, bounds in zip(read[:4], _FIELDS[:4], strict=True))
    weekdays = _weekday_names(read[4])
    if day != "*" and weekdays != "*":
        raise ValueError("give a day of the month or a day of the week, not both: programs read the two differently")
    return Cron(minute, hour, day, month, weekdays, second)


def _read_field(field: str, bounds: _Bounds) -> frozenset[int]:
    return frozenset(value for part in field.split(",") for value in _read_part(part, bounds))


def _read_part(part: str, bounds: _Bounds) -> range:
    match = re.match(_PART, part)
    if match is None:
        raise ValueError(f"{bounds.name}: {part!r} is not a number, a range or *")
    step = int(match["step"] or 1)
    if step < 1:
        raise ValueError(f"{bounds.name}: a step must be at least 1")
    if match["first"] == "*":
        return range(bounds.lowest, bounds.highest + 1, step)
    first = _number(match["first"], bounds)
    last = _number(match["last"], bounds) if match["last"] else (bounds.highest if match["step"] else first)
    if last < first:
        raise ValueError(f"{bounds.name}: {part!r} runs backwards")
    return range(first, last + 1, step)


def _number(word: str, bounds: _Bounds) -> int:
    if word in bounds.words:
        return bounds.lowest + bounds.words.index(word)
    if not word.isdecimal() or not bounds.lowest <= int(word) <= bounds.highest:
        raise ValueError(f"{bounds.name}: {word!r} is not within {bounds.lowest} to {bounds.highest}")
    return int(word)


def _as_text(values: frozenset[int], bounds: _Bounds) -> str:
    if values == frozenset(range(bounds.lowest, bounds.highest + 1)):
        return "*"
    return ",".join(str(value) for value in sorted(values))


def _weekday_names(values: frozenset[int]) -> str:
    days = {value % 7 for value in values}
    if len(days) == len(_DAYS):
        return "*"
    return ",".join(_DAYS[day] for day in sorted(days))
