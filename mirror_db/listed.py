"""What ListIdentifiers lists, held beside the mirror while a verification runs, and compared with it in SQL.

The table is temporary: it lives on disk, whatever its size, and ends with the connection.
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

Header = tuple[str, str | None, int]  # identifier, datestamp, deleted

_MAKE = (
    "CREATE TEMP TABLE IF NOT EXISTS listed (run INTEGER NOT NULL, oai_identifier TEXT NOT NULL, datestamp TEXT, "
    "deleted INTEGER NOT NULL, PRIMARY KEY (run, oai_identifier)) WITHOUT ROWID"
)


class Difference(NamedTuple):
    """One record in which the mirror and the server's list differ."""

    kind: str  # missing, extra, deleted, live or datestamp
    oai_identifier: str
    here: str | None  # the datestamp in the mirror
    there: str | None  # the datestamp in the list


def add(conn: sqlite3.Connection, run: int, headers: Sequence[Header]) -> None:
    """Keep headers; of two with one identifier the newer datestamp stays, at a tie the live one (Q24)."""
    conn.execute(_MAKE)
    conn.executemany(
        "INSERT INTO listed (run, oai_identifier, datestamp, deleted) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
        "datestamp = excluded.datestamp, deleted = excluded.deleted WHERE coalesce(excluded.datestamp, '') > "
        "coalesce(datestamp, '') OR (excluded.datestamp IS datestamp AND excluded.deleted < deleted)",
        ((run, *header) for header in headers),
    )


def count(conn: sqlite3.Connection, run: int) -> int:
    """Give how many different records are listed."""
    conn.execute(_MAKE)
    return int(conn.execute("SELECT count(*) FROM listed WHERE run = ?", (run,)).fetchone()[0])


def differences(conn: sqlite3.Connection, repository: str, run: int) -> tuple[Difference, ...]:
    """Compare the list of a run with the mirror, by identifier."""
    conn.execute(_MAKE)
    query = (
        "SELECT CASE WHEN r.id IS NULL THEN 'missing' WHEN l.deleted > r.deleted THEN 'deleted' "
        "WHEN l.deleted < r.deleted THEN 'live' ELSE 'datestamp' END, l.oai_identifier, r.datestamp, l.datestamp "
        "FROM listed AS l LEFT JOIN records AS r ON r.repository = :repository AND r.oai_identifier = l.oai_identifier "
        "WHERE l.run = :run AND (r.id IS NULL AND l.deleted = 0 OR r.deleted <> l.deleted "
        "OR r.deleted = 0 AND r.datestamp IS NOT l.datestamp) "
        "UNION ALL SELECT 'extra', r.oai_identifier, r.datestamp, NULL FROM records AS r "
        "WHERE r.repository = :repository AND r.deleted = 0 "
        "AND NOT EXISTS (SELECT 1 FROM listed AS l WHERE l.run = :run AND l.oai_identifier = r.oai_identifier) ORDER BY 1, 2"
    )
    rows = conn.execute(query, {"repository": repository, "run": run})
    return tuple(Difference(*row) for row in rows)


def forget(conn: sqlite3.Connection, run: int) -> None:
    """Drop the list of a run."""
    conn.execute(_MAKE)
    conn.execute("DELETE FROM listed WHERE run = ?", (run,))
