"""One request at a time per host, or as many as it has agreed to, and a pause between two, shared by all repositories on it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SLOWEST = 16.0
_PAUSE_S = 0.5  # what a host without a pause is slowed down from
_CALM = 20  # good answers after which a slowed host is asked twice as fast again


class Pace:
    """The turns of all hosts; safe for threads. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(
        self, host: str, interval_s: float, sleep: Callable[[float], None], *, at_once: int = 1
    ) -> Iterator[float]:
        """Hold a turn of the host for the block; gives the seconds that were waited.

        `sleep` may return early when the program is to stop. A host with an interval of 0 needs no pause, but a turn. Where
        several may ask `at_once`, the pause lies between any two begins, and between any end and the next begin.
        """
        mine = self._host(host)
        with mine.place(at_once):
            with mine.begin:
                wait = max(0.0, mine.next_at - self._clock())
                if wait:
                    sleep(wait)
                mine.next_at = self._clock() + mine.pause(interval_s)
            try:
                yield wait
            finally:
                mine.next_at = self._clock() + mine.pause(interval_s)

    def slow_down(self, host: str) -> float:
        """Double the host's interval, up to 16 times (Q37); gives the factor now in force."""
        mine = self._host(host)
        with self._lock:
            mine.slower = min(_SLOWEST, mine.slower * 2)
            mine.calm = 0
            return mine.slower

    def slower(self, host: str) -> float:
        """Give by how much the host is asked more slowly than agreed; 1: not at all."""
        return self._host(host).slower

    def keep_slow(self, host: str, factor: float) -> None:
        """Ask the host at least so much more slowly: what an earlier run learnt."""
        mine = self._host(host)
        with self._lock:
            mine.slower = min(_SLOWEST, max(mine.slower, factor))

    def went_well(self, host: str) -> None:
        """Note a good answer: after twenty in a row a slowed host is asked twice as fast again."""
        mine = self._host(host)
        if mine.slower == 1.0:
            return
        with self._lock:
            mine.calm += 1
            if mine.calm >= _CALM:
                mine.slower, mine.calm = max(1.0, mine.slower / 2), 0

    def _host(self, host: str) -> "_Host":
        with self._lock:
            return self._hosts.setdefault(host, _Host())


class _Host:
    """The turn of one host."""

    def __init__(self) -> None:
        self.begin = threading.Lock()
        self.next_at = 0.0
        self.slower = 1.0
        self.calm = 0
        self._asking = 0
        self._freed = threading.Condition()

    @contextmanager
    def place(self, at_once: int) -> Iterator[None]:
        """Hold one of the places for those who ask at the same time."""
        with self._freed:
            self._freed.wait_for(lambda: self._asking < at_once)
            self._asking += 1
        try:
            yield
        finally:
            with self._freed:
                self._asking -= 1
                self._freed.notify_all()

    def pause(self, interval_s: float) -> float:
        """Give the pause in force."""
        return interval_s if self.slower == 1.0 else max(interval_s, _PAUSE_S) * self.slower
