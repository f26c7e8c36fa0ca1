"""What is wrong with a repository's answers, grouped for its administrator: quarantined records and protocol faults."""

import sqlite3
from typing import Any, NamedTuple

from mirror_db.reports import rows

EXAMPLES = 5  # of each group
RUNS = 30  # the newest runs whose warnings and failures are told

Row = dict[str, Any]


class Defects(NamedTuple):
    """What a defect report tells of one repository; empty where nothing is known to be wrong."""

    repository: Row
    quarantined: tuple[Row, ...]  # why, records, examples
    warnings: tuple[Row, ...]  # code, times, last_seen, example
    failures: tuple[Row, ...]  # reason, times, last_seen
    learned: tuple[Row, ...]  # topic, value, why, learned_at


def defects(conn: sqlite3.Connection, repository: str) -> Defects:
    """Give what is known to be wrong. Raises KeyError where the mirror has no such repository."""
    found = rows(
        conn,
        "SELECT id, name, base_url, admin_emails, state, state_reason FROM repositories WHERE id = ?",
        (repository,),
    )
    if not found:
        raise KeyError(repository)
    return Defects(
        found[0],
        _quarantined(conn, repository),
        _warnings(conn, repository),
        _failures(conn, repository),
        learned(conn, repository),
    )


def learned(conn: sqlite3.Connection, repository: str) -> tuple[Row, ...]:
    """Give what was learnt of the server, with why and when."""
    query = "SELECT topic, value, why, learned_at FROM learned WHERE repository = ? ORDER BY topic"
    return tuple(rows(conn, query, (repository,)))


def _quarantined(conn: sqlite3.Connection, repository: str) -> tuple[Row, ...]:
    groups = rows(
        conn,
        "SELECT why, count(*) AS records FROM quarantine WHERE repository = ? AND resolved_at IS NULL "
        "GROUP BY why ORDER BY records DESC, why",
        (repository,),
    )
    query = (
        "SELECT oai_identifier, place, detail FROM quarantine WHERE repository = ? AND why = ? AND resolved_at IS NULL "
        "ORDER BY id DESC LIMIT ?"
    )
    return tuple(group | {"examples": rows(conn, query, (repository, group["why"], EXAMPLES))} for group in groups)


def _warnings(conn: sqlite3.Connection, repository: str) -> tuple[Row, ...]:
    query = (
        "SELECT w.code, count(*) AS times, max(r.started_at) AS last_seen, max(w.detail) AS example FROM warnings AS w "
        "JOIN runs AS r ON r.id = w.run WHERE r.id IN (SELECT id FROM runs WHERE repository = ? ORDER BY id DESC LIMIT ?) "
        "AND w.code NOT IN ('resumed') GROUP BY w.code ORDER BY times DESC, w.code"
    )
    return tuple(rows(conn, query, (repository, RUNS)))


def _failures(conn: sqlite3.Connection, repository: str) -> tuple[Row, ...]:
    query = (
        "SELECT reason, count(*) AS times, max(started_at) AS last_seen FROM (SELECT * FROM runs WHERE repository = ? "
        "ORDER BY id DESC LIMIT ?) WHERE outcome IN ('partial', 'failed', 'deferred') GROUP BY reason ORDER BY times DESC, reason"
    )
    return tuple(rows(conn, query, (repository, RUNS)))
