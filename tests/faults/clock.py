"""Time that passes when somebody asks or sleeps, and never by itself."""

import threading
from datetime import UTC, datetime, timedelta

from harvester.stopping import Stopping

START = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


class VirtualClock:
    """The one clock of a test. Safe for threads."""

    def __init__(self, start: datetime = START) -> None:
        self._at = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Give the present."""
        return self._at

    def text(self) -> str:
        """Give the present as the protocol writes it."""
        return self._at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._at += timedelta(seconds=seconds)


class StopOrSleep(Stopping):
    """The event that stops a harvest, whose waits move the virtual clock instead of taking time."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock
        self.slept_s = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        """Pass the time at once."""
        if not self.is_set() and timeout:
            self._clock.advance(timeout)
            self.slept_s += timeout
        return self.is_set()
