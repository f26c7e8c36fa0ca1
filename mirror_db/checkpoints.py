"""Copying what was committed from the log into the file, beside the writer: copying waits for the disk, the writer need not.

    the writer commits to the log -> every second a thread copies what is new -> the writer's own checkpoint finds little left

Measured: within the writer, checkpoints are a tenth of the time of a first harvest. A checkpoint of this kind (PASSIVE) waits for
nobody and holds nobody up; what it has not copied when the process dies is copied by whoever opens the mirror next.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

EVERY_S = 1.0


@contextmanager
def beside_the_writer(path: Path) -> Iterator[None]:
    """Copy what is committed to the mirror at `path` once a second within the block."""
    over = threading.Event()
    thread = threading.Thread(target=_work, args=(path, over), name="checkpoints", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _work(path: Path, over: threading.Event) -> None:
    if over.wait(EVERY_S):
        return  # most runs of a schedule are shorter
    # What goes wrong here the writer meets as well, and tells.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA wal_autocheckpoint = 0")
        while not over.wait(EVERY_S):
            conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
