"""Which repositories' figures are behind their records: a number that moves with every change of what is counted.

    records change -> `changes` + 1, in the same transaction
    figures are counted -> `counted` = what `changes` was in the state they were counted in, in the transaction that enters them

So the file itself tells whether figures are right, whichever process changed records or died before it could count them.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class Standing(NamedTuple):
    """How far a repository's figures are: `counted` is None where they were never counted."""

    changes: int
    counted: int | None

    @property
    def is_behind(self) -> bool:
        """Whether the figures have to be counted anew."""
        return self.changes != self.counted


def note(conn: sqlite3.Connection, repository: str) -> None:
    """Say, inside the caller's transaction, that something changed which the repository's figures count."""
    conn.execute(
        "INSERT INTO counted (repository, changes) VALUES (?, 1) ON CONFLICT (repository) DO UPDATE SET changes = changes + 1",
        (repository,),
    )


def note_of(conn: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Say so of the repositories of these records."""
    query = "SELECT DISTINCT repository FROM records WHERE id IN (SELECT value FROM json_each(?))"
    for row in conn.execute(query, (json.dumps([*numbers]),)).fetchall():
        note(conn, row[0])


def standings(conn: sqlite3.Connection) -> dict[str, Standing]:
    """Give how far the figures of each repository are."""
    query = "SELECT p.id, coalesce(c.changes, 0), c.counted FROM repositories AS p LEFT JOIN counted AS c ON c.repository = p.id"
    return {row[0]: Standing(row[1], row[2]) for row in conn.execute(query)}


def settle(conn: sqlite3.Connection, counted: Iterable[tuple[str, int]]) -> None:
    """Enter, inside the caller's transaction, at which number of changes each of these repositories was counted."""
    conn.executemany(
        "INSERT INTO counted (repository, counted) VALUES (?, ?) ON CONFLICT (repository) DO UPDATE SET counted = excluded.counted",
        counted,
    )
