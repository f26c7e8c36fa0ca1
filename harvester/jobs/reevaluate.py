"""Embargoes end by the clock: verdicts that a new day changes are made again, before anyone reads them.

records due, by repository -> a run -> bundles, each read and written in one transaction -> the run's counts
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import cache, partial
from pathlib import Path

from harvester import __version__
from harvester.config import Settings
from harvester.jobs.clock import today
from harvester.jobs.known import profile_held
from harvester.reading.profile import Profile
from mirror_db import leases, runs, stored
from mirror_db.connection import open_reader, open_writer, transaction
from mirror_db.errors import MirrorBusy, ReadOnlyMirror
from mirror_db.records import rejudge
from mirror_db.store import utc_now


def bring_up_to_date(db: Path, settings: Settings) -> int:
    """Re-evaluate what the clock changed in the mirror at `db`; gives how many verdicts changed.

    A mirror that cannot be written now is read as it is: its rows say on which day they were judged.
    """
    with closing(open_reader(db)) as reader:
        if not stored.any_due(reader, today(settings).isoformat()):
            return 0
    try:
        with closing(open_writer(db)) as conn:
            return reevaluate(conn, settings)
    except (ReadOnlyMirror, MirrorBusy):
        return 0


def reevaluate(conn: sqlite3.Connection, settings: Settings) -> int:
    """Make the verdicts anew that the clock changed, in a run per repository; gives how many are different now."""
    day = today(settings)
    profiles = cache(partial(profile_held, conn, settings))
    return sum(_repository(conn, name, profiles, day) for name in stored.repositories_due(conn, day.isoformat()))


def _repository(conn: sqlite3.Connection, name: str, profiles: Callable[[str], Profile], day: date) -> int:
    """Work through one repository's due records. A kill leaves the rest due."""
    run = None
    after = listed = changed = 0
    while True:
        with transaction(conn):  # read and written under one lock: a harvest beside it cannot slip in between
            bundle = stored.due(conn, name, day.isoformat(), after=after)
            if not bundle:
                break
            run = run or runs.begin_upkeep(
                conn, name, "reevaluate", now=utc_now(), holder=leases.this_process().name, version=__version__
            )
            after, listed = bundle[-1].id, listed + len(bundle)
            changed += _bundle(conn, bundle, profiles(name), day=day, run=run)
    if run is not None:
        _close(conn, run, listed=listed, changed=changed)
    return changed


def _bundle(conn: sqlite3.Connection, bundle: list[stored.Stored], profile: Profile, *, day: date, run: int) -> int:
    from harvester.engine.reread import read_again  # the rules and their tables: only when something is due

    read = [(one.id, read_again(one, profile, day)) for one in bundle]
    stored.settle(conn, [number for number, record in read if record is None])
    pairs = [(number, record) for number, record in read if record is not None]
    return rejudge(conn, pairs, run=run, now=utc_now(), why="clock")


def _close(conn: sqlite3.Connection, run: int, *, listed: int, changed: int) -> None:
    query = "SELECT count(*) FROM flag_changes WHERE run = ? AND flag = 'is_open_access' AND after = '1'"
    with transaction(conn):
        ended = conn.execute(query, (run,)).fetchone()[0]
        runs.add(conn, run, {"listed": listed, "flags_changed": changed, "embargoes_ended": ended})
        runs.end(conn, run, outcome="complete", reason=None, now=utc_now())
