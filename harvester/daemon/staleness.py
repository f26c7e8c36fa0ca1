"""When a repository that was complete is called stale: no complete harvest for twice as long as was agreed. Pure."""

from datetime import datetime, timedelta

from harvester.daemon.due import Agreement

PERIODS = 2


def longest_silence(agreed: Agreement) -> timedelta:
    """Give how long a repository may be without a complete harvest before it is stale."""
    period = agreed.period if agreed.pace is None else max(agreed.period, agreed.pace.longest)
    return PERIODS * period


def why_stale(last: datetime, now: datetime, allowed: timedelta) -> str | None:
    """Say why a repository whose last complete harvest was at `last` is stale, or None where it is not."""
    if now - last <= allowed:
        return None
    return f"the last complete harvest was on {last:%Y-%m-%d}; by its schedule it is due"
