"""A rehearsal: a harvest that asks and reads, and writes nothing to the mirror, nor makes one.

mirror, opened for reading -> what a run must know, copied into memory -> a store there that counts pages and drops them
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from harvester.jobs.guarded import guarded
from mirror_db import records
from mirror_db.connection import open_reader, open_writer
from mirror_db.entries import Batch, Coming, Counts, Known
from mirror_db.ledger import advance
from mirror_db.runs import count, warn
from mirror_db.store import Store

_COPIED = ("repositories", "runs", "lists", "learned", "sets")


class Rehearsal(Store):
    """A store in memory over a mirror that is only read: records are looked up there, pages are counted and dropped."""

    def __init__(self, memory: sqlite3.Connection, mirror: sqlite3.Connection | None) -> None:
        super().__init__(memory)
        self._memory = memory
        self._mirror = mirror

    def commit(self, page: Batch | Coming) -> None:
        """Count what the page would do."""
        batch = page if isinstance(page, Batch) else page.take()
        known = self.known(batch.repository, batch.prefix, [entry.record.oai_identifier for entry in batch.entries])
        counts = _counts(batch, known)
        if batch.progress is not None:
            advance(self._memory, batch.progress, run=batch.run)
        count(self._memory, batch.run, counts)
        warn(self._memory, batch.run, batch.warnings)

    def known(self, repository: str, prefix: str, identifiers: Sequence[str]) -> dict[str, Known]:
        """Give what the mirror holds of these identifiers."""
        return {} if self._mirror is None else records.known(self._mirror, repository, prefix, identifiers)

    def met_count(self, number: int) -> int:
        """Give what a list has shown, repeats included: who was met is not remembered here."""
        return self.list(number).got

    def holds_any(self, repository: str) -> bool:
        """Tell whether the mirror holds any record of the repository."""
        if self._mirror is None:
            return False
        query = "SELECT EXISTS (SELECT 1 FROM records WHERE repository = ?)"
        return bool(self._mirror.execute(query, (repository,)).fetchone()[0])

    def unseen(self, repository: str, numbers: tuple[int, ...]) -> tuple[Sequence[tuple[int, str, str | None]], int]:
        """Give nothing: who was met is not remembered here, so nobody is found missing."""
        return (), 0


def _counts(batch: Batch, known: dict[str, Known]) -> Counts:
    """Give what writing the batch would count; flags are not compared."""
    new = [entry for entry in batch.entries if entry.record.oai_identifier not in known]
    old = [(known[e.record.oai_identifier], e) for e in batch.entries if e.record.oai_identifier in known]
    dead = sum(e.record.deleted for e in new) + sum(bool(e.record.deleted and not k.deleted) for k, e in old)
    back = sum(bool(k.deleted and not e.record.deleted) for k, e in old)
    changed = [e for k, e in old if not k.deleted and not e.record.deleted and k.content_digest != e.raw.content_digest]
    return Counts(
        pages=0 if batch.progress is None else batch.progress.pages,
        listed=len(batch.entries) + len(batch.unchanged) + len(batch.quarantined) + batch.duplicates,
        created=sum(not e.record.deleted for e in new),
        updated=len(changed),
        unchanged=len(batch.unchanged)
        + len(old)
        - len(changed)
        - back
        - sum(e.record.deleted and not k.deleted for k, e in old),
        deleted=dead,
        restored=back,
        duplicates=batch.duplicates,
        quarantined=len(batch.quarantined),
    )


@contextmanager
def open_rehearsal(db: Path, names: Sequence[str]) -> Iterator[Callable[[], Store]]:
    """Open what a rehearsal needs; gives what makes a store for one run, safe for threads."""
    lock = threading.Lock()
    exists = db.exists() and db.stat().st_size > 0
    with closing(open_writer(Path(":memory:"))) as memory:
        if not exists:
            yield lambda: guarded(Rehearsal(memory, None), lock)
            return
        with closing(open_reader(db)) as mirror:
            _copy(mirror, memory, names)
            yield lambda: guarded(Rehearsal(memory, mirror), lock)


def _copy(mirror: sqlite3.Connection, memory: sqlite3.Connection, names: Sequence[str]) -> None:
    """Copy what a run must know of these repositories: small tables, without their records."""
    memory.execute("PRAGMA foreign_keys = OFF")
    for table in _COPIED:
        key = "id" if table == "repositories" else "repository"
        for name in names:
            rows = mirror.execute(f"SELECT * FROM {table} WHERE {key} = ?", (name,)).fetchall()
            if rows:
                memory.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
