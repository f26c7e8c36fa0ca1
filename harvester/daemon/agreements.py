"""From settings to what was agreed about the times of each repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from harvester.config import Settings, select
from harvester.config.sources import Agreed
from harvester.daemon.calendar import fires_of, offset_of, period_of
from harvester.daemon.due import Agreement, Past
from harvester.daemon.pace import Pace
from harvester.source import Source
from mirror_db.appointments import Standing


@dataclass(frozen=True, slots=True)
class Charge:
    """One repository in the daemon's charge: how it is asked, and when."""

    source: Source
    agreement: Agreement


def charges_of(settings: Settings, salt: str) -> Mapping[str, Charge]:
    """Give every enabled repository with its agreement; `salt` makes the jitter this machine's own."""
    return {source.id: Charge(source, agreement_of(settings, source, salt)) for source in select(settings)}


def agreement_of(settings: Settings, source: Source, salt: str = "") -> Agreement:
    """Give what was agreed about the times of a configured repository."""
    schedule = settings.schedule
    zone = ZoneInfo(schedule.timezone)
    fires = fires_of(source.cron or schedule.cron, zone)
    period = period_of(fires, datetime.now(UTC))
    return Agreement(
        id=source.id,
        fires=fires,
        zone=zone,
        hours=source.manners.allowed_hours,
        offset=offset_of(source.id, salt, jitter=timedelta(seconds=schedule.jitter_seconds), period=period),
        period=period,
        full_every=_days(schedule.full_resync_days),
        verify_every=_days(schedule.verify_days),
        first_retry=timedelta(seconds=schedule.retry_seconds),
        catch_up=schedule.catch_up,
        pace=_pace(Agreed(settings, settings.repositories[source.id])),
    )


def past_of(standing: Standing | None, now: datetime) -> Past:
    """Read what the mirror knows; a run that was never closed counts as interrupted."""
    if standing is None:
        return Past()
    ended = _instant(standing.ended_at)
    return Past(
        state=standing.state,
        failures=standing.failures,
        not_before=_instant(standing.not_before),
        ended_at=None if ended is None else min(ended, now),  # a clock may go back
        outcome="interrupted" if standing.outcome == "running" else standing.outcome,
        full_at=_instant(standing.full_at),
        verified_at=_instant(standing.verified_at),
        verified=standing.verify_outcome in (None, "complete"),
        unfinished=standing.unfinished,
        brought=standing.brought,
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _days(count: int) -> timedelta | None:
    return timedelta(days=count) if count else None


def _pace(agreed: Any) -> Pace | None:
    if agreed("pace") != "adaptive":
        return None
    shortest, longest = agreed("pace_min_hours"), agreed("pace_max_hours")
    return Pace(timedelta(hours=min(shortest, longest)), timedelta(hours=max(shortest, longest)))
