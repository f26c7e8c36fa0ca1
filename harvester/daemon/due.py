"""When a repository is asked next and for what: pure decisions from what was agreed, what is known, and the clock.

appointment (deferred | never | stopped | failing | pace | cron) -> missed? -> kind -> allowed hours -> Next
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from harvester.daemon.hours import next_open
from harvester.daemon.pace import Pace, interval
from harvester.source import Hours

Fires = Callable[[datetime], datetime | None]  # the first time of a cron line after an instant, UTC
LONGEST_WAIT = timedelta(days=1)  # a failing repository is asked at least so often
AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed about the times of one repository."""

    id: str
    fires: Fires
    zone: ZoneInfo
    hours: tuple[Hours, ...] = ()  # of the day, in `zone`; empty: always
    offset: timedelta = timedelta()  # its own share of the jitter
    period: timedelta = timedelta(days=1)  # between two times of its cron line
    full_every: timedelta | None = None
    verify_every: timedelta | None = None
    first_retry: timedelta = timedelta(minutes=15)
    catch_up: bool = True
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the mirror knows of one repository; instants are UTC."""

    state: str = "never"
    failures: int = 0  # runs in a row that did not end complete
    not_before: datetime | None = None
    ended_at: datetime | None = None  # of its newest harvest, whatever its outcome
    outcome: str | None = None  # of that harvest
    full_at: datetime | None = None  # of its newest proven full list
    verified_at: datetime | None = None
    verified: bool = True  # that verification came to its end
    unfinished: bool = False  # a list waits to be gone on with
    brought: tuple[bool, ...] = ()  # newest first: did its complete harvests bring changes


class Next(NamedTuple):
    """What is done next: at an instant, harvest, full or verify, and why then."""

    at: datetime
    kind: str
    reason: str


class _Appointment(NamedTuple):
    at: datetime
    reason: str


def decide(agreed: Agreement, past: Past, now: datetime, *, awake_since: datetime) -> Next | None:
    """Decide what is done next with one repository; None when its cron line never comes.

    An appointment before `awake_since` was missed while no daemon ran: it is kept at once where catching up was agreed.
    One that was missed since (the machine slept) is always kept at once, and once, however many were missed.
    """
    appointment = _appointment(agreed, past)
    if appointment is None:
        return None
    kind, why = "harvest", appointment.reason
    check = _verification(agreed, past)
    if check is not None and check.at < appointment.at:
        appointment, kind, why = check, "verify", check.reason
    elif _is_full_due(agreed, past, max(appointment.at, now)):
        kind, why = "full", f"{appointment.reason}; everything is listed, {_days(agreed.full_every)} have passed"
    if appointment.at < awake_since and not agreed.catch_up:
        return _without_catching_up(agreed, kind, now)
    if appointment.at < now and appointment.at != AT_ONCE:
        why += f"; due since {appointment.at:%Y-%m-%dT%H:%M:%SZ}"
    return _in_hours(agreed, Next(max(appointment.at, now), kind, why))


def held_back(following: Next | None, until: datetime, reason: str) -> Next | None:
    """Give the same, but not before `until`."""
    if following is None or following.at >= until:
        return following
    return Next(until, following.kind, reason)


def wait_after(failures: int, first: timedelta) -> timedelta:
    """Give the wait after so many failed runs in a row: doubling from `first` to a day."""
    doubled = first * (1 << min(max(failures - 1, 0), 30))
    return min(doubled, max(LONGEST_WAIT, first))


def _appointment(agreed: Agreement, past: Past) -> _Appointment | None:
    if past.not_before is not None and past.not_before > (past.ended_at or AT_ONCE):
        return _Appointment(past.not_before, "the server asked not to be called before")
    if past.ended_at is None:
        return _Appointment(AT_ONCE, "never harvested")
    if past.outcome == "interrupted":
        return _Appointment(past.ended_at, "goes on where it was stopped")
    if past.state in {"failing", "blocked", "deferred"} or (past.state == "partial" and past.unfinished):
        return _again(agreed, past, past.ended_at)
    if agreed.pace is not None:
        paced = interval(agreed.pace, agreed.period, past.brought)
        return _Appointment(past.ended_at + paced.every, paced.reason)
    fire = agreed.fires(past.ended_at)
    return None if fire is None else _Appointment(fire + agreed.offset, "by its cron line")


def _again(agreed: Agreement, past: Past, ended_at: datetime) -> _Appointment:
    wait = LONGEST_WAIT if past.state == "blocked" else wait_after(past.failures, agreed.first_retry)
    times = "once" if past.failures == 1 else f"{past.failures} times in a row"
    return _Appointment(ended_at + wait, f"{past.state}, did not end complete {times}: again after {in_words(wait)}")


def _verification(agreed: Agreement, past: Past) -> _Appointment | None:
    """A full list proves as much as a verification; one that failed is tried again the next day."""
    if agreed.verify_every is None or past.state != "complete" or past.full_at is None:
        return None
    last = max(past.full_at, past.verified_at or past.full_at)
    every = agreed.verify_every if past.verified else min(agreed.verify_every, LONGEST_WAIT)
    return _Appointment(last + every, f"compared with the server's identifiers every {_days(agreed.verify_every)}")


def _is_full_due(agreed: Agreement, past: Past, at: datetime) -> bool:
    if agreed.full_every is None or past.full_at is None or past.state not in {"complete", "stale"}:
        return False
    return at - past.full_at >= agreed.full_every


def _without_catching_up(agreed: Agreement, kind: str, now: datetime) -> Next | None:
    fire = agreed.fires(now)
    if fire is None:
        return None
    return _in_hours(agreed, Next(fire + agreed.offset, kind, "by its cron line; what was missed is not caught up"))


def _in_hours(agreed: Agreement, following: Next) -> Next:
    opened = next_open(following.at, agreed.hours, agreed.zone)
    if opened == following.at:
        return following
    return Next(opened, following.kind, f"{following.reason}; waits for its allowed hours")


def _days(span: timedelta | None) -> str:
    return f"{span.days} days" if span is not None else ""


def in_words(span: timedelta) -> str:
    """Say a span in its largest fitting unit: 45 s, 15 min, 4 h, 1 d."""
    seconds = span.total_seconds()
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:g} {unit}" if seconds % size == 0 else f"{seconds / size:.1f} {unit}"
    return f"{seconds:g} s"
