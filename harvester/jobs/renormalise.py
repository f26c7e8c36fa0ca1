"""Reading all kept raw records again with today's rules: no network, resumable, one repository after the other.

lease and run -> mark of an earlier run -> bundles, each read and written in one transaction with the new mark -> run's counts
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from harvester import __version__
from harvester.config import Settings
from harvester.engine.difference import FLAGS, Changes, Tally, compare
from harvester.engine.reread import read_again
from harvester.jobs.clock import today
from harvester.jobs.known import profile_held
from harvester.reading.profile import Profile
from harvester.reading.rights import RULES_VERSION
from mirror_db import leases, runs, stored
from mirror_db.connection import open_reader, open_writer, transaction
from mirror_db.errors import Held
from mirror_db.model import MirrorRecord
from mirror_db.records import rejudge
from mirror_db.stats import refresh
from mirror_db.store import utc_now

Tell = Callable[[str, int], None]  # repository, records read so far


class Reread(NamedTuple):
    """How one repository came out; `outcome` is complete, held (another process works on it) or dry-run."""

    repository: str
    outcome: str
    records: int
    flags_changed: int
    unreadable: int
    changes: tuple[Changes, ...] = ()
    reason: str | None = None


def known(db: Path) -> tuple[str, ...]:
    """Give the repositories that the mirror holds."""
    with closing(open_reader(db)) as conn:
        return tuple(row[0] for row in conn.execute("SELECT id FROM repositories ORDER BY id"))


def renormalise(db: Path, settings: Settings, names: Iterable[str], *, tell: Tell) -> Iterator[Reread]:
    """Read the records of these repositories again and yield how each came out; then count the figures anew."""
    with closing(open_writer(db)) as conn:
        for name in names:
            try:
                yield _work(conn, name, profile_held(conn, settings, name), day=today(settings), tell=tell)
            except Held as held:
                yield Reread(name, "held", 0, 0, 0, reason=str(held))
        refresh(conn, utc_now())


def rehearse(db: Path, settings: Settings, names: Iterable[str], *, tell: Tell) -> Iterator[Reread]:
    """Yield what `renormalise` would change, with the rules and examples; nothing is written."""
    with closing(open_reader(db)) as conn:
        for name in names:
            yield _look(conn, name, profile_held(conn, settings, name), day=today(settings), tell=tell)


def _look(conn: sqlite3.Connection, name: str, profile: Profile, *, day: date, tell: Tell) -> Reread:
    tally, records, unreadable, changed = Tally(), 0, 0, 0
    for bundle in _bundles(conn, name):
        for one in bundle:
            record = read_again(one, profile, day)
            changes = compare(_flags(conn, one.id), record) if record is not None else ()
            unreadable += record is None
            changed += bool(changes)
            tally.add(one.oai_identifier, changes)
        records += len(bundle)
        tell(name, records)
    return Reread(name, "dry-run", records, changed, unreadable, tally.found())


def _bundles(conn: sqlite3.Connection, name: str) -> Iterator[list[stored.Stored]]:
    after = 0
    while bundle := stored.held(conn, name, after=after):
        yield bundle
        after = bundle[-1].id


def _flags(conn: sqlite3.Connection, number: int) -> dict[str, object]:
    row = conn.execute(f"SELECT {', '.join(FLAGS)} FROM records WHERE id = ?", (number,)).fetchone()
    return dict(zip(FLAGS, row, strict=True))


def _work(conn: sqlite3.Connection, name: str, profile: Profile, *, day: date, tell: Tell) -> Reread:
    holder = leases.this_process()
    with transaction(conn):
        leases.take(conn, name, holder, now=utc_now())
        runs.close_dead(conn, name, now=utc_now())
        run = runs.begin_upkeep(conn, name, "renormalise", now=utc_now(), holder=holder.name, version=__version__)
    outcome = "interrupted"
    try:
        _all(conn, name, run, read=lambda one: read_again(one, profile, day), tell=tell)
        outcome = "complete"
    finally:
        with transaction(conn):
            runs.end(conn, run, outcome=outcome, reason=None, now=utc_now())
            leases.release(conn, name, holder)
    figures = runs.counters(conn, run)
    return Reread(
        name, outcome, _number(figures, "listed"), _number(figures, "flags_changed"), _number(figures, "quarantined")
    )


def _number(figures: dict[str, object], name: str) -> int:
    return int(str(figures[name]))


def _all(
    conn: sqlite3.Connection, name: str, run: int, *, read: Callable[[stored.Stored], MirrorRecord | None], tell: Tell
) -> None:
    after, records = _mark(conn, name), 0
    while True:
        with transaction(conn):
            bundle = stored.held(conn, name, after=after)
            if not bundle:
                _forget(conn, name)
                return
            pairs = [(one.id, read(one)) for one in bundle]
            fresh = [(number, record) for number, record in pairs if record is not None]
            changed = rejudge(conn, fresh, run=run, now=utc_now(), why="rules")
            after, records = bundle[-1].id, records + len(bundle)
            unreadable = len(pairs) - len(fresh)
            runs.add(conn, run, {"listed": len(bundle), "flags_changed": changed, "quarantined": unreadable})
            leases.beat(conn, name, now=utc_now())
            _remember(conn, name, after)
        tell(name, records)


def _key(name: str) -> str:
    return f"renormalise:{name}"


def _mark(conn: sqlite3.Connection, name: str) -> int:
    """Give the number that an interrupted run with the same rules had reached; 0 to begin."""
    row = conn.execute("SELECT value FROM settings WHERE key = ?", (_key(name),)).fetchone()
    version, _, number = row[0].partition(" ") if row else ("", "", "0")
    return int(number) if version == RULES_VERSION else 0


def _remember(conn: sqlite3.Connection, name: str, number: int) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (_key(name), f"{RULES_VERSION} {number}")
    )


def _forget(conn: sqlite3.Connection, name: str) -> None:
    conn.execute("DELETE FROM settings WHERE key = ?", (_key(name),))
