"""Verifying several repositories side by side against their servers' identifiers."""

from collections.abc import Sequence
from pathlib import Path

from harvester.config import Settings
from harvester.engine.types import Job, Ports, Report, Wish
from harvester.engine.verify import Verified, verify
from harvester.jobs.door import OpenDoor
from harvester.jobs.harvest import Hooks, opened, rules_of, side_by_side
from harvester.source import Source
from mirror_db.stats import refresh
from mirror_db.store import Store, utc_now


def run(
    settings: Settings, sources: Sequence[Source], *, db: Path, repair: bool, accept_deletions: bool, hooks: Hooks
) -> list[Verified]:
    """Verify `sources`, as many at a time as are harvested; what is found comes in the order of the sources.

    Raises a `MirrorError` when the file cannot be written; a repository that another process holds ends with the outcome `held`.
    """
    found: dict[str, Verified] = {}

    def work(job: Job, ports: Ports, store: Store, door: OpenDoor) -> Report:
        found[job.source.id] = verify(job, ports, store, repair=repair, figures=door.figures)
        return found[job.source.id].report

    jobs = [Job(source, Wish(accept_deletions=accept_deletions), rules_of(settings)) for source in sources]
    with opened(settings, db) as (conn, make_store, _):
        reports = side_by_side(jobs, work, make_store, jobs=settings.schedule.max_parallel_repositories, hooks=hooks)
        if repair:
            refresh(conn, utc_now())
    return [found.get(report.repository) or Verified(report, 0, ()) for report in reports]
