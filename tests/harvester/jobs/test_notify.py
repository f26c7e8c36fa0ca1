"""Changes of state are told once, kept until they are taken, and given up in the end."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harvester.config import Settings, load
from harvester.jobs.notify import Delivery, News, announce, deliver, news_of, next_attempt
from mirror_db import outbox, repositories
from mirror_db.connection import open_writer, transaction

_NOW = "2026-11-24T08:00:00Z"


@pytest.mark.parametrize(
    ("state", "told", "failures", "expected", "news"),
    [
        ("complete", None, 0, 0, None),
        ("failing", None, 1, 0, ("failing", "complete", "trouble")),
        ("failing", None, 1, 1, None),
        ("failing", None, 2, 1, ("failing", "complete", "trouble")),
        ("failing", "failing", 9, 1, None),
        ("blocked", "failing", 9, 1, ("blocked", "failing", "trouble")),
        ("complete", "failing", 0, 1, ("complete", "failing", "recovered")),
        ("complete", "complete", 0, 1, None),
        ("deferred", None, 3, 0, None),
        ("deferred", "failing", 3, 0, None),
        ("never", None, 0, 0, None),
        ("partial", None, 3, 1, ("partial", "complete", "trouble")),
        ("stale", None, 0, 3, ("stale", "complete", "trouble")),
        ("stale", "stale", 0, 3, None),
        ("complete", "stale", 0, 3, ("complete", "stale", "recovered")),
    ],
)
def test_a_change_of_state_is_news_and_another_failure_is_not(state, told, failures, expected, news):
    """Trouble beyond the expected failures once, another kind of trouble once, and the recovery once."""
    found = news_of(state, told, failures=failures, expected=expected, repository="one")
    assert found == (None if news is None else News("one", *news))


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror with one repository that was never harvested."""
    db = tmp_path / "mirror.db"
    with closing(open_writer(db)) as conn, transaction(conn):
        repositories.enter(conn, "one", name="One", base_url="https://one.example/oai")
    return db


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Alerts go to a program that appends its standard input to a file, and fails while a file `broken` is there."""
    program = tmp_path / "tell"
    program.write_text(
        f"#!/bin/sh\n[ -e {tmp_path}/broken ] && exit 3\ncat >> {tmp_path}/told; echo >> {tmp_path}/told\n"
    )
    program.chmod(0o755)
    return load(
        environ={"OAI_MIRROR_ALERTS__COMMAND": str(program), "XDG_CONFIG_HOME": "/none"}, folder=tmp_path
    ).settings


def _settle(db: Path, state: str, settings: Settings, *, expected: int = 0) -> list[str]:
    with closing(open_writer(db)) as conn:
        with transaction(conn):
            repositories.settle(conn, "one", state=state, reason=f"why {state}", now=_NOW)
        return [message["text"] for message in announce(conn, settings, {"one": expected})]


def _told(tmp_path: Path) -> list[str]:
    file = tmp_path / "told"
    return [json.loads(line)["text"] for line in file.read_text().splitlines()] if file.exists() else []


def test_a_flapping_repository_is_told_exactly_once_per_change(mirror, settings, tmp_path):
    """Twelve runs, four changes: four messages, in order, to the command on its standard input."""
    states = ["complete", "failing", "failing", "failing", "complete", "complete", "blocked", "blocked", "complete"]
    said = [text for state in states for text in _settle(mirror, state, settings)]
    expected = [
        "one is failing: why failing",
        "one is complete again",
        "one is blocked: why blocked",
        "one is complete again",
    ]
    assert (said, deliver(mirror, settings)) == (expected, [Delivery("command")] * 4)
    assert _told(tmp_path) == expected
    assert deliver(mirror, settings) == []


def test_expected_failures_mute_a_flapping_repository_altogether(mirror, settings):
    """One failure in between is no news, and so is its end."""
    states = ["complete", "failing", "complete", "failing", "complete"]
    assert [text for state in states for text in _settle(mirror, state, settings, expected=1)] == []


def test_the_message_says_what_a_person_needs(mirror, settings, tmp_path):
    """Which repository, what state, since when, why, and what was before."""
    _settle(mirror, "failing", settings)
    deliver(mirror, settings)
    message = json.loads((tmp_path / "told").read_text())
    assert message == {
        "program": "oai-mirror",
        "kind": "trouble",
        "repository": "one",
        "name": "One",
        "base_url": "https://one.example/oai",
        "state": "failing",
        "before": "complete",
        "reason": "why failing",
        "since": _NOW,
        "failures": 1,
        "last_complete_at": None,
        "text": "one is failing: why failing",
    }


def test_nothing_is_lost_when_telling_fails(mirror, settings, tmp_path):
    """The message waits, the reason is kept, and the next attempt delivers it."""
    (tmp_path / "broken").touch()
    _settle(mirror, "failing", settings)
    assert deliver(mirror, settings) == [Delivery("command", f"{tmp_path}/tell ended with 3")]
    assert deliver(mirror, settings) == []  # not due yet
    (tmp_path / "broken").unlink()
    with closing(open_writer(mirror)) as conn:
        conn.execute("UPDATE alerts SET not_before = '2026-01-01T00:00:00Z'")
    assert deliver(mirror, settings) == [Delivery("command")]
    assert _told(tmp_path) == ["one is failing: why failing"]


def test_attempts_are_bounded(mirror, settings, tmp_path):
    """After twenty attempts a message is given up, with its reason."""
    (tmp_path / "broken").touch()
    _settle(mirror, "failing", settings)
    with closing(open_writer(mirror)) as conn:
        conn.execute("UPDATE alerts SET attempts = 19")
        assert deliver(mirror, settings) == [Delivery("command", f"{tmp_path}/tell ended with 3", given_up=True)]
        row = conn.execute("SELECT attempts, ended_at IS NOT NULL, problem FROM alerts").fetchone()
    assert row == (20, 1, f"{tmp_path}/tell ended with 3")


def test_a_way_that_is_not_configured_any_more_gives_its_messages_up(mirror, settings, tmp_path):
    """Nothing waits for ever for a command that was taken out of the configuration."""
    _settle(mirror, "failing", settings)
    bare = load(environ={"XDG_CONFIG_HOME": "/none"}, folder=tmp_path).settings
    assert deliver(mirror, bare) == [
        Delivery("command", "this way of telling is not configured any more", given_up=True)
    ]


@pytest.mark.parametrize(
    ("attempts", "again"),
    [(1, "2026-11-24T08:01:00Z"), (4, "2026-11-24T08:08:00Z"), (19, "2026-11-24T14:00:00Z"), (20, None)],
)
def test_the_wait_between_attempts_doubles_to_six_hours(attempts, again):
    """A webhook that is away for a night still gets its message in the morning."""
    assert next_attempt(_NOW, attempts) == again


def test_old_messages_are_dropped(mirror, settings):
    """The outbox does not grow for ever; what still waits stays."""
    _settle(mirror, "failing", settings)
    deliver(mirror, settings)
    _settle(mirror, "complete", settings)
    with closing(open_writer(mirror)) as conn:
        assert outbox.prune(conn, before="2100-01-01T00:00:00Z") == 1
        assert conn.execute("SELECT count(*) FROM alerts").fetchone() == (1,)


def test_news_and_outbox_move_together(mirror, settings):
    """A crash between the two would tell twice or never: both are in one transaction."""
    with closing(open_writer(mirror)) as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        with pytest.raises(sqlite3.IntegrityError):
            outbox.tell(conn, "{}", ["command"], now=_NOW, about=("one", "failing"))
        assert outbox.told(conn) == {}
