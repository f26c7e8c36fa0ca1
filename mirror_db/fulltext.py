"""Full text of records, brought up to date in batches: many small flushes cost several times as much as a few large ones.

The setting `full_text_to` is the number of the newest record that was indexed when new; every later one waits. It moves in
the transaction that indexes, so that a kill leaves the index sound and the next run catches up.
"""

import sqlite3

from mirror_db.connection import transaction

COLUMNS = ("title", "creators", "subjects", "description")
BATCH = 8_000  # records indexed in one transaction: about a third of a second
_KEY = "full_text_to"

Text = tuple[object, ...]


def indexed_to(conn: sqlite3.Connection) -> int:
    """Give the number up to which records are indexed."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (_KEY,)).fetchone()
    return 0 if row is None else int(row[0])


def waiting(conn: sqlite3.Connection) -> int:
    """Give how many numbers at most wait to be indexed."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0]) - indexed_to(conn)


def catch_up(conn: sqlite3.Connection) -> None:
    """Index all that waits, a bounded batch per transaction."""
    while waiting(conn) > 0:
        with transaction(conn):
            index_next(conn)


def index_next(conn: sqlite3.Connection) -> None:
    """Index the next batch inside the caller's transaction."""
    begin = indexed_to(conn)
    newest = int(conn.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0])
    end = min(begin + BATCH, newest)
    conn.execute(
        "INSERT INTO records_fts (rowid, title, creators, subjects, description) "
        "SELECT id, title, creators, subjects, description FROM records WHERE id > ? AND id <= ? AND deleted = 0",
        (begin, end),
    )
    conn.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (_KEY, str(end)))


def change(conn: sqlite3.Connection, number: int, *, before: Text | None, after: Text | None) -> None:
    """Follow a change of one record's text; None where it is not live. What waits is left to its batch."""
    if before == after or number > indexed_to(conn):
        return
    if before is not None:
        conn.execute(
            "INSERT INTO records_fts (records_fts, rowid, title, creators, subjects, description) "
            "VALUES ('delete', ?, ?, ?, ?, ?)",
            (number, *before),
        )
    if after is not None:
        conn.execute(
            "INSERT INTO records_fts (rowid, title, creators, subjects, description) VALUES (?, ?, ?, ?, ?)",
            (number, *after),
        )
