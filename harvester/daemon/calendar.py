"""Cron lines as functions of time, on APScheduler's CronTrigger, and each repository's own share of the jitter."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from harvester.config.cron import read_cron
from harvester.daemon.due import Fires

_TICK = timedelta(seconds=1)


def fires_of(line: str, zone: ZoneInfo) -> Fires:
    """Give the function that tells the first time of a cron line after an instant, in UTC; None when it never comes.

    A time that a change of the clock skips comes when the clock has been put forward; one that comes twice that night
    is kept once, unless the line counts every hour.
    """
    cron = read_cron(line)
    trigger = CronTrigger(timezone=zone, **cron._asdict())

    def following(after: datetime) -> datetime | None:
        fire = trigger.get_next_fire_time(None, (after.astimezone(UTC) + _TICK).astimezone(zone))
        return None if fire is None else fire.astimezone(UTC)

    def fires(after: datetime) -> datetime | None:
        fire = following(after)
        while fire is not None and cron.hour != "*" and _comes_twice(fire, zone):
            fire = following(fire)
        return fire

    return fires


def period_of(fires: Fires, now: datetime) -> timedelta:
    """Give the time between the next two times of a cron line; a day when there are none."""
    first = fires(now)
    second = fires(first) if first else None
    return second - first if first and second else timedelta(days=1)


def offset_of(repository: str, salt: str, *, jitter: timedelta, period: timedelta) -> timedelta:
    """Give a repository's share of the jitter: always the same for it here, another on every other machine (`salt`).

    At most a quarter of `period`, so that a line of every minute is not spread over a quarter of an hour.
    """
    widest = min(jitter, period / 4)
    digest = hashlib.sha256(f"{salt}\n{repository}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return timedelta(seconds=int(widest.total_seconds() * share))


def _comes_twice(fire: datetime, zone: ZoneInfo) -> bool:
    """Tell whether this is the second passing of an hour that the clock was put back over."""
    local = fire.astimezone(zone)
    return bool(local.fold)
