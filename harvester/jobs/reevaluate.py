"""Embargoes end by the clock: verdicts that a new day changes are made again, before anyone reads them."""

from contextlib import closing
from functools import cache, partial
from pathlib import Path

from harvester.config import Settings
from harvester.config.sources import profile_of
from harvester.jobs.clock import today
from mirror_db.connection import open_reader, open_writer, transaction
from mirror_db.errors import MirrorBusy, ReadOnlyMirror
from mirror_db.records import rejudge
from mirror_db.store import utc_now
from mirror_db.stored import any_due, due


def bring_up_to_date(db: Path, settings: Settings) -> int:
    """Re-evaluate what the clock changed in the mirror at `db`; gives how many verdicts changed.

    A mirror that cannot be written now is read as it is: its rows say on which day they were judged.
    """
    day = today(settings)
    with closing(open_reader(db)) as reader:
        if not any_due(reader, day.isoformat()):
            return 0
    try:
        with closing(open_writer(db)) as conn:
            return reevaluate(conn, settings)
    except (ReadOnlyMirror, MirrorBusy):
        return 0


def reevaluate(conn, settings: Settings) -> int:  # type: ignore[no-untyped-def]
    """Make the verdicts anew that the clock changed; gives how many are different now."""
    from harvester.engine.reread import read_again

    day = today(settings)
    changed = 0
    for bundle in read_again(partial(_due, conn, day.isoformat()), cache(partial(profile_of, settings)), day):
        with transaction(conn):
            pairs = [(again.stored.id, again.record) for again in bundle]
            changed += rejudge(conn, pairs, run=None, now=utc_now(), why="clock")
    return changed


def _due(conn, day: str, after: int):  # type: ignore[no-untyped-def]
    return due(conn, day, after=after)
