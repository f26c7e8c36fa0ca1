"""What a machine may do to a harvest: signals, two at once, full disks, locks, thirty repositories, errors nobody expected."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from unittest.mock import patch

import pytest

from harvester.config import load, select
from harvester.engine.types import Report, Wish
from harvester.jobs import harvest as job
from harvester.jobs.harvest import Hooks, run, worst
from harvester.stopping import Stopping
from mirror_db.connection import open_reader, open_writer
from mirror_db.errors import DiskFull
from tests.faults import Provider, VirtualClock, a_fault, delay_first_byte, harvest, held, library, retry_after, serve

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


@pytest.fixture
def start(db: Path) -> Iterator[Start]:
    """Start the command as a process of its own, which does not outlive its test."""
    with ExitStack() as running:

        def one(*words: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "harvester", "--db", str(db), *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=db.parent,
                env={**os.environ, "OAI_MIRROR_CONFIG": ""},
            )
            running.callback(process.communicate)
            running.callback(process.kill)
            return process

        yield one


def wait_for_request(server: Provider, number: int) -> None:
    """Wait until the server was asked so often."""
    deadline = time.monotonic() + 30
    while len(server.log) < number and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(server.log) >= number


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_a_signal_ends_a_harvest_whatever_the_server_does(number: int, start: Start, db: Path) -> None:
    """Within ten seconds, with exit code 130; the run is interrupted and the next one finishes."""
    with serve(library(25), [delay_first_byte(12).only(page=2, times=1)]) as server:
        process = start("harvest", server.base_url)
        wait_for_request(server, 4)
        time.sleep(0.3)
        began = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, time.monotonic() - began < 10) == (130, True), err
        assert "interrupted" in out
        assert len(held(db)) == 10
        server.faults.clear()
        report = harvest(server, db)
        assert (report.outcome, held(db)) == ("complete", server.truth())


@pytest.mark.slow
def test_a_signal_ends_a_wait_that_the_server_asked_for(start: Start) -> None:
    """Retry-After of a minute is not sat out."""
    with serve(library(25), [retry_after("60").only(page=2)]) as server:
        process = start("harvest", server.base_url)
        wait_for_request(server, 5)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        process.communicate(timeout=20)
        assert (process.returncode, time.monotonic() - began < 10) == (130, True)


@pytest.mark.parametrize(
    "seconds", [0.0, pytest.param(0.05, marks=pytest.mark.slow), pytest.param(0.3, marks=pytest.mark.slow)]
)
def test_a_second_sigint_ends_the_process_at_once(seconds: float, start: Start, db: Path) -> None:
    """Whatever it waits for: here for a lock that another program holds. The mirror is sound, and the next run finishes."""
    with serve(library(400), [delay_first_byte(0.1).only(verb="ListRecords")]) as server:
        process = start("harvest", server.base_url)
        wait_for_request(server, 7)
        with closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout = 30000")
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                process.send_signal(signal.SIGINT)
                time.sleep(seconds)
            began = time.monotonic()
            while process.poll() is None and time.monotonic() - began < 20:
                process.send_signal(signal.SIGINT)  # two that come at once are one
                time.sleep(0.1)
            other.rollback()
        _, err = process.communicate(timeout=20)
        assert (process.returncode, "Traceback" in err) == (130, False), err
        with closing(open_reader(db)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        server.faults.clear()
        assert (harvest(server, db).outcome, held(db)) == ("complete", server.truth())


@pytest.mark.parametrize("where", ["closed", "full"])
def test_nobody_who_reads_stderr_is_no_reason_to_stop(where: str, db: Path) -> None:
    """All repositories are harvested: `2>&-`, or a log that cannot be written."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(library(25))) for _ in range(3)]
        command = (
            f"exec {sys.executable} -m harvester --db {db} harvest --jobs 1 {' '.join(s.base_url for s in servers)}"
        )
        shell = f"{command} {'2>&-' if where == 'closed' else '2>/dev/full'}"
        environ = {**os.environ, "OAI_MIRROR_CONFIG": ""}
        done = subprocess.run(["/bin/sh", "-c", shell], cwd=db.parent, env=environ, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout
        with closing(open_reader(db)) as conn:
            assert conn.execute("SELECT group_concat(outcome) FROM runs").fetchone()[0] == "complete,complete,complete"


def test_a_second_harvest_of_a_repository_says_who_holds_it(start: Start, db: Path) -> None:
    """Exit code 75 with the holder's name; the first one is not disturbed, and a dead holder's lease ends."""
    with serve(library(25), [delay_first_byte(15).only(page=2, times=1)]) as server:
        first = start("harvest", server.base_url)
        wait_for_request(server, 4)
        second = start("harvest", server.base_url)
        out, _ = second.communicate(timeout=30)
        assert (second.returncode, f"(process {first.pid})" in out) == (75, True)
        first.kill()
        first.communicate(timeout=10)
        server.faults.clear()
        assert (harvest(server, db).outcome, held(db)) == ("complete", server.truth())


def test_a_full_disk_loses_nothing(db: Path) -> None:
    """The page is rolled back, the mirror is sound, and when there is room the next run finishes."""

    def small(path: Path) -> sqlite3.Connection:
        conn = open_writer(path)
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
        conn.execute(f"PRAGMA max_page_count = {pages + 8}")
        return conn

    with serve(library(120)) as server:
        with patch("harvester.jobs.harvest.open_writer", small), pytest.raises(DiskFull, match="the disk is full"):
            harvest(server, db, environ={"OAI_MIRROR_HARVEST__COMMIT_RECORDS": "10"})
        with closing(open_reader(db)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert (harvest(server, db).outcome, held(db)) == ("complete", server.truth())


def test_a_full_disk_leaves_no_lease_behind_in_a_process_that_lives_on(db: Path) -> None:
    """Not even the row of the run can be written; the same process goes on as soon as there is room, and two at once still cannot."""

    def no_room(*args: object, **words: object) -> None:
        raise DiskFull(db, "the disk is full")

    with serve(library(25)) as server:
        with (
            patch("mirror_db.commit.commit", no_room),
            patch("mirror_db.runs.end", no_room),
            pytest.raises(DiskFull, match="the disk is full"),
        ):
            harvest(server, db)
        with closing(open_reader(db)) as conn:
            assert conn.execute("SELECT count(*) FROM leases").fetchone()[0] == 1
        assert (harvest(server, db).outcome, held(db)) == ("complete", server.truth())
        with closing(open_reader(db)) as conn:
            assert conn.execute("SELECT count(*) FROM leases").fetchone()[0] == 0
            assert [row[0] for row in conn.execute("SELECT outcome FROM runs ORDER BY id")] == [
                "interrupted",
                "complete",
            ]


@pytest.mark.slow
@pytest.mark.parametrize("request_number", [1, 5, 6], ids=["at the start", "in the middle", "at the end"])
def test_a_lock_of_ten_seconds_is_waited_for(request_number: int, db: Path) -> None:
    """Wherever it comes, the harvest loses nothing and says nothing of it; nobody who only reads waits."""
    locks: list[sqlite3.Connection] = []

    def lock(moment):  # type: ignore[no-untyped-def]
        if moment.number == request_number and not locks:
            locks.append(sqlite3.connect(db, isolation_level=None, check_same_thread=False, timeout=30))
            locks[0].execute("BEGIN IMMEDIATE")
            threading.Timer(10.0, locks[0].rollback).start()

    with serve(library(35), [a_fault(verbs=(), call=lock)]) as server:
        began = time.monotonic()
        report = harvest(server, db, environ={"OAI_MIRROR_HARVEST__COMMIT_RECORDS": "1"})
        took_s = time.monotonic() - began
        assert (report.outcome, held(db), report.warnings, len(locks)) == ("complete", server.truth(), (), 1)
        assert 9 < took_s < 25
        locks[0].close()


def test_a_lock_of_another_program_is_waited_for(db: Path) -> None:
    """Two seconds, here; the bound is a minute."""
    with serve(library(25)) as server:
        harvest(server, db)
        server.add(99)
        other = sqlite3.connect(db, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(2.0, other.rollback)
        release.start()
        assert (harvest(server, db).outcome, held(db)) == ("complete", server.truth())
        release.join()
        other.close()


@pytest.fixture
def thirty() -> Iterator[list[Provider]]:
    """Give thirty servers."""
    with ExitStack() as stack:
        yield [stack.enter_context(serve(library(12 + n))) for n in range(30)]


def together(servers: list[Provider], db: Path) -> list[Report]:
    """Harvest all servers at once into one file."""
    settings = load(environ={}, folder=db.parent).settings
    sources = select(settings, [server.base_url for server in servers])
    return run(settings, sources, Wish(), db=db, jobs=30, hooks=Hooks(Stopping()))


def test_thirty_repositories_go_into_one_file_at_once(thirty: list[Provider], db: Path) -> None:
    """Each is complete and holds its own."""
    reports = together(thirty, db)
    assert [report.outcome for report in reports] == ["complete"] * 30
    with closing(open_reader(db)) as conn:
        counted = dict(conn.execute("SELECT repository, count(*) FROM records GROUP BY 1"))
    assert sorted(counted.values()) == [12 + n for n in range(30)]


def test_an_error_that_nobody_expected_stops_one_repository_only(db: Path) -> None:
    """Its run is closed as failed, with the error in its reason; the others are complete."""
    real = job.harvest
    clock = VirtualClock()

    def failing(one, ports, store, *, figures):  # type: ignore[no-untyped-def]
        if one.source.base_url == bad.base_url:
            with patch("harvester.engine.survey.identify", side_effect=ZeroDivisionError("nobody expected it")):
                return real(one, ports, store, figures=figures)
        return real(one, ports, store, figures=figures)

    with serve(library(5)) as bad, serve(library(7), clock=clock) as good:
        settings = load(environ={}, folder=db.parent).settings
        sources = select(settings, [bad.base_url, good.base_url])
        with patch("harvester.jobs.harvest.harvest", failing):
            reports = run(settings, sources, Wish(), db=db, jobs=1, hooks=Hooks(Stopping()))
    assert [report.outcome for report in reports] == ["failed", "complete"]
    assert (worst(reports), "nobody expected it" in (reports[0].reason or "")) == ("some", True)
    with closing(open_reader(db)) as conn:
        runs = conn.execute("SELECT outcome, reason FROM runs ORDER BY id").fetchall()
        assert runs == [("failed", "unexpected error: ZeroDivisionError: nobody expected it"), ("complete", None)]
        assert conn.execute("SELECT count(*) FROM leases").fetchone()[0] == 0
