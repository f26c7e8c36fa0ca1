"""Making a copy to publish: bring the flags and figures to this day, copy, put in place at one instant."""

from pathlib import Path

from harvester.config import Settings
from harvester.jobs.export import whole_file
from harvester.jobs.figures import freshen
from mirror_db.snapshot import copy


def snapshot(db: Path, settings: Settings, target: Path) -> int:
    """Write a consistent copy of the mirror at `db` to `target`, in place of what stood there; gives its size in bytes."""
    freshen(db, settings)
    with whole_file(target) as part:
        copy(db, part)
    return target.stat().st_size
