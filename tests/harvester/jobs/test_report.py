"""The report of what changed: what is in it, and that harvested text stays text in every form."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.jobs.digest import send_digest
from harvester.jobs.report import report
from harvester.jobs.report_text import as_html, as_text
from mirror_db import repositories
from mirror_db.connection import open_writer, transaction

_OLD, _SINCE, _NEW = "2026-11-01T00:00:00Z", "2026-11-20", "2026-11-23T08:00:00Z"
_EVIL = '<script>alert(1)</script>\x1b[2J "quoted"'


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A mirror in which something of every kind happened, before the day and after it."""
    db = tmp_path / "mirror.db"
    with closing(open_writer(db)) as conn, transaction(conn):
        for name, state in (("one", "complete"), ("two", "failing")):
            repositories.enter(conn, name, name=name, base_url=f"https://{name}.example/oai")
            repositories.settle(conn, name, state=state, reason="away since <Monday>", now=_NEW)
        conn.execute(
            "INSERT INTO runs (repository, kind, started_at, outcome, created, updated) VALUES ('two', 'harvest', ?, 'failed', 3, 1)",
            (_NEW,),
        )
        _record(conn, 1, _EVIL, first_seen=_NEW, opened=1, nc=1, landing="https://one.example/1?a=1&b=2")
        _record(conn, 2, "Old and open", first_seen=_OLD, opened=1)
        _record(conn, 3, "Opened by the clock", first_seen=_OLD, opened=1, doi="10.1/x")
        _record(conn, 4, "Relicensed", first_seen=_OLD, opened=0, nc=1, landing="javascript:alert(1)")
        _record(conn, 5, "New and closed", first_seen=_NEW, opened=0)
        _record(conn, 6, "New, open and deleted", first_seen=_NEW, opened=1, deleted=1)
        for record, flag, before, after, why, at in (
            (3, "is_open_access", "0", "1", "clock", _NEW),
            (4, "license", None, "CC-BY-NC-4.0", "content", _NEW),
            (4, "is_cc_by_nc", "0", "1", "content", _NEW),
            (2, "is_open_access", "0", "1", "clock", _OLD),
        ):
            conn.execute(
                "INSERT INTO flag_changes (record, changed_at, flag, before, after, why) VALUES (?, ?, ?, ?, ?, ?)",
                (record, at, flag, before, after, why),
            )
    return db


def _record(conn, number, title, *, first_seen, opened, nc=0, deleted=0, landing=None, doi=None):
    conn.execute(
        "INSERT INTO records (id, repository, oai_identifier, title, first_seen_at, changed_at, access, is_open_access, "
        "is_cc_by_nc, deleted, landing_url, doi, license) VALUES (?, 'one', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(
                number,
                f"oai:one:{number}",
                title,
                first_seen,
                _NEW,
                "open" if opened else "unknown",
                opened,
                nc,
                deleted,
            ),
            *(landing, doi, "CC-BY-NC-4.0" if nc else None),
        ),
    )


def test_everything_that_changed_and_nothing_that_did_not(db):
    """New and turned records, changed licences, embargoes that the clock ended, repositories in trouble."""
    found = report(db, _SINCE)
    assert {part.name: (part.total, [item["record"] for item in part.items]) for part in found.parts} == {
        "new_open": (2, [1, 3]),
        "new_cc_by_nc": (2, [1, 4]),
        "licence_changes": (1, [4]),
        "embargoes_ended": (1, [3]),
    }
    assert [(row["repository"], row["state"], row["runs"], row["runs_not_complete"]) for row in found.trouble] == [
        ("two", "failing", 1, 1)
    ]
    assert found.totals == {"runs": 1, "created": 3, "updated": 1, "deleted": 0}


def test_the_text_is_for_reading(db):
    """One item a line, with where it is, what it may be used for, and no control characters."""
    lines = as_text(report(db, _SINCE)).splitlines()
    assert lines == [
        "Since 2026-11-20: 2 new open, 2 new CC BY-NC",
        "1 run: 3 records created, 1 updated, 0 deleted",
        "",
        "New open access items: 2",
        '  <script>alert(1)</script> [2J "quoted" [one; open; CC-BY-NC-4.0]',
        "  Opened by the clock [one; open]",
        "",
        "New CC BY-NC items: 2",
        '  <script>alert(1)</script> [2J "quoted" [one; open; CC-BY-NC-4.0]',
        "  Relicensed [one; unknown; CC-BY-NC-4.0]",
        "",
        "Changed licences: 1",
        "  Relicensed [one; unknown; no licence -> CC-BY-NC-4.0 (content)]",
        "",
        "Embargoes that ended: 1",
        "  Opened by the clock [one; open]",
        "",
        "Repositories in trouble: 1",
        "  two: failing since 2026-11-23T08:00:00Z, never complete: away since <Monday>",
    ]


def test_the_page_runs_no_script_and_links_nowhere_odd(db):
    """Every harvested value is escaped; only http(s) becomes a link."""
    page = as_html(report(db, _SINCE))
    assert "<script" not in page
    assert "javascript:" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="https://one.example/1?a=1&amp;b=2"' in page
    assert 'href="https://doi.org/10.1/x"' in page
    assert "away since &lt;Monday&gt;" in page


def _run(db: Path, *words: str):
    return CliRunner().invoke(cli, ["--db", str(db), "report", *words])


def test_the_command_prints_json(db, monkeypatch, tmp_path):
    """The same as an object, for a program."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = json.loads(_run(db, "--since", _SINCE, "--json").stdout)
    assert (found["since"], found["new_open"]["count"], found["trouble"][0]["repository"]) == (_SINCE, 2, "two")


@pytest.mark.parametrize("since", ["yesterday", "23.11.2026", "d"])
def test_a_day_that_is_none_is_a_usage_error(db, since):
    """One line that says how a day is written."""
    result = _run(db, "--since", since)
    assert result.exit_code == 2
    assert "write 2026-11-23, an instant, or 7d" in result.stderr


def test_the_digest_goes_on_where_the_last_one_ended(db, tmp_path):
    """The first looks back a week, the next begins at the first: nothing is told twice, nothing is left out."""
    from harvester.config import load

    environ = {"OAI_MIRROR_ALERTS__COMMAND": "/bin/true", "XDG_CONFIG_HOME": "/none"}
    settings = load(environ=environ, folder=tmp_path).settings
    send_digest(db, settings)
    with closing(open_writer(db)) as conn:
        until = conn.execute("SELECT value FROM settings WHERE key = 'digest_until'").fetchone()[0]
        assert send_digest(db, settings) == until
        messages = [json.loads(row[0]) for row in conn.execute("SELECT message FROM alerts ORDER BY id")]
    assert [(message["kind"], sorted(message)) for message in messages] == [
        ("digest", ["body", "html", "kind", "program", "since", "text"])
    ] * 2
