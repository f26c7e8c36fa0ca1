"""`status`: one row per repository, what runs, what is next, what is wrong."""

import io
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from harvester.cli import cli
from harvester.cli.status_view import age, drawn, following, running, span
from mirror_db import appointments, repositories
from mirror_db.appointments import Appointment
from mirror_db.connection import open_writer, transaction

_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror with one good repository that is being harvested, and one in trouble with a hostile reason."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    db = tmp_path / "mirror.db"
    with closing(open_writer(db)) as conn, transaction(conn):
        repositories.enter(conn, "good", name="Good", base_url="https://good.example/oai")
        repositories.settle(conn, "good", state="complete", reason=None, now="2026-11-23T12:00:00Z")
        conn.execute(
            "INSERT INTO runs (id, repository, kind, started_at, listed) VALUES (1, 'good', 'harvest', '2026-11-24T11:58:20Z', 2000)"
        )
        conn.execute("UPDATE repositories SET last_run = 1 WHERE id = 'good'")
        conn.execute(
            "INSERT INTO leases VALUES ('good', 'here (process 7)', 7, 'here', '', '2026-11-24', '2026-11-24')"
        )
        conn.execute(
            "INSERT INTO lists (repository, run, verb, purpose, prefix, expected, got, started_at) "
            "VALUES ('good', 1, 'ListRecords', 'full', 'oai_dc', 8000, 2000, '2026-11-24T11:58:20Z')"
        )
        repositories.enter(conn, "ill", name="Ill", base_url="https://ill.example/oai")
        repositories.settle(conn, "ill", state="failing", reason="says \x1b[2J nothing", now="2026-11-24T09:00:00Z")
        appointment = Appointment("ill", "2026-11-24T14:00:00Z", "harvest", "failing, again after 2 h")
        appointments.appoint(conn, appointment, now="2026-11-24T12:00:00Z")
    return db


def _run(db: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--db", str(db), "status", *words])


def _rows(db: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in map(json.loads, _run(db, "--json").stdout.splitlines())}


def test_the_table_and_its_lines(db):
    """State and age, next run, counts; below: progress with its end in sight, reasons, nothing that moves the cursor."""
    out = io.StringIO()
    Console(file=out, width=150).print(drawn(list(_rows(db).values()), _NOW))
    assert [" ".join(line.split()) for line in out.getvalue().splitlines()] == [
        "repository state since last complete next run records open CC BY-NC quarantined",
        "good complete 1 d 1 d - 0 0 0 0",
        "ill failing 3 h - in 2 h 0 0 0 0",
        "good: harvest running since 1 min by here (process 7): 2,000 records, 20/s; 25 % of 8,000, about 5 min left",
        "ill: next run: failing, again after 2 h",
        "ill: says [2J nothing",
    ]


def test_json_has_the_next_run(db):
    """A program reads when, what and why."""
    row = _rows(db)["ill"]
    assert [row[name] for name in ("state", "next_at", "next_kind", "next_reason")] == [
        "failing",
        "2026-11-24T14:00:00Z",
        "harvest",
        "failing, again after 2 h",
    ]


def test_an_unknown_name_is_a_usage_error(db):
    """A typo is told, not shown as an empty table."""
    result = _run(db, "goood")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "Error: not in this mirror: goood")


@pytest.mark.parametrize(
    ("at", "kind", "words"),
    [
        (None, None, "-"),
        ("2026-11-24T11:00:00Z", "harvest", "now"),
        ("2026-11-24T12:00:40Z", "harvest", "in 40 s"),
        ("2026-11-26T13:00:00Z", "full", "full in 2 d"),
    ],
)
def test_the_next_run_in_words(at, kind, words):
    """What is no ordinary harvest is named."""
    assert following({"next_at": at, "next_kind": kind}, _NOW) == words


def test_a_routine_appointment_is_no_line():
    """Only what is out of the ordinary is worth one."""
    row = {"run_outcome": "complete", "next_reason": "by its cron line"}
    assert running(row, _NOW) == []


def test_spans_and_ages():
    """The largest unit, rounded down."""
    assert [span(40), span(125), span(7300), span(200_000)] == ["40 s", "2 min", "2 h", "2 d"]
    assert [age(None), age("2026-11-24T11:59:30Z", _NOW), age("2026-11-24T11:00:00Z", _NOW)] == ["-", "now", "1 h"]
