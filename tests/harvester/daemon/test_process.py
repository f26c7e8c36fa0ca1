"""The daemon as a process: schedules, signals, and the soundness of the mirror however it ends."""

import json
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harvester.demo import world
from tests.harvester.daemon.living import _MACHINE, Living, Slowed, configure, living, provider

_NAMES = [one.id for one in world.REPOSITORIES]
_SECRETS = {  # planted: none of them may come up in a log at DEBUG, or in the mirror
    "OAI_MIRROR_SECRETS__DEMO_EPRINTS__BEARER": "open-sesame-1",
    "OAI_MIRROR_SECRETS__DEMO_DSPACE__BASIC": "me:open-sesame-2",
    "OAI_MIRROR_SECRETS__ALERTS__WEBHOOK": "http://127.0.0.1:9/open-sesame-3",
}
_CONTENT = (
    "SELECT repository, oai_identifier, deleted, title, license, access, is_open_access FROM records ORDER BY 1, 2"
)


def _rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "mirror.db")) as conn:
        return conn.execute(query).fetchall()


def _assert_sound(folder: Path) -> None:
    assert _rows(folder, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(folder, "PRAGMA foreign_key_check") == []


def _overlaps(folder: Path) -> list[tuple[object, ...]]:
    return _rows(
        folder,
        "SELECT a.id, b.id FROM runs AS a JOIN runs AS b ON a.repository = b.repository AND a.id < b.id "
        "WHERE a.ended_at IS NULL OR b.started_at < a.ended_at",
    )


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_daemon_harvests_by_schedule_and_obeys_its_signals(tmp_path):
    """Seconds-long schedules: harvests happen and never overlap; SIGHUP adds, removes and refuses; SIGTERM ends it."""
    with provider(Slowed()) as server:
        configure(tmp_path, server.url, _NAMES[:2])
        with living(tmp_path, **_SECRETS) as daemon:
            daemon.wait_for(lambda d: all(len(d.runs(name, "complete")) >= 3 for name in _NAMES[:2]))
            _watched(daemon)
            assert _second_daemon(tmp_path, daemon) == 75
            configure(tmp_path, server.url, _NAMES[1:])
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for(lambda d: d.runs(_NAMES[2], "complete"))
            (tmp_path / "repositories.toml").write_text("[repositories.x]\nbase_urll = 1\n")
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for(lambda d: d.named("the new configuration is refused, the old one stays"))
            count = len(daemon.runs(_NAMES[2]))
            daemon.wait_for(lambda d: len(d.runs(_NAMES[2], "complete")) > count)
            assert [row[0] for row in _rows(tmp_path, "SELECT repository FROM appointments ORDER BY 1")] == sorted(
                _NAMES[1:]
            )
            assert daemon.end() < 30
        assert {call.headers.get("authorization") for call in server.log if "eprints" in call.path} == {
            "Bearer open-sesame-1"
        }
    assert daemon.process.returncode == 0
    assert "sesame" not in daemon.text
    assert not any(b"sesame" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert daemon.named("the configuration is read again")[0] | {"at": ""} == {
        "at": "",
        "level": "INFO",
        "event": "the configuration is read again",
        "came": _NAMES[2],
        "gone": _NAMES[0],
    }
    assert _overlaps(tmp_path) == []
    assert _rows(tmp_path, "SELECT * FROM appointments") == []
    _assert_sound(tmp_path)


def _watched(daemon: Living) -> None:
    address = str(daemon.named("started")[0]["metrics"])
    families = {family.name: family for family in text_string_to_metric_families(_get(address))}
    records = {sample.labels["repository"]: sample.value for sample in families["oai_mirror_records"].samples}
    assert records == dict(
        _rows(daemon.folder, "SELECT repository, count(*) FROM records WHERE deleted = 0 GROUP BY 1")
    )
    assert families["oai_mirror_runs"].samples[0].labels.keys() == {"repository", "kind", "outcome"}
    assert json.loads(_get(address.replace("/metrics", "/healthz")))["status"] == "ok"


def _second_daemon(folder: Path, first: Living) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "harvester", "--config", str(folder), "daemon"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "a daemon runs already on " in done.stderr
    assert f"(process {first.process.pid}) since " in done.stderr
    return done.returncode


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_daemon_that_ends_in_mid_harvest_goes_on_at_the_next_start(tmp_path, number):
    """After SIGTERM and after kill -9 the mirror is sound, and the next start ends with what an undisturbed run gives."""
    slowed = Slowed()
    with provider(slowed) as server:
        for name in ("plain", "ended"):
            (tmp_path / name).mkdir()
            configure(tmp_path / name, server.url, _NAMES, machine=f"{_MACHINE}[harvest]\ncommit_records = 10\n")
        with living(tmp_path / "plain") as daemon:
            daemon.wait_for(lambda d: all(d.runs(name, "complete") for name in _NAMES))
            daemon.end()
        slowed.delay_s = 0.5
        with living(tmp_path / "ended") as daemon:
            daemon.wait_for(lambda d: any(page["listed"] < page["of"] for page in d.named("page")))  # in mid list
            assert daemon.end(number) < 30
        _assert_sound(tmp_path / "ended")
        assert len(_rows(tmp_path / "ended", _CONTENT)) < len(_rows(tmp_path / "plain", _CONTENT))
        slowed.delay_s = 0.0
        with living(tmp_path / "ended") as daemon:
            daemon.wait_for(lambda d: all(d.runs(name, "complete") for name in _NAMES))
            daemon.end()
    assert _rows(tmp_path / "ended", _CONTENT) == _rows(tmp_path / "plain", _CONTENT)
    assert _rows(tmp_path / "ended", "SELECT count(*) > 0 FROM warnings WHERE code = 'resumed'") == [(1,)]
    _assert_sound(tmp_path / "ended")


@pytest.mark.slow
def test_people_are_told_once_when_a_repository_goes_and_once_when_it_comes_back(tmp_path):
    """The daemon's whole way from a failing server to the command on its standard input, over several failures."""
    told = tmp_path / "told"
    program = tmp_path / "tell"
    program.write_text(f"#!/bin/sh\ncat >> {told}; echo >> {told}\n")
    program.chmod(0o755)
    slowed = Slowed()
    path = world.REPOSITORIES[2].path
    environ = {"OAI_MIRROR_ALERTS__COMMAND": str(program), "OAI_MIRROR_ALERTS__EXPECTED_FAILURES": "1"}
    with provider(slowed) as server:
        configure(tmp_path, server.url, [_NAMES[2]])
        with living(tmp_path, **environ) as daemon:
            daemon.wait_for(lambda d: d.runs(_NAMES[2], "complete"))
            slowed.failing.add(path)
            daemon.wait_for(lambda d: len(d.runs(_NAMES[2], "failed")) >= 3)
            slowed.failing.clear()
            daemon.wait_for(lambda d: d.named("recovered"))
            daemon.wait_for(lambda d: told.exists() and len(told.read_text().splitlines()) >= 2)
            daemon.end()
    messages = [json.loads(line) for line in told.read_text().splitlines()]
    assert [(one["kind"], one["state"], one["before"]) for one in messages] == [
        ("trouble", "failing", "complete"),
        ("recovered", "complete", "failing"),
    ]
    assert len(daemon.named("trouble")) == len(daemon.named("recovered")) == 1
