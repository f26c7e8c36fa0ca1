"""What the daemon must know of each repository to decide, and what it decided, so that others can see it."""

import sqlite3
from typing import NamedTuple

REMEMBERED = 10  # harvests whose changes tell how busy a repository is

_STANDINGS = (
    "SELECT p.id, p.state, p.failures, p.not_before, coalesce(h.ended_at, h.started_at), h.outcome, "
    "(SELECT max(ended_at) FROM lists WHERE repository = p.id AND purpose = 'full' AND proven = 1 AND parent IS NULL), "
    "v.ended_at, v.outcome, "
    "EXISTS (SELECT 1 FROM lists WHERE repository = p.id AND ended_at IS NULL AND parent IS NULL AND purpose NOT IN ('window', 'verify')) "
    "FROM repositories AS p "
    "LEFT JOIN runs AS h ON h.id = (SELECT max(id) FROM runs WHERE repository = p.id AND kind IN ('harvest', 'full')) "
    "LEFT JOIN runs AS v ON v.id = "
    "(SELECT max(id) FROM runs WHERE repository = p.id AND kind = 'verify' AND ended_at IS NOT NULL) "
    "WHERE p.id = ?"
)
_BROUGHT = (
    "SELECT created + updated + deleted + restored + vanished > 0 FROM runs "
    "WHERE repository = ? AND kind IN ('harvest', 'full') AND outcome = 'complete' ORDER BY id DESC LIMIT ?"
)


class Standing(NamedTuple):
    """One repository as the mirror knows it; instants are UTC text."""

    repository: str
    state: str
    failures: int
    not_before: str | None
    ended_at: str | None  # of its newest harvest; the start of one that was never closed
    outcome: str | None  # of that harvest; `running` when it was never closed
    full_at: str | None  # of its newest proven full list
    verified_at: str | None
    verify_outcome: str | None
    unfinished: bool
    brought: tuple[bool, ...]  # newest first: did its complete harvests bring changes


class Appointment(NamedTuple):
    """What is done next with a repository."""

    repository: str
    at: str
    kind: str
    reason: str


def standing(conn: sqlite3.Connection, repository: str) -> Standing | None:
    """Give what is known of a repository, or None for one that is not in the mirror."""
    row = conn.execute(_STANDINGS, (repository,)).fetchone()
    if row is None:
        return None
    brought = tuple(bool(one[0]) for one in conn.execute(_BROUGHT, (repository, REMEMBERED)))
    return Standing._make((*row[:-1], bool(row[-1]), brought))


def appoint(conn: sqlite3.Connection, appointment: Appointment, *, now: str) -> None:
    """Keep what is done next; the caller holds a transaction."""
    conn.execute(
        "INSERT INTO appointments (repository, at, kind, reason, decided_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (repository) DO UPDATE SET at = excluded.at, kind = excluded.kind, reason = excluded.reason, "
        "decided_at = excluded.decided_at",
        (*appointment, now),
    )


def cancel(conn: sqlite3.Connection, repository: str) -> None:
    """Forget what was to be done with a repository."""
    conn.execute("DELETE FROM appointments WHERE repository = ?", (repository,))


def cancel_all(conn: sqlite3.Connection) -> None:
    """Forget every appointment: no daemon runs any more."""
    conn.execute("DELETE FROM appointments")


def appointments(conn: sqlite3.Connection) -> dict[str, Appointment]:
    """Give what is done next, by repository."""
    rows = conn.execute("SELECT repository, at, kind, reason FROM appointments ORDER BY repository")
    return {row[0]: Appointment(*row) for row in rows}
