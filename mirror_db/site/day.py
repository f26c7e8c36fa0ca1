"""The day that the pages take as today."""

import os
from datetime import UTC, date, datetime


def today() -> date:
    """Give the day of OAI_MIRROR_TODAY (YYYY-MM-DD) where it is set, so that a page can be repeated, else this day in UTC."""
    given = os.environ.get("OAI_MIRROR_TODAY")
    return date.fromisoformat(given) if given else datetime.now(UTC).date()
