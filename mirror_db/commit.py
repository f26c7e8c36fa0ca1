"""Committing pages: records, raw, evidence, quarantine, counters, the ledger and the next token in ONE transaction."""

import sqlite3
from collections.abc import Sequence

from mirror_db import ledger, raw, records, runs
from mirror_db.connection import transaction
from mirror_db.entries import Batch, Counts, Quarantined

MAX_QUARANTINED_BYTES = 1024 * 1024  # of one record: enough to see what is wrong


def commit(conn: sqlite3.Connection, batches: Sequence[Batch], *, now: str) -> Counts:
    """Write batches in order, all or nothing; `now` is UTC text. Raises `DiskFull`, `MirrorBusy` and their like."""
    total = Counts()
    with transaction(conn):
        for batch in batches:
            total = total.plus(_write(conn, batch, now))
    return total


def _write(conn: sqlite3.Connection, batch: Batch, now: str) -> Counts:
    counts = records.write(conn, batch.repository, batch.entries, run=batch.run, now=now)
    for item in batch.quarantined:
        _quarantine(conn, batch, item, now)
    _release(conn, batch, now)
    listed = len(batch.entries) + len(batch.unchanged) + len(batch.quarantined) + batch.duplicates
    repeats = batch.duplicates
    if batch.progress is not None:
        ledger.advance(conn, batch.progress, run=batch.run)
        if batch.track_seen:
            repeats += _remember(conn, batch, batch.progress.list)
    counts = counts.plus(
        Counts(
            pages=0 if batch.progress is None else batch.progress.pages,
            listed=listed,
            unchanged=len(batch.unchanged),
            duplicates=repeats,
            quarantined=len(batch.quarantined),
        )
    )
    runs.count(conn, batch.run, counts)
    runs.warn(conn, batch.run, batch.warnings)
    return counts


def _remember(conn: sqlite3.Connection, batch: Batch, number: int) -> int:
    """Mark who was met; gives how many had been met before in this list."""
    ids = (*batch.unchanged, *records.ids_of(conn, batch.repository, (e.record.oai_identifier for e in batch.entries)))
    return len(ids) - ledger.mark_seen(conn, number, ids)


def _quarantine(conn: sqlite3.Connection, batch: Batch, item: Quarantined, now: str) -> None:
    number = None if batch.progress is None else batch.progress.list
    conn.execute(
        "INSERT INTO quarantine (repository, run, list, prefix, oai_identifier, place, why, detail, digest, body, first_seen_at, "
        "last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repository, prefix, digest) DO UPDATE SET "
        "run = excluded.run, list = excluded.list, place = excluded.place, last_seen_at = excluded.last_seen_at, resolved_at = NULL",
        (
            batch.repository,
            batch.run,
            number,
            *item[:-1],
            raw.pack(item.body[:MAX_QUARANTINED_BYTES]),
            now,
            now,
        ),
    )


def _release(conn: sqlite3.Connection, batch: Batch, now: str) -> None:
    """A record that can be read after all leaves the quarantine."""
    waiting = {
        row[0]
        for row in conn.execute(
            "SELECT oai_identifier FROM quarantine WHERE repository = ? AND prefix = ? AND resolved_at IS NULL",
            (batch.repository, batch.prefix),
        )
    }
    freed = waiting & {entry.record.oai_identifier for entry in batch.entries} if waiting else set()
    conn.executemany(
        "UPDATE quarantine SET resolved_at = ? WHERE repository = ? AND oai_identifier = ? AND resolved_at IS NULL",
        ((now, batch.repository, identifier) for identifier in freed - {q.oai_identifier for q in batch.quarantined}),
    )
