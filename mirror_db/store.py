"""The writer as the engine sees it: one object, plain values in and out, pages gathered into larger transactions.

Batches wait until `commit_records` records or `commit_seconds` have gathered; every other call writes them first, so that
what is asked is never older than what was handed in. A kill loses only what waits, and the ledger still holds the token
from which it is asked again.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from mirror_db import commit, fulltext, leases, ledger, records, repositories, runs
from mirror_db.connection import transaction
from mirror_db.entries import Batch, Counts, Known, Warned
from mirror_db.model import MirrorRecord
from mirror_db.raw import Packer

_T = TypeVar("_T")


def utc_now() -> str:
    """Give this instant as the mirror writes instants: 2026-11-23T08:34:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """The one writer of a mirror; use it from one thread at a time."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        *,
        now: Callable[[], str] = utc_now,
        commit_records: int = 1000,
        commit_seconds: float = 1.0,
    ) -> None:
        self._conn = conn
        self._now = now
        self._packer = Packer(conn)
        self._commit_records = commit_records
        self._commit_seconds = commit_seconds
        self._waiting: list[Batch] = []
        self._records = 0
        self._flushed_at = time.monotonic()
        self.holder = leases.this_process()

    # -- pages

    def commit(self, batch: Batch) -> None:
        """Take a page; it is on disk after `flush`, at the latest when enough has gathered."""
        batch = self._packer.packed(batch, now=self._now())
        self._waiting.append(batch)
        self._records += len(batch.entries) + len(batch.unchanged)
        late = time.monotonic() - self._flushed_at >= self._commit_seconds
        if late or self._records >= self._commit_records:
            self.flush()

    def flush(self) -> Counts:
        """Write what waits, in one transaction, and a batch of full text when enough of it has gathered."""
        waiting, self._waiting, self._records = self._waiting, [], 0
        counts = commit.commit(self._conn, waiting, now=self._now()) if waiting else Counts()
        if fulltext.waiting(self._conn) >= fulltext.BATCH:
            fulltext.catch_up(self._conn)
        self._flushed_at = time.monotonic()
        return counts

    def known(self, repository: str, prefix: str, identifiers: Sequence[str]) -> dict[str, Known]:
        """Give what the mirror holds of these identifiers (what waits is not looked at)."""
        return records.known(self._conn, repository, prefix, identifiers)

    def holds_any(self, repository: str) -> bool:
        """Tell whether the mirror holds any record of the repository."""
        self.flush()
        query = "SELECT 1 FROM records WHERE repository = ? LIMIT 1"
        return self._conn.execute(query, (repository,)).fetchone() is not None

    # -- runs and leases

    def begin_run(self, repository: str, kind: str, *, version: str) -> int:
        """Take the repository's lease and open a run. Raises `Held`."""

        def work(now: str) -> int:
            leases.take(self._conn, repository, self.holder, now=now)
            runs.close_dead(self._conn, repository, now=now)
            return runs.begin(self._conn, repository, kind, now=now, holder=self.holder.name, version=version)

        return self._write(work)

    def end_run(self, repository: str, run: int, *, outcome: str, reason: str | None) -> dict[str, object]:
        """Bring the full text up to date, close the run, give the lease back, and give the run's row."""
        self.flush()
        fulltext.catch_up(self._conn)

        def work(now: str) -> None:
            runs.end(self._conn, run, outcome=outcome, reason=reason, now=now)
            leases.release(self._conn, repository, self.holder)

        self._write(work)
        return runs.counters(self._conn, run)

    def beat(self, repository: str) -> None:
        """Show that the holder of the lease lives."""
        self._write(lambda now: leases.beat(self._conn, repository, now=now))

    def add_figures(self, run: int, figures: Mapping[str, float]) -> None:
        """Add figures to the run's row."""
        self._write(lambda now: runs.add(self._conn, run, figures))

    def warn(self, run: int, warnings: Sequence[Warned]) -> None:
        """Keep warnings of the run."""
        self._write(lambda now: runs.warn(self._conn, run, warnings))

    def warnings(self, run: int) -> tuple[str, ...]:
        """Give the run's warnings as `code: detail`."""
        self.flush()
        rows = self._conn.execute("SELECT code, detail FROM warnings WHERE run = ? ORDER BY id", (run,))
        return tuple(f"{code}: {detail}" for code, detail in rows)

    def counters(self, run: int) -> dict[str, object]:
        """Give the run's row as it stands."""
        self.flush()
        return runs.counters(self._conn, run)

    # -- repositories

    def enter(self, repository: str, *, name: str, base_url: str, country: str | None = None) -> None:
        """Make sure that the repository has a row."""
        self._write(
            lambda now: repositories.enter(self._conn, repository, name=name, base_url=base_url, country=country)
        )

    def standing(self, repository: str) -> repositories.Standing | None:
        """Give what is known of the repository."""
        return repositories.standing(self._conn, repository)

    def identified(self, repository: str, facts: Mapping[str, str | None]) -> None:
        """Keep what Identify said."""
        self._write(lambda now: repositories.identified(self._conn, repository, facts, now=now))

    def settle(self, repository: str, *, state: str, reason: str | None) -> None:
        """Enter the state after a run."""
        self._write(lambda now: repositories.settle(self._conn, repository, state=state, reason=reason, now=now))

    def defer(self, repository: str, not_before: str | None) -> None:
        """Keep or forget the instant before which the server wants no call."""
        self._write(lambda now: repositories.defer(self._conn, repository, not_before))

    def learned(self, repository: str) -> dict[str, str]:
        """Give what was learnt of the server."""
        return repositories.learned(self._conn, repository)

    def learn(self, repository: str, topic: str, *, value: str, why: str) -> None:
        """Keep what was learnt of the server."""
        self._write(lambda now: repositories.learn(self._conn, repository, topic, value=value, why=why, now=now))

    def list_sets(self, repository: str, rows: Sequence[repositories.SetRow], *, complete: bool) -> tuple[str, ...]:
        """Keep listed sets; gives those that are gone."""
        return self._write(lambda now: repositories.list_sets(self._conn, repository, rows, complete=complete, now=now))

    def list_formats(self, repository: str, rows: Sequence[repositories.FormatRow]) -> None:
        """Keep listed formats."""
        self._write(lambda now: repositories.list_formats(self._conn, repository, rows, now=now))

    def quarantined(self, repository: str) -> int:
        """Give how many records wait in quarantine."""
        self.flush()
        query = "SELECT count(*) FROM quarantine WHERE repository = ? AND resolved_at IS NULL"
        return int(self._conn.execute(query, (repository,)).fetchone()[0])

    def figures(self, repository: str) -> dict[str, int]:
        """Give the live records, the open ones and those under CC BY-NC."""
        self.flush()
        return repositories.figures(self._conn, repository)

    def held(self, repository: str) -> tuple[int, int]:
        """Give live records and tombstones held."""
        self.flush()
        return repositories.held(self._conn, repository)

    # -- the ledger

    def unfinished(self, repository: str) -> tuple[ledger.List, ...]:
        """Give the lists without an end."""
        self.flush()
        return ledger.unfinished(self._conn, repository)

    def open_list(self, repository: str, run: int, new: ledger.NewList) -> int:
        """Enter a list."""
        return self._write(lambda now: ledger.open_list(self._conn, repository, run, new, now=now))

    def list(self, number: int) -> ledger.List:
        """Give a list as it stands."""
        self.flush()
        return ledger.get(self._conn, number)

    def children(self, number: int) -> tuple[ledger.List, ...]:
        """Give the windows of a list."""
        self.flush()
        return ledger.children(self._conn, number)

    def restart_list(self, number: int, *, run: int) -> None:
        """Begin a list again."""
        self._write(lambda now: ledger.restart(self._conn, number, run=run))

    def end_list(self, number: int, *, ended: str, proven: bool) -> None:
        """Close a list."""
        self._write(lambda now: ledger.end(self._conn, number, ended=ended, proven=proven, now=now))

    def met_count(self, number: int) -> int:
        """Give how many different records a list has shown."""
        self.flush()
        return ledger.met_count(self._conn, number)

    def met(self, repository: str, number: int) -> frozenset[str]:
        """Give the identifiers that a list has shown so far."""
        self.flush()
        return ledger.met(self._conn, number)

    def unseen(self, repository: str, numbers: tuple[int, ...]) -> tuple[Sequence[tuple[int, str, str | None]], int]:
        """Give the live records that none of these lists has shown, and how many live records there are."""
        self.flush()
        return ledger.unseen(self._conn, repository, numbers), repositories.held(self._conn, repository)[0]

    def retire(self, repository: str, run: int, gone: Sequence[tuple[int, MirrorRecord]]) -> int:
        """Mark records as deleted that a proven full list no longer held."""

        def work(now: str) -> int:
            for number, record in gone:
                records.bury(self._conn, number, record, why="vanished", run=run, now=now)
            runs.add(self._conn, run, {"vanished": len(gone)})
            return len(gone)

        return self._write(work)

    def forget_seen(self, number: int) -> None:
        """Forget who was met in a list."""
        self._write(lambda now: ledger.forget_seen(self._conn, number))

    def last_proven(self, repository: str, prefix: str, set_spec: str | None) -> ledger.List | None:
        """Give the list from which the next `from` is counted."""
        return ledger.last_proven(self._conn, repository, prefix, set_spec)

    def last_full(self, repository: str, prefix: str, set_spec: str | None) -> ledger.List | None:
        """Give the newest proven full list."""
        return ledger.last_full(self._conn, repository, prefix, set_spec)

    def _write(self, work: Callable[[str], _T]) -> _T:
        self.flush()
        with transaction(self._conn):
            return work(self._now())
