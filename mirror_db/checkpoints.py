"""Copying what was committed from the log into the file, beside the writer: copying waits for the disk, the writer need not.

    the writer commits to the log -> every second a thread copies what is new -> the writer's own checkpoint finds little left
                                     and once more while the writer counts

Measured: within the writer, checkpoints are a tenth of the time of a first harvest. A checkpoint of this kind (PASSIVE) waits for
nobody and holds nobody up; what it has not copied when the process dies is copied by whoever opens the mirror next.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

EVERY_S = 1.0
MUCH_BYTES = 1024 * 1024  # in the log: less is copied by the writer as it closes


class _Clock:
    """When to copy: once a second, and when asked to."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self.is_over = False

    def now(self) -> None:
        """Let what is committed be copied now; waits for nothing."""
        self._told.set()

    def end(self) -> None:
        """Let nothing more be copied."""
        self.is_over = True
        self._told.set()

    def tick(self) -> bool:
        """Wait for the next time; False at the end."""
        self._told.wait(EVERY_S)
        self._told.clear()
        return not self.is_over


@contextmanager
def beside_the_writer(path: Path) -> Iterator[Callable[[], None]]:
    """Copy what is committed to the mirror at `path` once a second within the block; gives what asks for it at once."""
    clock = _Clock()
    thread = threading.Thread(target=_work, args=(path, clock), name="checkpoints", daemon=True)
    thread.start()
    try:
        yield clock.now
    finally:
        clock.end()
        thread.join()


def _work(path: Path, clock: _Clock) -> None:
    log = path.with_name(f"{path.name}-wal")
    while clock.tick():
        if _is_much(log):  # most runs of a schedule write little
            break
    else:
        return
    # What goes wrong here the writer meets as well, and tells.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA wal_autocheckpoint = 0")
        while True:
            conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
            if not clock.tick():
                return


def _is_much(log: Path) -> bool:
    try:
        return log.stat().st_size >= MUCH_BYTES
    except OSError:
        return False
