"""`oai-mirror pages`: what it prints, what it refuses, how it ends."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.demo import world
from harvester.demo.server import Server

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAI_MIRROR_CONFIG", str(tmp_path / "harvester.toml"))
    return tmp_path


def configure(folder: Path, url: str, pages: str) -> None:
    """Write a configuration of one repository."""
    text = f'schema_version = 1\ndatabase = "m.db"\n[repositories.one]\nbase_url = "{url}/newcastle/oai"\n'
    (folder / "harvester.toml").write_text(f"{text}{pages}", encoding="utf-8")


def test_a_harvest_visits_pages_and_the_command_goes_on(folder: Path) -> None:
    """The budget of the day is one for both, and both say what they did."""
    with Server(lambda root: world.site(root, date(2026, 11, 24), lambda: NOW)) as server:
        configure(folder, server.url, "[repositories.one.pages]\nenabled = true\nper_day = 2\ninterval_seconds = 1\n")
        harvested = CliRunner().invoke(cli, ["harvest", "one"])
        again = CliRunner().invoke(cli, ["pages", "--json"])
    assert harvested.exit_code == 0
    assert "pages: one: 1 read in 2 visits (3 requests)" in harvested.stderr
    told = json.loads(again.stdout)
    assert (again.exit_code, told["outcome"], told["visits"], told["reason"], told["left_today"]) == (
        0,
        "partial",
        0,
        "the day's budget of 2 pages is spent",
        0,
    )


def test_a_repository_that_was_not_asked_is_refused(folder: Path) -> None:
    """Naming it is no consent: the configuration says so; exit code 2, one line that says what to do."""
    configure(folder, "http://127.0.0.1:1", "")
    for words in (["pages", "one"], ["pages"]):
        got = CliRunner().invoke(cli, words)
        assert (got.exit_code, "pages.enabled" in got.stderr, len(got.stderr.splitlines())) == (2, True, 1)


def test_no_mirror_is_made_by_a_visit(folder: Path) -> None:
    """There is nothing to visit before a harvest."""
    configure(folder, "http://127.0.0.1:1", "[repositories.one.pages]\nenabled = true\n")
    assert CliRunner().invoke(cli, ["pages", "one"]).exit_code == 2
    assert not (folder / "m.db").exists()
