"""One request at a time per host, and a pause between two, shared by all repositories on that host."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pace:
    """The turns of all hosts; safe for threads. `clock` gives seconds, `sleep` may return early when stopping."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, interval_s: float) -> Iterator[float]:
        """Hold the host's turn for the block; gives the seconds that were waited. An interval of 0 waits for nobody."""
        if interval_s <= 0:
            yield 0.0
            return
        with self._lock:
            mine = self._hosts.setdefault(host, _Host())
        with mine.lock:
            wait = max(0.0, mine.next_at - self._clock())
            if wait:
                self._sleep(wait)
            try:
                yield wait
            finally:
                mine.next_at = self._clock() + interval_s * mine.slower

    def slow_down(self, host: str) -> float:
        """Double the host's interval, up to 16 times (Q37); gives the factor now in force."""
        with self._lock:
            mine = self._hosts.setdefault(host, _Host())
            mine.slower = min(16.0, mine.slower * 2)
            return mine.slower


class _Host:
    """The turn of one host."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_at = 0.0
        self.slower = 1.0
