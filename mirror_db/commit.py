"""Committing pages: records, raw, evidence, quarantine, counters, the ledger and the next token in ONE transaction."""

import sqlite3
from collections.abc import Sequence

from mirror_db import beside, ledger, quarantine, records, runs
from mirror_db.connection import transaction
from mirror_db.entries import Batch, Counts


def commit(conn: sqlite3.Connection, batches: Sequence[Batch], *, now: str) -> Counts:
    """Write batches in order, all or nothing; `now` is UTC text. Raises `DiskFull`, `MirrorBusy` and their like."""
    total = Counts()
    with transaction(conn):
        for batch in batches:
            total = total.plus(_write(conn, batch, now))
    return total


def _write(conn: sqlite3.Connection, batch: Batch, now: str) -> Counts:
    number = None if batch.progress is None else batch.progress.list
    if batch.beside:
        counts, numbers = beside.take_in(conn, batch.repository, batch.entries, run=batch.run, now=now)
    else:
        counts, numbers = records.write(conn, batch.repository, batch.entries, run=batch.run, now=now, within=number)
    quarantine.keep(conn, batch, now=now)
    quarantine.release(conn, batch, now=now)
    listed = len(batch.entries) + len(batch.unchanged) + len(batch.quarantined) + batch.duplicates
    repeats = batch.duplicates
    if batch.progress is not None:
        ledger.advance(conn, batch.progress, run=batch.run)
        if batch.track_seen:
            met = (*batch.unchanged, *numbers)
            # The others had been met before in this list.
            repeats += len(met) - ledger.mark_seen(conn, batch.progress.list, met)
    pages = 0 if batch.progress is None else batch.progress.pages
    quarantined = len(batch.quarantined)
    if batch.beside:  # its records are counted already
        counts = counts.plus(Counts(pages=pages, quarantined=quarantined))
    else:
        unchanged = len(batch.unchanged)
        counts = counts.plus(
            Counts(pages=pages, listed=listed, unchanged=unchanged, duplicates=repeats, quarantined=quarantined)
        )
    runs.count(conn, batch.run, counts)
    runs.warn(conn, batch.run, batch.warnings)
    return counts
