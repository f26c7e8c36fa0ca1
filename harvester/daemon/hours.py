"""The hours in which a repository may be asked: by the wall clock of its zone, through every change of that clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from harvester.source import Hours, is_open


def is_allowed(at: datetime, hours: tuple[Hours, ...], zone: ZoneInfo) -> bool:
    """Tell whether the instant lies within the hours; no hours: always."""
    local = at.astimezone(zone)
    return is_open(hours, local.hour * 60 + local.minute)


def next_open(at: datetime, hours: tuple[Hours, ...], zone: ZoneInfo) -> datetime:
    """Give `at` itself when it lies within the hours, else the next instant at which they open, in UTC.

    A span that a change of the clock swallows whole opens on the day after.
    """
    if is_allowed(at, hours, zone):
        return at
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    openings = (
        (midnight + timedelta(days=day, minutes=span.opens)).replace(tzinfo=zone).astimezone(UTC)
        for day in range(3)
        for span in hours
    )
    return min(instant for instant in openings if instant > at and is_allowed(instant, hours, zone))
