"""Harvesting several repositories side by side into one mirror.

settings -> sources -> a door and a store each, one connection for all -> reports
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harvester import __version__
from harvester.config import Settings
from harvester.engine.collecting import seldom_collecting
from harvester.engine.harvest import harvest
from harvester.engine.pages import Unread, read_here
from harvester.engine.readers import chosen, open_readers
from harvester.engine.types import Job, Outcome, Ports, Report, Rules, Tick, Wish
from harvester.jobs.clock import today
from harvester.jobs.door import OpenDoor, open_door, sleeper
from harvester.jobs.dry import open_rehearsal
from harvester.jobs.guarded import guarded
from harvester.jobs.known import claimed
from harvester.jobs.slowness import kept_slow
from harvester.oai.walk import Limits
from harvester.source import Source
from harvester.stopping import Stopping
from mirror_db.checkpoints import beside_the_writer
from mirror_db.connection import open_writer, optimize
from mirror_db.entries import Batch, Coming
from mirror_db.errors import Held, MirrorError
from mirror_db.stats import refresh
from mirror_db.store import Store, utc_now

if TYPE_CHECKING:
    from harvester.jobs.pages import Visited

MakeStore = Callable[[], Store]
Work = Callable[[Job, Ports, Store, OpenDoor], Report]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the caller wants to hear, and how it stops the work."""

    stopping: Stopping
    tell: Callable[[Tick], None] = lambda tick: None
    ended: Callable[[Report], None] = lambda report: None
    visited: Callable[["Visited"], None] = lambda visited: None
    read: Callable[[Unread], Batch | Coming] = read_here


def run(
    settings: Settings, sources: Sequence[Source], wish: Wish, *, db: Path, jobs: int, hooks: Hooks
) -> list[Report]:
    """Harvest `sources`, at most `jobs` at a time; reports come in the order of the sources.

    Raises a `MirrorError` when the file cannot be written; a repository that another process holds ends as a
    report with the outcome `held`, one that meets an unexpected error as `failed`.
    """
    rules = rules_of(settings)
    if wish.dry_run:
        with open_rehearsal(db, [source.id for source in sources]) as rehearsal:
            return side_by_side(
                [Job(source, wish, rules) for source in sources], _harvest, rehearsal, jobs=jobs, hooks=hooks
            )
    # Readers come first: a process that is forked shares no connection with the writer. Into a new file everything is read.
    count, is_new = chosen(settings.harvest.processes), not db.exists()
    stopping = hooks.stopping.is_set
    with (
        open_readers(count, for_sure=is_new, stopping=stopping) as readers,
        opened(settings, db) as (conn, make_store, copy),
    ):
        hooks, sources = replace(hooks, read=readers.read), claimed(conn, settings, sources)
        work_jobs = [Job(source, wish, rules) for source in sources]
        reports = side_by_side(work_jobs, _harvest, make_store, jobs=jobs, hooks=hooks)
        _visit_pages(conn, settings, sources, reports, hooks)
        copy()  # beside the counting
        refresh(conn, utc_now())
        optimize(conn)
        return reports


def _visit_pages(
    conn: sqlite3.Connection, settings: Settings, sources: Sequence[Source], reports: Sequence[Report], hooks: Hooks
) -> None:
    """Visit pages of items where that is configured, after the harvest: never of a repository that does not answer."""
    answered = {report.repository for report in reports if report.outcome in {Outcome.COMPLETE, Outcome.PARTIAL}}
    chosen_sources = [source for source in sources if source.pages.enabled and source.id in answered]
    if not chosen_sources:
        return
    from harvester.jobs.pages import visit  # robots.txt and HTML: only where pages are read

    for source in chosen_sources:
        if not hooks.stopping.is_set():
            hooks.visited(visit(conn, source, settings, hooks.stopping, tell=hooks.tell))


@contextmanager
def opened(settings: Settings, db: Path) -> Iterator[tuple[sqlite3.Connection, MakeStore, Callable[[], None]]]:
    """Open the mirror for writing.

    Gives the connection, what makes a store for one run, safe for threads, and what has the file brought up to date now.
    """
    own = settings.harvest
    lock = threading.Lock()
    with seldom_collecting(), closing(open_writer(db)) as conn, beside_the_writer(db) as copy:
        yield (
            conn,
            lambda: guarded(
                Store(conn, now=utc_now, commit_records=own.commit_records, commit_seconds=own.commit_seconds),
                lock,
            ),
            copy,
        )


def side_by_side(
    work_jobs: Sequence[Job], work: Work, make_store: MakeStore, *, jobs: int, hooks: Hooks
) -> list[Report]:
    """Do `work` for every job, at most `jobs` at a time. Raises the first `MirrorError`, after all others have stopped."""
    with ThreadPoolExecutor(max_workers=max(1, min(jobs, len(work_jobs) or 1)), thread_name_prefix="harvest") as pool:
        futures = [pool.submit(_one, job, work, make_store, hooks) for job in work_jobs]
        try:
            return [future.result() for future in futures]
        except BaseException:
            hooks.stopping.set()
            raise


def _one(job: Job, work: Work, make_store: MakeStore, hooks: Hooks) -> Report:
    report = _guarded_work(job, work, make_store, hooks)
    hooks.ended(report)
    return report


def _guarded_work(job: Job, work: Work, make_store: MakeStore, hooks: Hooks) -> Report:
    """One bad repository never stops another (design rule 6): whatever its run raises becomes its report."""
    source = job.source
    if hooks.stopping.is_set():
        return Report(source.id, source.name, Outcome.INTERRUPTED, "stopped before it began", "", None)
    try:
        with open_door(source, hooks.stopping) as door:
            ports = Ports(
                fetch=door.fetch,
                now=utc_now,
                sleep=sleeper(hooks.stopping),
                stopping=hooks.stopping.is_set,
                tell=hooks.tell,
                read=hooks.read,
                expect=door.expect,
            )
            ports = replace(ports, lane=lambda: _lane(source, hooks, ports, door))
            store = make_store()
            with kept_slow(store, source.id, door.door):
                return work(job, ports, store, door)
    except Held as held:
        return Report(source.id, source.name, "held", str(held), "", None)
    except MirrorError:
        raise
    except Exception as error:
        why = f"unexpected error: {type(error).__name__}: {error}"
        return Report(source.id, source.name, Outcome.FAILED, why[:500], "failing", None)


@contextmanager
def _lane(source: Source, hooks: Hooks, ports: Ports, door: OpenDoor) -> Iterator[Ports]:
    """Give the ports of a run with another connection to its repository."""
    with open_door(source, hooks.stopping) as beside:
        door.lanes.append(beside)
        yield replace(ports, fetch=beside.fetch, expect=beside.expect)


def _harvest(job: Job, ports: Ports, store: Store, door: OpenDoor) -> Report:
    return harvest(job, ports, store, figures=door.figures)


def rules_of(settings: Settings) -> Rules:
    """Give the bounds of a run from the settings."""
    own = settings.harvest
    overlap = settings.schedule.overlap_seconds
    return Rules(
        today=today(settings),
        walk=Limits(empty_pages=own.max_empty_pages),
        restarts=own.max_restarts,
        narrowing_requests=own.narrowing_requests,
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
    if "held" in outcomes and outcomes <= {Outcome.COMPLETE, "held"}:
        return "held"
    good = outcomes & {Outcome.COMPLETE, Outcome.PARTIAL}
    return "some" if good else "none"
