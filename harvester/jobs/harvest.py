"""Harvesting several repositories side by side into one mirror.

settings -> sources -> a door each, one writer for all -> reports
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from harvester import __version__
from harvester.config import Settings
from harvester.engine.harvest import harvest
from harvester.engine.types import Job, Outcome, Ports, Report, Rules, Tick, Wish
from harvester.jobs.clock import today
from harvester.jobs.door import open_door, sleeper
from harvester.jobs.guarded import guarded
from harvester.oai.walk import Limits
from harvester.source import Source
from mirror_db.connection import open_writer
from mirror_db.errors import Held
from mirror_db.stats import refresh
from mirror_db.store import Store, utc_now


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the caller wants to hear, and how it stops the work."""

    stopping: threading.Event
    tell: Callable[[Tick], None] = lambda tick: None
    ended: Callable[[Report], None] = lambda report: None


def run(
    settings: Settings, sources: Sequence[Source], wish: Wish, *, db: Path, jobs: int, hooks: Hooks
) -> list[Report]:
    """Harvest `sources`, at most `jobs` at a time; reports come in the order of the sources.

    Raises a `MirrorError` when the file cannot be written; a repository that another process holds ends as a
    report with the outcome `held`.
    """
    rules = rules_of(settings)
    with closing(open_writer(db)) as conn:
        store = guarded(
            Store(
                conn,
                commit_records=settings.harvest.commit_records,
                commit_seconds=settings.harvest.commit_seconds,
            )
        )
        with ThreadPoolExecutor(max_workers=max(1, min(jobs, len(sources) or 1)), thread_name_prefix="harvest") as pool:
            futures = [pool.submit(_one, Job(source, wish, rules), store, hooks) for source in sources]
            try:
                reports = [future.result() for future in futures]
            except BaseException:
                hooks.stopping.set()
                raise
        store.flush()
        if not wish.dry_run:
            refresh(conn, utc_now())
        conn.execute("PRAGMA optimize")
        return reports


def _one(job: Job, store: Store, hooks: Hooks) -> Report:
    with open_door(job.source, hooks.stopping) as door:
        ports = Ports(
            fetch=door.fetch,
            now=utc_now,
            sleep=sleeper(hooks.stopping),
            stopping=hooks.stopping.is_set,
            tell=hooks.tell,
        )
        try:
            report = harvest(job, ports, store, figures=door.figures)
        except Held as held:
            report = Report(job.source.id, job.source.name, "held", str(held), "", None)
    hooks.ended(report)
    return report


def rules_of(settings: Settings) -> Rules:
    """Give the bounds of a run from the settings."""
    own = settings.harvest
    overlap = settings.schedule.overlap_seconds
    return Rules(
        today=today(settings),
        walk=Limits(empty_pages=own.max_empty_pages),
        restarts=own.max_restarts,
        size_tolerance=own.size_tolerance,
        deletion_brake=own.deletion_brake,
        overlap_day_s=86_400 if overlap is None else overlap,
        overlap_s=300 if overlap is None else overlap,
        version=__version__,
    )


def worst(reports: Sequence[Report]) -> str:
    """Give one word for all: complete, held, interrupted, some or none."""
    outcomes = {report.outcome for report in reports}
    if Outcome.INTERRUPTED in outcomes:
        return "interrupted"
    if outcomes <= {Outcome.COMPLETE}:
        return "complete"
    if outcomes == {"held"}:
        return "held"
    good = outcomes & {Outcome.COMPLETE, Outcome.PARTIAL}
    return "some" if good else "none"
