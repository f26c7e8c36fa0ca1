"""What outside witnesses said, cached until it expires, and where they contradict the mirror. Records are never written here."""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from mirror_db.connection import transaction
from mirror_db.raw import pack


class Row(NamedTuple):
    """One row of `witnesses`; `answer` as text."""

    doi: str
    found: int
    is_open_access: int | None
    route: str | None
    license: str | None
    license_text: str | None
    url: str | None
    answer: str


_DUE = (
    "SELECT DISTINCT r.doi FROM records AS r LEFT JOIN witnesses AS w ON w.witness = :witness AND w.doi = r.doi "
    "WHERE r.doi IS NOT NULL AND r.deleted = 0 AND (w.doi IS NULL OR w.expires_at <= :now) "
    "AND (:repository IS NULL OR r.repository = :repository) ORDER BY r.doi LIMIT :limit"
)
_CONFLICTS = "SELECT * FROM witness_conflicts WHERE :repository IS NULL OR repository = :repository ORDER BY repository, doi, witness LIMIT :limit"


def due(conn: sqlite3.Connection, witness: str, repository: str | None, *, now: str, limit: int) -> list[str]:
    """Give DOIs of live records that a witness was never asked about, or whose answer has expired."""
    values = {"witness": witness, "repository": repository, "now": now, "limit": limit}
    return [row[0] for row in conn.execute(_DUE, values)]


def asked_since(conn: sqlite3.Connection, witness: str, instant: str) -> int:
    """Give how many DOIs a witness was asked about since an instant, UTC text."""
    query = "SELECT count(*) FROM witnesses WHERE witness = ? AND asked_at >= ?"
    return int(conn.execute(query, (witness, instant)).fetchone()[0])


def keep(conn: sqlite3.Connection, witness: str, rows: Sequence[Row], *, now: str, expires_at: str) -> None:
    """Write answers over older ones, in one transaction."""
    with transaction(conn):
        conn.executemany(
            "INSERT OR REPLACE INTO witnesses (witness, doi, found, is_open_access, route, license, license_text, url, answer, asked_at, "
            "expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(witness, *row[:-1], pack(row.answer.encode()), now, expires_at) for row in rows],
        )


def conflicts(conn: sqlite3.Connection, repository: str | None = None, *, limit: int = 1000) -> list[dict[str, Any]]:
    """Give the rows of `witness_conflicts`: records about which a witness says something else."""
    cursor = conn.execute(_CONFLICTS, {"repository": repository, "limit": limit})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
