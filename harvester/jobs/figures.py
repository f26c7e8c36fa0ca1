"""Bringing a mirror to this day before it is read: embargoes by the clock, and the figures of the home page."""

from contextlib import closing
from pathlib import Path

from harvester.config import Settings
from harvester.jobs.reevaluate import bring_up_to_date
from mirror_db.connection import open_reader, open_writer
from mirror_db.errors import MirrorBusy, ReadOnlyMirror
from mirror_db.stats import are_right, refresh
from mirror_db.store import utc_now


def freshen(db: Path, settings: Settings) -> None:
    """Re-evaluate what the clock changed and count what changed since it was counted; a mirror that cannot be written stays as it is."""
    bring_up_to_date(db, settings)
    with closing(open_reader(db)) as reader:
        if are_right(reader):
            return
    try:
        with closing(open_writer(db)) as conn:
            refresh(conn, utc_now())
    except (ReadOnlyMirror, MirrorBusy):
        return
