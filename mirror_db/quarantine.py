"""The quarantine: bytes that could not be read as a record, kept until the record can be read or is no more."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mirror_db import raw, records
from mirror_db.entries import Batch

MAX_BYTES = 1024 * 1024  # of one record: enough to see what is wrong


class QuarantinedRow(NamedTuple):
    """A record that waits in quarantine; `oai_identifier` is None where it could not be told."""

    id: int
    prefix: str
    oai_identifier: str | None
    why: str
    is_listed: bool  # it stood in a list, of which no later full one is proven that did not show it


def keep(conn: sqlite3.Connection, batch: Batch, *, now: str) -> None:
    """Enter a batch's unreadable records, each once by its bytes; in which list one stood is kept when it is asked for alone."""
    number = None if batch.progress is None else batch.progress.list
    conn.executemany(
        "INSERT INTO quarantine (repository, run, list, prefix, oai_identifier, place, why, detail, digest, body, first_seen_at, "
        "last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repository, prefix, digest) DO UPDATE SET "
        "run = excluded.run, list = coalesce(excluded.list, list), place = excluded.place, last_seen_at = excluded.last_seen_at, resolved_at = NULL",
        (
            (batch.repository, batch.run, number, *item[:-1], raw.pack(item.body[:MAX_BYTES]), now, now)
            for item in batch.quarantined
        ),
    )


def release(conn: sqlite3.Connection, batch: Batch, *, now: str) -> None:
    """Let out what a batch brought in a readable form, or as deleted."""
    waiting = {
        row[0]
        for row in conn.execute(
            "SELECT oai_identifier FROM quarantine WHERE repository = ? AND prefix = ? AND resolved_at IS NULL",
            (batch.repository, batch.prefix),
        )
    }
    if not waiting:
        return
    read = {entry.record.oai_identifier for entry in batch.entries} | records.names_of(conn, batch.unchanged)
    freed = waiting & read - {item.oai_identifier for item in batch.quarantined}
    resolve(conn, batch.repository, batch.prefix, freed, now=now)


def resolve(conn: sqlite3.Connection, repository: str, prefix: str, identifiers: Iterable[str], *, now: str) -> None:
    """Let records out: they were read after all, or the server holds them no more."""
    conn.executemany(
        "UPDATE quarantine SET resolved_at = ? WHERE repository = ? AND prefix = ? AND oai_identifier = ? AND resolved_at IS NULL",
        ((now, repository, prefix, identifier) for identifier in identifiers),
    )


def resolve_unlisted(conn: sqlite3.Connection, repository: str, prefix: str, lists: Sequence[int], *, now: str) -> None:
    """Let out what none of these proven full lists has shown any more."""
    marks = ", ".join("?" * len(lists))
    conn.execute(
        "UPDATE quarantine SET resolved_at = ? WHERE repository = ? AND prefix = ? AND resolved_at IS NULL "
        f"AND (list IS NULL OR list NOT IN ({marks}))",
        (now, repository, prefix, *lists),
    )


def waiting_outside(conn: sqlite3.Connection, repository: str, run: int) -> tuple[QuarantinedRow, ...]:
    """Give what waits and was not met by `run`, oldest first."""
    query = (
        "SELECT id, prefix, oai_identifier, why, list FROM quarantine WHERE repository = ? AND resolved_at IS NULL AND run <> ? "
        "ORDER BY id"
    )
    rows = conn.execute(query, (repository, run))
    return tuple(QuarantinedRow(one, prefix, name, why, row is not None) for one, prefix, name, why, row in rows)


def waiting(conn: sqlite3.Connection, repository: str) -> int:
    """Give how many records wait; one that was met broken in two ways counts once."""
    query = (
        "SELECT count(DISTINCT coalesce(oai_identifier, hex(digest))) FROM quarantine "
        "WHERE repository = ? AND resolved_at IS NULL"
    )
    return int(conn.execute(query, (repository,)).fetchone()[0])
