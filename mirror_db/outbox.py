"""Messages to people: what was told last, and what waits to be delivered. News and outbox move in one transaction."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from mirror_db.connection import transaction

KEPT_DAYS = 90  # of messages that were delivered or given up


class Waiting(NamedTuple):
    """One message for one way of telling."""

    id: int
    way: str
    message: str
    attempts: int


def told(conn: sqlite3.Connection) -> dict[str, str]:
    """Give the state that people were last told, by repository."""
    return dict(conn.execute("SELECT repository, state FROM told").fetchall())


def tell(
    conn: sqlite3.Connection, message: str, ways: Iterable[str], *, now: str, about: tuple[str, str] | None = None
) -> bool:
    """Put a message into the outbox for each way, and remember that the state in `about` (repository, state) is told.

    Gives False, and does nothing, where another has told that state meanwhile.
    """
    with transaction(conn):
        if about is not None:
            told_now = conn.execute(
                "INSERT INTO told (repository, state, told_at) VALUES (?, ?, ?) ON CONFLICT (repository) "
                "DO UPDATE SET state = excluded.state, told_at = excluded.told_at WHERE state <> excluded.state",
                (*about, now),
            )
            if told_now.rowcount < 1:
                return False
        conn.executemany(
            "INSERT INTO alerts (way, message, made_at, not_before) VALUES (?, ?, ?, ?)",
            ((way, message, now, now) for way in ways),
        )
    return True


def due(conn: sqlite3.Connection, *, now: str) -> tuple[Waiting, ...]:
    """Give the messages whose attempt is due, oldest first."""
    rows = conn.execute(
        "SELECT id, way, message, attempts FROM alerts WHERE ended_at IS NULL AND not_before <= ? ORDER BY id", (now,)
    )
    return tuple(Waiting(*row) for row in rows)


def delivered(conn: sqlite3.Connection, number: int, *, now: str) -> None:
    """Close a message that was taken."""
    with transaction(conn):
        conn.execute(
            "UPDATE alerts SET attempts = attempts + 1, ended_at = ?, problem = NULL WHERE id = ?", (now, number)
        )


def failed(conn: sqlite3.Connection, number: int, *, problem: str, again: str | None, now: str) -> None:
    """Note a failed attempt; `again` is the instant of the next one, None gives the message up."""
    with transaction(conn):
        conn.execute(
            "UPDATE alerts SET attempts = attempts + 1, problem = ?, not_before = coalesce(?, not_before), "
            "ended_at = CASE WHEN ? IS NULL THEN ? END WHERE id = ?",
            (problem, again, again, now, number),
        )


def prune(conn: sqlite3.Connection, *, before: str) -> int:
    """Drop messages that ended before an instant; gives how many."""
    with transaction(conn):
        return conn.execute("DELETE FROM alerts WHERE ended_at < ?", (before,)).rowcount
