"""The day on which access is judged."""

from datetime import UTC, date, datetime

from harvester.config import Settings


def today(settings: Settings) -> date:
    """Give the day that `OAI_MIRROR_TODAY` fixes, else today in UTC."""
    return settings.today or datetime.now(UTC).date()
