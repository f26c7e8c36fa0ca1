"""A consistent copy of a mirror in one file that is fit to be published."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from mirror_db.connection import BUSY_S, open_reader, translate

_LOCAL = ("leases", "seen", "appointments", "told", "alerts")  # what only the machine that harvests needs


def copy(db: Path, target: Path) -> None:
    """Write one state of the mirror at `db` to the new file `target`, compact, as an ordinary database without a log beside it.

    A harvest may go on meanwhile. What only this machine needs stays behind: who holds a repository, which process ran a harvest, the
    half-walked lists, the daemon's plans and messages. Raises a `MirrorError`, also when the disk is full.
    """
    open_reader(db).close()  # refuses what is no mirror
    try:
        if os.access(db, os.W_OK):
            vacuum(db, target)
        else:
            page_by_page(db, target)
        with closing(sqlite3.connect(target, isolation_level=None)) as conn:
            _tidy(conn)
    except sqlite3.Error as error:
        raise translate(target, error) from error


def vacuum(db: Path, target: Path) -> None:
    """Copy row by row, nothing is left of deleted ones.

    SQLite 3.40 miscounts generated columns when the source is open for reading only, so it is opened for writing; nothing is written.
    """
    with closing(
        sqlite3.connect(f"{db.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None)
    ) as conn:
        conn.execute("VACUUM INTO ?", (str(target),))


def page_by_page(db: Path, target: Path) -> None:
    """Copy a mirror that cannot be written, then make the copy compact: that takes twice the room for a while."""
    with closing(open_reader(db)) as conn, closing(sqlite3.connect(target, isolation_level=None)) as copied:
        conn.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")
        copied.execute("VACUUM")


def _tidy(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA journal_mode = DELETE")
    conn.execute("BEGIN")
    for table in _LOCAL:
        conn.execute(f"DELETE FROM {table}")
    conn.execute("UPDATE runs SET holder = NULL WHERE holder IS NOT NULL")
    conn.execute("COMMIT")
