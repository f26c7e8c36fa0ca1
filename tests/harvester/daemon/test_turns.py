"""Repositories that share a host wait for their turn: what becomes of an appointment meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.config import Settings, load
from harvester.daemon import service
from harvester.daemon.child import Task
from harvester.daemon.crew import Ending, Orders
from harvester.daemon.service import Daemon
from mirror_db.appointments import Appointment
from mirror_db.errors import MirrorBusy

_MACHINE = '[schedule]\ncron = "0 3 * * *"\njitter_seconds = 0\nretry_seconds = 3600\n[server]\nmetrics = ""\n'
PATIENCE_S = 60


class Crew:
    """Runs that last until they are let go, and then fail."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.let_go = threading.Event()

    def work(self, task: Task, orders: Orders) -> Ending:
        """Stand in for a run."""
        self.began.append(task.source.id)
        self.let_go.wait(PATIENCE_S)
        return Ending(None, "let go", broken=True)


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """Give a crew that the test lets go."""
    one = Crew()
    monkeypatch.setattr(service, "work", one.work)
    monkeypatch.setattr("harvester.daemon.rounds.Systemd", _Nobody)
    yield one
    one.let_go.set()


class _Nobody:
    def alive(self) -> None:
        """Hear nothing."""


def _settings(folder: Path, *names: str, more: str = "") -> Settings:
    (folder / "harvester.toml").write_text(_MACHINE)
    tables = [f'[repositories.{name}]\nbase_url = "http://127.0.0.1:9/{name}"\n{more}' for name in names]
    (folder / "repositories.toml").write_text("\n".join(tables))
    return load(folder, environ={}).settings


def _wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_appointment_that_a_reload_moved_while_it_waited_is_kept_when_it_is_due(tmp_path: Path, crew: Crew) -> None:
    """The host becomes free: the old time is off, and the new one is still in the scheduler."""
    daemon = Daemon(_settings(tmp_path, "a", "b"), tmp_path / "mirror.db")
    daemon.start()
    try:
        _wait_for(lambda: crew.began and any(daemon._hosts.values()))
        (waiting,) = {"a", "b"} - {crew.began[0]}
        hour = (datetime.now(UTC).hour + 2) % 24
        hours = f'allowed_hours = "{hour:02}:00-{(hour + 1) % 24:02}:00"\n'
        daemon.reload(_settings(tmp_path, "a", "b", more=hours))
        at = daemon._next[waiting]
        crew.let_go.set()
        _wait_for(lambda: not daemon._hosts)
        job = daemon.scheduler.get_job(waiting)
        assert (crew.began, job is not None and job.next_run_time) == ([*{"a", "b"} - {waiting}], at)
    finally:
        daemon.stop()


def test_a_turn_that_was_waited_for_is_taken_as_soon_as_the_host_is_free(tmp_path: Path, crew: Crew) -> None:
    """One after the other, never two at once, and nobody is left out."""
    daemon = Daemon(_settings(tmp_path, "a", "b", "c"), tmp_path / "mirror.db")
    daemon.start()
    try:
        _wait_for(lambda: sum(map(len, daemon._hosts.values())) == 2)
        assert (len(crew.began), len(daemon.running)) == (1, 1)
        crew.let_go.set()
        _wait_for(lambda: len(crew.began) >= 3)
        assert sorted(crew.began[:3]) == ["a", "b", "c"]
    finally:
        daemon.stop()


def test_a_reload_that_cannot_write_an_appointment_down_makes_it_all_the_same(
    tmp_path: Path, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program locks the mirror in the middle of it: that `status` does not see the time is all that is lacking."""
    daemon = Daemon(_settings(tmp_path, "a", "old"), tmp_path / "mirror.db")
    daemon.start()

    def busy(db: Path, repository: str, appointment: Appointment | None) -> None:
        raise MirrorBusy(db, "another program has it")

    try:
        with monkeypatch.context() as patched:
            patched.setattr(service.upkeep, "keep_appointment", busy)
            came, gone = daemon.reload(_settings(tmp_path, "a", "new"))
        assert (came, gone, daemon.scheduler.get_job("old")) == (["new"], ["old"], None)
        assert daemon.scheduler.get_job("new") is not None or "new" in crew.began or any(daemon._hosts.values())
    finally:
        crew.let_go.set()
        daemon.stop()
