"""The word that ends a run: said by a signal's handler, by another thread or by the code itself; heard while sleeping."""

import threading
from contextlib import suppress


class Stopping:
    """What `threading.Event` is, for a signal's handler: an event has a lock of Python's own in both `wait` and `set`.

    A handler runs in the main thread between two steps of what that was doing. Where it is at the beginning or the end
    of an event's `wait`, the handler's `set` waits for a lock that its own thread holds, for ever. Here nothing waits
    but for one gate, which `set` opens and nobody closes; opening never waits.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._gate = threading.Lock()
        self._gate.acquire()

    def is_set(self) -> bool:
        """Tell whether the work is to end."""
        return self._is_set

    def set(self) -> None:
        """Say that the work is to end: once or often, from any thread, in a signal's handler too."""
        self._is_set = True
        self._open()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the work is to end, at most `timeout` seconds; tell whether it is."""
        if not self._is_set and self._gate.acquire(timeout=-1 if timeout is None else max(timeout, 0)):
            self._open()  # for the next one who waits
        return self._is_set

    def _open(self) -> None:
        with suppress(RuntimeError):  # it is open: somebody else was quicker
            self._gate.release()
