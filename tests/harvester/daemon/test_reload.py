"""What SIGHUP changes at once, and what it says needs a restart; the witnesses by schedule."""

import signal
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest

from harvester.config import Settings, load
from harvester.daemon.main import needs_restart
from harvester.daemon.service import Daemon
from harvester.demo import world
from harvester.jobs.enrich import Enriched
from tests.harvester.daemon.living import _MACHINE, Slowed, configure, living, provider

_ENRICH = '[enrich]\nenabled = true\ncron = "30 4 * * *"\n[http]\ncontact = "me@example.org"\n'


def _settings(folder: Path, text: str) -> Settings:
    (folder / "harvester.toml").write_text(text)
    return load(folder, environ={}).settings


@pytest.mark.parametrize(
    ("after", "waiting"),
    [
        ('database = "a.db"\n[server]\nmetrics = "127.0.0.1:9000"\n', []),
        ('database = "a.db"\n[server]\nmetrics = ""\n', ["server.metrics"]),
        ('database = "b.db"\n[server]\nmetrics = "127.0.0.1:9001"\n', ["server.metrics", "database"]),
        ('database = "a.db"\n[server]\nmetrics = "127.0.0.1:9000"\n[schedule]\nmax_parallel_repositories = 2\n', []),
    ],
)
def test_what_is_read_at_the_start_only_is_named(after: str, waiting: list[str], tmp_path: Path) -> None:
    """And nothing that takes effect at once."""
    before = _settings(tmp_path, 'database = "a.db"\n[server]\nmetrics = "127.0.0.1:9000"\n')
    assert needs_restart(before, _settings(tmp_path, after)) == waiting


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    """A daemon without a repository that is to ask the witnesses; its scheduler rests."""
    monkeypatch.setattr("harvester.daemon.rounds.Systemd", lambda: None)
    made = Daemon(_settings(tmp_path, _ENRICH), tmp_path / "mirror.db")
    made.rounds.schedule()
    return made


def test_the_witnesses_are_asked_by_their_own_line(daemon: Daemon, tmp_path: Path) -> None:
    """In an executor of their own; a reload takes the line away."""
    job = daemon.scheduler.get_job(".enrich")
    assert (job.executor, str(job.trigger)) == (
        "enrich",
        "cron[month='*', day='*', day_of_week='*', hour='4', minute='30', second='0']",
    )
    daemon.reload(_settings(tmp_path, _ENRICH.replace("true", "false")))
    assert daemon.scheduler.get_job(".enrich") is None


def test_what_the_witnesses_said_is_logged(daemon: Daemon, caplog: pytest.LogCaptureFixture) -> None:
    """A line each; one that does not answer is a warning."""
    found = [
        Enriched("unpaywall", asked=3),
        Enriched("crossref", reason="crossref answers 503: asked again the next time"),
    ]
    said: list[tuple[int, str, object]] = []
    with (
        patch("harvester.jobs.enrich.run", return_value=found) as run,
        patch(
            "harvester.daemon.rounds.log", lambda level, event, **fields: said.append((level, event, fields["witness"]))
        ),
    ):
        daemon.rounds.enrich()
    assert said == [(20, "enrich", "unpaywall"), (30, "enrich", "crossref")]
    assert run.call_args.kwargs == {"db": daemon.db, "limit": None, "stopping": daemon.stopping}


@pytest.mark.slow
def test_a_reload_takes_a_new_number_of_places_and_says_what_needs_a_restart(tmp_path: Path) -> None:
    """One place: one run at a time; two: both repositories at once, while each answer is held back."""
    slowed = Slowed()
    names = [one.id for one in world.REPOSITORIES][:2]
    one_place = _MACHINE.replace("[schedule]", "[schedule]\nmax_parallel_repositories = 1")
    with provider(slowed) as server:
        configure(tmp_path, server.url, names, machine=one_place)
        with living(tmp_path) as daemon:
            daemon.wait_for(lambda d: all(d.runs(name, "complete") for name in names))
            two = one_place.replace("repositories = 1", "repositories = 2").replace("127.0.0.1:0", "127.0.0.1:1")
            configure(tmp_path, server.url, names, machine=two)
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for(lambda d: d.named("the configuration is read again"))
            (told,) = daemon.named("these settings need a restart, until then the old ones hold")
            assert told["settings"] == "server.metrics"
            slowed.delay_s = 2.0
            daemon.wait_for(lambda d: _overlaps(d.runs()))
            slowed.awake.set()
            daemon.end()


def _overlaps(runs: list[dict[str, object]]) -> bool:
    """Tell whether two runs were under way at the same time, by when they ended and how long they took."""
    spans = sorted(
        (datetime.fromisoformat(str(one["at"])) - timedelta(seconds=float(str(one["seconds"]))), str(one["at"]))
        for one in runs
    )
    return any(second[0] + timedelta(seconds=1) < datetime.fromisoformat(first[1]) for first, second in pairwise(spans))


@pytest.mark.slow
def test_one_host_is_asked_by_one_run_at_a_time_whatever_the_number_of_places(tmp_path: Path) -> None:
    """Repositories that share a host take turns, and none is left out (design rule 7: one request at a time per host)."""
    slowed = Slowed()
    slowed.delay_s = 0.3
    with provider(slowed) as server:
        configure(tmp_path, server.url, [one.id for one in world.REPOSITORIES])
        text = (tmp_path / "repositories.toml").read_text().replace("localhost", "127.0.0.1")
        (tmp_path / "repositories.toml").write_text(text)
        with living(tmp_path) as daemon:
            daemon.wait_for(lambda d: all(len(d.runs(one.id, "complete")) >= 2 for one in world.REPOSITORIES))
            spans = sorted(
                (ended - timedelta(seconds=float(str(run["seconds"]))), ended)
                for run in daemon.runs()
                if (ended := datetime.fromisoformat(str(run["at"])))
            )
            slowed.awake.set()
            daemon.end()
    assert all(first[1] - timedelta(seconds=1.5) < second[0] for first, second in pairwise(spans))  # told by the second


@pytest.mark.slow
def test_a_reload_while_nobody_can_write_changes_nothing_and_the_daemon_goes_on(tmp_path: Path) -> None:
    """The new repositories cannot be written down: one line says so, and SIGTERM still ends the daemon in its time."""
    name = world.REPOSITORIES[0].id
    with provider(Slowed()) as server:
        configure(tmp_path, server.url, [name])
        with living(tmp_path) as daemon:
            daemon.wait_for(lambda d: d.runs(name, "complete"))
            (tmp_path / "repositories.toml").write_text("[" * 5_000)
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for(lambda d: d.named("the new configuration is refused, the old one stays"))
            with closing(sqlite3.connect(tmp_path / "mirror.db", isolation_level=None)) as other:
                other.execute("PRAGMA busy_timeout = 30000")
                other.execute("BEGIN IMMEDIATE")
                for _ in range(20):
                    daemon.process.send_signal(signal.SIGHUP)
                assert daemon.end() < 20
                other.rollback()
