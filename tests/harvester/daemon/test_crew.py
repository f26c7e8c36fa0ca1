"""A run in its child process: its report comes back, and what stands still is ended."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

import pytest

from harvester.config import load, source_of
from harvester.daemon.child import Task
from harvester.daemon.crew import Orders, Watch, verdict, work
from harvester.demo import world
from harvester.engine.types import Tick
from harvester.jobs.upkeep import fail_dead, standing_of
from harvester.stopping import Stopping
from tests.harvester.daemon.living import Slowed, configure, provider

_ID = world.REPOSITORIES[0].id


@pytest.mark.parametrize(
    ("watch", "wanted", "expected"),
    [
        (Watch(10, 9, None), True, "go on"),
        (Watch(70, 9, None), True, "stop"),
        (Watch(10, 9, None), False, "stop"),
        (Watch(12, 9, 10), False, "go on"),
        (Watch(15, 9, 10), False, "kill"),
        (Watch(15, 9, 10), True, "kill"),
    ],
)
def test_what_is_done_with_a_running_child(watch, wanted, expected):
    """It goes on, is told to stop when it stands still or is not wanted any more, and is killed after its grace."""
    assert verdict(watch, wanted=wanted, stall_s=60, grace_s=5) == expected


def _task(folder: Path, url: str) -> Task:
    configure(folder, url, [_ID])
    loaded = load(folder, environ={})
    return Task(loaded.settings, source_of(loaded.settings, _ID), "harvest", loaded.database())


def test_a_run_reports_its_pages_and_its_outcome(tmp_path):
    """What crosses between the processes are plain values, page by page."""
    ticks: list[Tick] = []
    with provider(Slowed()) as server:
        ending = work(_task(tmp_path, server.url), Orders(Stopping(), 60, tell=ticks.append))
    assert ending.report is not None
    assert (ending.report.outcome, ending.report.pages, ending.problem) == ("complete", len(ticks), "")


@pytest.mark.slow
def test_a_run_that_stands_still_is_ended_and_its_repository_says_why(tmp_path):
    """A server that holds its answer back for ever does not hold a place for ever."""
    slowed = Slowed()
    slowed.delay_s = 300.0
    with provider(slowed) as server:
        task = _task(tmp_path, server.url)
        ending = work(task, Orders(Stopping(), 8, grace_s=0.5))
        slowed.awake.set()
        assert (ending.report, ending.stalled, ending.problem) == (
            None,
            True,
            "stalled: no page for 8 s; the run was ended",
        )
        fail_dead(task.db, _ID, pid=ending.pid, reason=ending.problem)
        standing = standing_of(task.db, _ID)
        assert standing is not None
        assert (standing.state, standing.outcome, standing.failures) == ("failing", "failed", 1)
        again = work(task, Orders(Stopping(), 60))
    assert again.report is not None
    assert again.report.outcome == "complete"


def test_a_run_stops_at_a_page_when_the_daemon_ends(tmp_path):
    """The word to stop is obeyed before the grace is over, and the report says so."""
    stopping = Stopping()
    slowed = Slowed()
    slowed.delay_s = 0.3
    with provider(slowed) as server:
        ending = work(_task(tmp_path, server.url), Orders(stopping, 60, tell=lambda tick: stopping.set()))
    assert ending.report is not None
    assert ending.report.outcome == "interrupted"


def test_a_run_ends_when_its_hours_do(tmp_path):
    """A repository that may be asked at night only is left alone in the morning, at a page boundary."""
    slowed = Slowed()
    slowed.delay_s = 0.2
    pages: list[Tick] = []
    with provider(slowed) as server:
        orders = Orders(Stopping(), 60, allowed=lambda: not pages, tell=pages.append)
        ending = work(_task(tmp_path, server.url), orders)
    assert ending.report is not None
    assert (ending.report.outcome, ending.stalled) == ("interrupted", False)


def test_a_fault_of_ours_is_not_the_repositorys(tmp_path):
    """A mirror that cannot be opened is told as broken; the repository's state does not move."""
    (tmp_path / "mirror.db").write_bytes(b"no database at all" * 100)
    with provider(Slowed()) as server:
        ending = work(_task(tmp_path, server.url), Orders(Stopping(), 60))
    assert ending.broken
    assert ending.problem.startswith("NotAMirror: ")


def test_a_verification_compares_and_reports(tmp_path):
    """The same child does what is not a harvest, and the mirror remembers when."""
    with provider(Slowed()) as server:
        task = _task(tmp_path, server.url)
        work(task, Orders(Stopping(), 60))
        ending = work(replace(task, kind="verify"), Orders(Stopping(), 60))
    standing = standing_of(task.db, _ID)
    assert ending.report is not None
    assert standing is not None
    assert (ending.report.outcome, standing.verify_outcome, standing.outcome) == ("complete", "complete", "complete")


def test_a_child_that_outlives_who_watched_it_is_ended(tmp_path):
    """The server of forks dies: a run that goes on is killed before it counts as dead, and no second one stands beside it."""
    slowed = Slowed()
    slowed.delay_s = 60
    with provider(slowed) as server, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(work, _task(tmp_path, server.url), Orders(Stopping(), 120))
        child = _child_that_asks(slowed)
        os.kill(int(forkserver._forkserver._forkserver_pid or 0), signal.SIGKILL)
        ending = asked.result(60)
        assert (ending.report, ending.pid) == (None, child)
        deadline = time.monotonic() + 30
        while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not Path(f"/proc/{child}").exists()
        slowed.awake.set()


def _child_that_asks(slowed: Slowed) -> int:
    assert slowed.asked.wait(60)
    (child,) = multiprocessing.active_children()
    return int(child.pid or 0)
