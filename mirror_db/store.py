"""The writer as the engine sees it: one object per run, plain values in and out, pages gathered into larger transactions.

Every run has a store of its own, so that what waits of one repository never rides on the transaction of another. Batches wait until `commit_records` records or `commit_seconds` have gathered; every other call writes them first, so that
what is asked is never older than what was handed in. A kill loses only what waits, and the ledger still holds the token
from which it is asked again.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from mirror_db import commit, fulltext, leases, ledger, quarantine, records, repositories, runs, stored
from mirror_db.connection import transaction
from mirror_db.entries import Batch, Coming, Known, Warned
from mirror_db.list_store import ListStore
from mirror_db.quarantine import QuarantinedRow
from mirror_db.raw import Packer

MAX_COMING = 48  # pages being made at the same time: a bound on memory
_T = TypeVar("_T")


def utc_now() -> str:
    """Give this instant as the mirror writes instants: 2026-11-23T08:34:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store(ListStore):
    """The writer of one run; stores may share a connection, used by one thread at a time (`harvester.jobs.guarded`)."""

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
        self._coming: deque[tuple[Batch | Coming, frozenset[str]]] = deque()
        self._waiting: list[Batch] = []
        self._records = 0
        self._waiting_for: list[frozenset[str]] = []
        self._flushed_at = time.monotonic()
        self._beat_at = time.monotonic()
        self.holder = leases.this_process()

    # -- pages

    def commit(self, page: Batch | Coming) -> None:
        """Take a page, or one that is still being made; it is on disk after `flush`, at the latest when enough has gathered.

        Pages are written in the order in which they are handed in.
        """
        self._coming.append((page, _identifiers(page)))
        while self._coming and (len(self._coming) > MAX_COMING or _is_ready(self._coming[0][0])):
            self._arrive()
            late = time.monotonic() - self._flushed_at >= self._commit_seconds
            if late or self._records >= self._commit_records:
                self._write_waiting()

    def flush(self) -> None:
        """Wait for what is being made and write all that waits, in one transaction; then full text, if enough has gathered.

        What cannot be written waits on, so that no token runs ahead of its pages.
        """
        while self._coming:
            self._arrive()
        self._write_waiting()

    def _arrive(self) -> None:
        """Take the oldest page; it leaves the queue only when it is ready to be written."""
        page, identifiers = self._coming[0]
        batch = self._packer.packed(page if isinstance(page, Batch) else page.take(), now=self._now())
        self._waiting.append(batch)
        self._waiting_for.append(identifiers)
        self._coming.popleft()
        self._records += len(batch.entries) + len(batch.unchanged)

    def _write_waiting(self) -> None:
        if not self._waiting:
            return
        commit.commit(self._conn, self._waiting, now=self._now())
        self._waiting, self._waiting_for, self._records = [], [], 0
        if fulltext.waiting(self._conn) >= fulltext.BATCH:
            fulltext.catch_up(self._conn)
        self._flushed_at = time.monotonic()

    def _awaits(self, identifiers: Sequence[str]) -> bool:
        awaited = (*self._waiting_for, *(names for _, names in self._coming))
        return any(not names.isdisjoint(identifiers) for names in awaited)

    def dictionary(self, repository: str, prefix: str) -> bytes | None:
        """Give the dictionary that raw records are compressed with; None as long as it is not made."""
        return self._packer.dictionary(repository, prefix)

    def known(self, repository: str, prefix: str, identifiers: Sequence[str]) -> dict[str, Known]:
        """Give what the mirror holds of these identifiers; where one of them waits to be written, that is done first."""
        if self._awaits(identifiers):
            self.flush()
        return records.known(self._conn, repository, prefix, identifiers)

    def with_more(self, repository: str, prefix: str, identifiers: Sequence[str]) -> dict[str, stored.Stored]:
        """Give those records that have a form in another prefix or a page; where one of them waits to be written, that is done first."""
        if self._awaits(identifiers):
            self.flush()
        return stored.with_more(self._conn, repository, prefix, identifiers)

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

        self._write(lambda now: self._end(repository, run, outcome, reason, now))
        return runs.counters(self._conn, run)

    @property
    def is_silent(self) -> bool:
        """Tell whether a minute has passed since the holder of the lease showed that it lives; waits for nobody."""
        return time.monotonic() - self._beat_at >= leases.BEAT_EVERY_S

    def beat(self, repository: str) -> None:
        """Show that the holder of the lease lives; called between pages, written once a minute."""
        if self.is_silent:
            self._write(lambda now: leases.beat(self._conn, repository, now=now))
            self._beat_at = time.monotonic()

    def abandon_run(self, repository: str, run: int, *, reason: str) -> None:
        """Close a run that an error ended: what waits is dropped and will be asked again from the token that was kept.

        Needs no room beyond the run's row, and leaves the full text to the next run.
        """
        self._coming.clear()
        self._waiting, self._waiting_for, self._records = [], [], 0
        leases.let_go(self._conn, repository)
        self._write(lambda now: self._end(repository, run, "failed", reason, now))

    def _end(self, repository: str, run: int, outcome: str, reason: str | None, now: str) -> None:
        runs.end(self._conn, run, outcome=outcome, reason=reason, now=now)
        leases.release(self._conn, repository, self.holder)

    def add_figures(self, run: int, figures: Mapping[str, float]) -> None:
        """Add figures to the run's row."""
        self._write(lambda now: runs.add(self._conn, run, figures))

    def warn(self, run: int, warnings: Sequence[Warned]) -> None:
        """Keep warnings of the run."""
        self._write(lambda now: runs.warn(self._conn, run, warnings))

    def count_warnings(self, run: int, code: str) -> int:
        """Give how many warnings of a code a run has, at most as many as are kept."""
        self.flush()
        return runs.count_warnings(self._conn, run, code)

    def warnings(self, run: int) -> tuple[str, ...]:
        """Give the run's warnings as `code: detail`."""
        self.flush()
        rows = self._conn.execute("SELECT code, detail FROM warnings WHERE run = ? ORDER BY id", (run,))
        return tuple(dict.fromkeys(f"{code}: {detail}" for code, detail in rows))

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

    def learned_why(self, repository: str, topic: str) -> str | None:
        """Give why something was learnt, or None where it was not."""
        return repositories.learned_why(self._conn, repository, topic)

    def learn(self, repository: str, topic: str, *, value: str, why: str) -> None:
        """Keep what was learnt of the server."""
        self._write(lambda now: repositories.learn(self._conn, repository, topic, value=value, why=why, now=now))

    def forget(self, repository: str, topic: str) -> None:
        """Forget what was learnt of the server."""
        self._write(lambda now: repositories.forget(self._conn, repository, topic))

    def list_sets(self, repository: str, rows: Sequence[repositories.SetRow], *, complete: bool) -> tuple[str, ...]:
        """Keep listed sets; gives those that are gone."""
        return self._write(lambda now: repositories.list_sets(self._conn, repository, rows, complete=complete, now=now))

    def list_formats(self, repository: str, rows: Sequence[repositories.FormatRow]) -> None:
        """Keep listed formats."""
        self._write(lambda now: repositories.list_formats(self._conn, repository, rows, now=now))

    def formats(self, repository: str) -> tuple[str, ...]:
        """Give the metadata prefixes that the repository has listed."""
        query = "SELECT prefix FROM formats WHERE repository = ? ORDER BY prefix"
        return tuple(row[0] for row in self._conn.execute(query, (repository,)))

    def quarantined(self, repository: str) -> int:
        """Give how many records wait in quarantine."""
        self.flush()
        return quarantine.waiting(self._conn, repository)

    def waiting_outside(self, repository: str, run: int) -> tuple[QuarantinedRow, ...]:
        """Give the quarantined records that this run has not met."""
        self.flush()
        return quarantine.waiting_outside(self._conn, repository, run)

    def count_bare(self, repository: str, *, since: str) -> int:
        """Give how many live records came without metadata since an instant."""
        self.flush()
        return records.count_bare(self._conn, repository, since=since)

    def bare_records(self, repository: str, run: int, *, since: str, limit: int) -> tuple[str, ...]:
        """Give live records that came without metadata since an instant and before this run, newest first."""
        self.flush()
        return records.bare(self._conn, repository, run, since=since, limit=limit)

    def resolve(self, repository: str, prefix: str, identifiers: Sequence[str]) -> None:
        """Let records out of the quarantine that the server holds no more."""
        self._write(lambda now: quarantine.resolve(self._conn, repository, prefix, identifiers, now=now))

    def resolve_unlisted(self, repository: str, prefix: str, numbers: Sequence[int]) -> None:
        """Let out of the quarantine what these proven full lists have not shown."""
        lists = [one for number in numbers for one in ledger.tree(self._conn, number)]
        self._write(lambda now: quarantine.resolve_unlisted(self._conn, repository, prefix, lists, now=now))

    def figures(self, repository: str) -> dict[str, int]:
        """Give the live records, the open ones and those under CC BY-NC."""
        self.flush()
        return repositories.figures(self._conn, repository)

    def holds_live(self, repository: str, set_spec: str | None) -> bool:
        """Tell whether the mirror holds live records of the repository, or of one of its sets."""
        self.flush()
        return repositories.holds_live(self._conn, repository, set_spec)

    def held(self, repository: str) -> tuple[int, int]:
        """Give live records and tombstones held."""
        self.flush()
        return repositories.held(self._conn, repository)

    def _write(self, work: Callable[[str], _T]) -> _T:
        self.flush()
        with transaction(self._conn):
            return work(self._now())


def _is_ready(page: Batch | Coming) -> bool:
    return isinstance(page, Batch) or page.ready()


def _identifiers(page: Batch | Coming) -> frozenset[str]:
    if isinstance(page, Batch):
        return frozenset(entry.record.oai_identifier for entry in page.entries)
    return frozenset(page.identifiers)
