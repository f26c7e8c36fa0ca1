"""Datestamps, granularity and windows of time (OAI-PMH 2.0 section 3.3; Q1 to Q5, Q44 to Q46).

Instants are UTC text as the protocol writes them: `2026-11-23` or `2026-11-23T08:34:00Z`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

_SHAPE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_DAY = 10  # characters of a day
_SECONDS = 20  # characters of a time
_SECOND, _MINUTE, _DECADE = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=3650)
_LONGEST = 100


class Granularity(StrEnum):
    """How finely a repository stamps its records."""

    DAY = "day"
    SECONDS = "seconds"


def read_granularity(text: str | None) -> Granularity:
    """Give the granularity that Identify states; odd spellings are understood, anything else is day (Q46b)."""
    folded = (text or "").strip().upper().replace(" ", "")
    return Granularity.SECONDS if folded.startswith("YYYY-MM-DDTHH") else Granularity.DAY


def to_instant(text: str | None) -> str | None:
    """Give a datestamp in UTC as the protocol writes it, or None where it cannot be read (Q45).

    White space, fractions, offsets and a missing Z are understood; the precision stays as given.
    """
    return None if text is None or len(text) > _LONGEST else _instant(text)


@lru_cache(maxsize=4096)
def _instant(text: str) -> str | None:
    if len(text) == _SECONDS and text[-1] == "Z" and _is_said_so(text[:-1]):
        return text
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
        if hour is None:
            return at.strftime("%Y-%m-%d") if at.year >= 1000 else match[0]
        at = at.replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return _seconds(at)


def _is_said_so(text: str) -> bool:
    """Tell whether a time without its zone is written as the protocol writes it, at a twentieth of the cost of reading it."""
    try:
        return datetime.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _zone(text: str | None) -> timezone:
    if text is None or text[0].isalpha():
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:].lstrip(":") or 0)))


def _seconds(at: datetime) -> str:
    return f"{at.year:04d}-{at:%m-%dT%H:%M:%SZ}"


def to_granularity(text: str, granularity: Granularity, *, end: bool) -> str:
    """Say an instant in a granularity; a day as seconds is its first second, or its last with `end` (Q4)."""
    instant = to_instant(text)
    if instant is None:
        raise ValueError(f"{text!r} is no date")
    if granularity is Granularity.DAY:
        return instant[:_DAY]
    if len(instant) == _DAY:
        return f"{instant}T23:59:59Z" if end else f"{instant}T00:00:00Z"
    return instant


def next_from(first_response_date: str, granularity: Granularity, overlap_s: int) -> str | None:
    """Give the `from` of the next harvest: the first responseDate of the last proven list, less an overlap (design rule 2)."""
    instant = to_instant(first_response_date)
    if instant is None:
        return None
    try:
        at = _at(instant) - timedelta(seconds=overlap_s)
    except OverflowError:
        return None
    return to_granularity(_seconds(at), granularity, end=False)


def _at(instant: str) -> datetime:
    return datetime.fromisoformat(instant if len(instant) > _DAY else f"{instant}T00:00:00+00:00")


def sane_earliest(text: str | None, *, now: str) -> str | None:
    """Give earliestDatestamp, or None when it is absent, absurdly old or not in the past (Q44)."""
    instant = to_instant(text)
    if instant is None or instant[:4] < "1970" or instant[:_DAY] >= now[:_DAY]:
        return None
    return instant


Window = tuple[str | None, str | None]


def halve(
    from_: str | None, until: str | None, granularity: Granularity, *, floor: str | None, ceiling: str
) -> tuple[Window, Window] | None:
    """Cut a window in two neighbours without a gap, or give None when it is one unit wide.

    An open end stays open, so nothing can fall out below the floor or after the ceiling (Q7, Q44); `floor` and
    `ceiling` only tell where the middle is.
    """
    unit = timedelta(days=1) if granularity is Granularity.DAY else _SECOND
    low = _at(to_instant(from_) or to_instant(floor) or "1990-01-01")
    high = _at(to_granularity(until, Granularity.SECONDS, end=True)) if until else _at(ceiling)
    try:
        if from_ is None and high - low < timedelta(days=2):
            low = high - _DECADE
        if until is None and high - low < max(2 * unit, _MINUTE):  # the clock goes on: it would never end at `ceiling`
            high = low + max(_DECADE, 2 * (low - high))  # and records may be of the future (Q45)
    except OverflowError:
        return None
    if high - low < 2 * unit - _SECOND:
        return None
    middle = low + (high - low + _SECOND) / 2  # both ends belong to the window
    upper = to_granularity(_seconds(middle), granularity, end=False)
    lower = to_granularity(_seconds(_at(upper) - unit), granularity, end=True)
    if upper <= (from_ or "") or (until is not None and upper > until):
        return None
    return (from_, lower), (upper, until)


def is_before(instant: str | None, bound: str) -> bool:
    """Tell whether an instant lies wholly before a bound, whatever their granularities."""
    return instant is not None and instant[: min(len(instant), len(bound))] < bound[: min(len(instant), len(bound))]
