"""A repository that nobody could harvest for two of its periods is called stale, told once, and told when it is complete again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from harvester.config import load
from harvester.daemon.due import Agreement
from harvester.daemon.pace import Pace
from harvester.daemon.service import Daemon
from harvester.daemon.staleness import longest_silence, why_stale
from harvester.engine.types import Outcome
from mirror_db import repositories
from mirror_db.connection import open_writer, transaction

_NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
_DAILY = Agreement("one", lambda after: after + timedelta(days=1), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("agreed", "days"),
    [
        (_DAILY, 2),
        (replace(_DAILY, period=timedelta(days=7)), 14),
        (replace(_DAILY, pace=Pace(timedelta(hours=1), timedelta(days=30))), 60),
        (replace(_DAILY, period=timedelta(days=7), pace=Pace(timedelta(hours=1), timedelta(days=3))), 14),
    ],
)
def test_two_periods_are_allowed(agreed: Agreement, days: int) -> None:
    """Of its cron line, or of the longest that an adaptive pace may grow to."""
    allowed = longest_silence(agreed)
    assert allowed == timedelta(days=days)
    assert why_stale(_NOW - allowed, _NOW, allowed) is None
    assert why_stale(_NOW - allowed - timedelta(seconds=1), _NOW, allowed) is not None


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    """A daemon in charge of one repository, that was complete three days ago, and awake for two; its scheduler rests."""
    (tmp_path / "harvester.toml").write_text('[schedule]\ncron = "0 3 * * *"\n[alerts]\ncommand = "/bin/true"\n')
    (tmp_path / "repositories.toml").write_text('[repositories.one]\nbase_url = "http://127.0.0.1:9/oai"\n')
    db = tmp_path / "mirror.db"
    monkeypatch.setattr("harvester.daemon.rounds.Systemd", lambda: None)
    made = Daemon(load(tmp_path, environ={}).settings, db)
    made._enter(charges := made._charges_of(made.settings))
    made._take_charge(made.settings, charges)
    made._awake_since = datetime.now(UTC) - timedelta(days=2)
    last = datetime.now(UTC) - timedelta(days=3)
    with closing(open_writer(db)) as conn, transaction(conn):
        repositories.settle(conn, "one", state="complete", reason=None, now=last.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return made


def _state(daemon: Daemon) -> tuple[object, ...]:
    with closing(sqlite3.connect(daemon.db)) as conn:
        return conn.execute("SELECT state, failures, last_complete_at < state_since FROM repositories").fetchone()


def _told(daemon: Daemon) -> list[str]:
    with closing(sqlite3.connect(daemon.db)) as conn:
        rows = conn.execute("SELECT json_extract(message, '$.kind', '$.state') FROM alerts ORDER BY id").fetchall()
    return [row[0] for row in rows]


def test_the_daemon_writes_it_down_and_tells_it_once(daemon: Daemon) -> None:
    """It is no failure; what follows is told too."""
    for _ in range(3):
        daemon.rounds.age()
    assert (_state(daemon), _told(daemon)) == (("stale", 0, 1), ['["trouble","stale"]'])
    with closing(open_writer(daemon.db)) as conn, transaction(conn):
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        repositories.settle(conn, "one", state=Outcome.COMPLETE, reason=None, now=now)
    for _ in range(2):
        daemon.rounds.age()
        daemon.rounds.tell_people()
    assert (_state(daemon)[0], _told(daemon)) == ("complete", ['["trouble","stale"]', '["recovered","complete"]'])


@pytest.mark.parametrize("why", ["it runs", "the daemon has just begun", "it is not in its charge"])
def test_what_has_its_chance_now_is_not_called_stale(daemon: Daemon, why: str) -> None:
    """A daemon that was away catches up first."""
    match why:
        case "it runs":
            daemon._running["one"] = "harvest"
        case "the daemon has just begun":
            daemon._awake_since = datetime.now(UTC)
        case _:
            daemon._charges.clear()
    daemon.rounds.age()
    assert (_state(daemon)[0], _told(daemon)) == ("complete", [])
