"""A request that ends when the process is asked to stop, however long the server keeps silent, and that may be sent ahead.

ask -> a thread of its own sends and waits -> answer, or INTERRUPTED soon after the wish to stop, the thread left behind

A request that is known to come next is on its way while the page before it is read and written; there is one at a time
all the same.
"""

import queue
import threading
from collections.abc import Callable

from harvester.net.types import Fault, FaultKind, Reply
from harvester.oai.types import Request

Fetch = Callable[[Request], Reply | Fault]

LOOK_EVERY_S = 0.2
GRACE_S = 2.0  # an answer that is about to come is still taken


class Prompt:
    """Sends requests one after the other in a daemon thread; `is_left_behind` tells that one was not waited for."""

    def __init__(self, fetch: Fetch, stopping: threading.Event, *, end: Callable[[], None] = lambda: None) -> None:
        self._fetch = fetch
        self._end = end  # closes what `fetch` works with, once nothing is under way
        self._stopping = stopping
        self._asks: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Reply | Fault | Exception] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._expected: Request | None = None
        self.is_left_behind = False

    def expect(self, request: Request) -> None:
        """Send a request now: it will be fetched next. Where something else is fetched, its answer is dropped."""
        if self._expected is None and not self._stopping.is_set():
            self._expected = request
            self._send(request)

    def fetch(self, request: Request) -> Reply | Fault:
        """Send a request, if it was not sent ahead. What the sender raises is raised here."""
        expected, self._expected = self._expected, None
        if expected is not None and expected != request:
            self._wait()
        if expected != request:
            self._send(request)
        got = self._wait()
        if isinstance(got, Exception):
            raise got
        return got

    def close(self) -> None:
        """Let the thread end and close what it works with; an answer that nobody fetched is not waited for."""
        self.is_left_behind = self.is_left_behind or self._expected is not None
        self._asks.put(None)
        if self._thread is None:
            self._end()
        elif not self.is_left_behind:
            self._thread.join(GRACE_S)

    def _send(self, request: Request) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="fetch", daemon=True)
            self._thread.start()
        self._asks.put(request)

    def _wait(self) -> Reply | Fault | Exception:
        grace_s = GRACE_S
        while grace_s > 0:
            try:
                return self._answers.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                grace_s -= LOOK_EVERY_S if self._stopping.is_set() else 0
        self.is_left_behind = True
        return Fault(FaultKind.INTERRUPTED, "stopped as asked, without waiting for the server", "")

    def _work(self) -> None:
        while (request := self._asks.get()) is not None:
            try:
                got: Reply | Fault | Exception = self._fetch(request)
            except Exception as error:
                got = error
            self._answers.put(got)
        self._end()
