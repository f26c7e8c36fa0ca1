"""Runs and their warnings: what was done, when, and how it ended."""

import sqlite3
from collections.abc import Iterable, Mapping

from mirror_db.entries import Counts, Warned

MAX_WARNINGS_OF_A_CODE = 20  # per run: a server that errs on every page fills no table


def begin(conn: sqlite3.Connection, repository: str, kind: str, *, now: str, holder: str, version: str) -> int:
    """Open a run and give its number; runs of dead processes must have been closed before (`close_dead`)."""
    run = begin_upkeep(conn, repository, kind, now=now, holder=holder, version=version)
    conn.execute("UPDATE repositories SET last_run = ? WHERE id = ?", (run, repository))
    return run


def begin_upkeep(conn: sqlite3.Connection, repository: str, kind: str, *, now: str, holder: str, version: str) -> int:
    """Open a run that asks nothing of the server: the newest harvest stays the run that `status` speaks of."""
    cursor = conn.execute(
        "INSERT INTO runs (repository, kind, started_at, holder, version) VALUES (?, ?, ?, ?, ?)",
        (repository, kind, now, holder, version),
    )
    return int(cursor.lastrowid or 0)


def count(conn: sqlite3.Connection, run: int, counts: Counts) -> None:
    """Add to the run's counters."""
    moved = {name: value for name, value in counts._asdict().items() if value}
    add(conn, run, moved)


def add(conn: sqlite3.Connection, run: int, figures: Mapping[str, float]) -> None:
    """Add figures to columns of the run; the names come from code, never from a server."""
    if figures:
        terms = ", ".join(f"{name} = {name} + ?" for name in figures)
        conn.execute(f"UPDATE runs SET {terms} WHERE id = ?", (*figures.values(), run))


def end(conn: sqlite3.Connection, run: int, *, outcome: str, reason: str | None, now: str) -> None:
    """Close a run."""
    conn.execute("UPDATE runs SET outcome = ?, reason = ?, ended_at = ? WHERE id = ?", (outcome, reason, now, run))


def warn(conn: sqlite3.Connection, run: int, warnings: Iterable[Warned]) -> None:
    """Keep warnings, at most `MAX_WARNINGS_OF_A_CODE` of one code per run."""
    for warning in warnings:
        row = conn.execute("SELECT count(*) FROM warnings WHERE run = ? AND code = ?", (run, warning.code)).fetchone()
        if row[0] < MAX_WARNINGS_OF_A_CODE:
            conn.execute("INSERT INTO warnings (run, code, detail) VALUES (?, ?, ?)", (run, *warning))


def count_warnings(conn: sqlite3.Connection, run: int, code: str) -> int:
    """Give how many warnings of a code are kept of a run."""
    return int(conn.execute("SELECT count(*) FROM warnings WHERE run = ? AND code = ?", (run, code)).fetchone()[0])


def close_dead(conn: sqlite3.Connection, repository: str, *, now: str) -> int:
    """Close runs that a dead process left open; the caller holds the repository's lease. Gives how many."""
    why = "the process ended without closing the run"
    return end_open(conn, repository, outcome="interrupted", reason=why, now=now)


def end_open(conn: sqlite3.Connection, repository: str, *, outcome: str, reason: str, now: str) -> int:
    """Close whatever run of the repository is open, for a process that is known to be dead. Gives how many."""
    cursor = conn.execute(
        "UPDATE runs SET outcome = ?, ended_at = ?, reason = ? WHERE repository = ? AND outcome = 'running'",
        (outcome, now, reason, repository),
    )
    return cursor.rowcount


def counters(conn: sqlite3.Connection, run: int) -> dict[str, object]:
    """Give the run's row by column name."""
    cursor = conn.execute("SELECT * FROM runs WHERE id = ?", (run,))
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))
