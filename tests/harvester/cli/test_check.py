"""`oai-mirror check`: what it prints and how it ends; it writes nothing."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.demo import world
from harvester.demo.server import Reply, Server

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_sound_repository_is_told_in_a_table_and_nothing_is_written(empty: Path) -> None:
    """Findings, rights, a verdict with what to type next; exit code 0."""
    with Server(lambda root: world.site(root, date(2026, 11, 24), lambda: NOW)) as server:
        got = CliRunner().invoke(cli, ["check", f"{server.url}/eprints/cgi/oai2"])
    lines = got.stdout.splitlines()
    because = "the address ends in /cgi/oai2; its sets are the hexadecimal `status=`, `types=` and so on"
    assert (got.exit_code, lines[1], lines[3].split()[:2]) == (
        0,
        f"looks like EPrints, because {because}",
        ["ok", "identify"],
    )
    assert [line for line in lines if line.startswith("suggested:")] == [
        'suggested: prefixes = ["rioxx"], because these formats say more about rights than oai_dc',
        'suggested: profile = "eprints"',
        "suggested: [pages] enabled = true, if the repository agrees: oai_dc prints the licence code of a file but no access "
        "status; the page has both (eprints.full_text_status)",
    ]
    assert lines[-1] == f"verdict: can be harvested; next: oai-mirror harvest {server.url}/eprints/cgi/oai2"
    assert "asked" not in got.stdout
    assert list(empty.iterdir()) == []


def test_what_fails_shows_its_request_and_its_answer_without_control_characters(empty: Path) -> None:
    """Hostile text reaches no terminal; exit code 4."""
    hostile = b"<OAI-PMH><error code='badVerb'>\xc2\x9b31m red</error></OAI-PMH>"
    with Server(lambda root: lambda call: Reply(200, hostile)) as server:
        got = CliRunner().invoke(cli, ["check", f"{server.url}/oai"])
    assert got.exit_code == 4
    assert f"asked    {server.url}/oai?verb=Identify" in got.stdout
    assert "answered 200 in" in got.stdout
    assert "\x9b" not in got.stdout
    assert got.stdout.splitlines()[-1] == "verdict: cannot be harvested as it answers now"


def test_programs_get_one_object(empty: Path) -> None:
    """Everything that the table shows, and all the values."""
    with Server(lambda root: world.site(root, date(2026, 11, 24), lambda: NOW)) as server:
        got = CliRunner().invoke(cli, ["check", "--json", f"{server.url}/dspace/oai/request"])
    told = json.loads(got.stdout)
    assert (got.exit_code, told["harvestable"], told["platform"], told["findings"][0]["verdict"]) == (
        0,
        True,
        "DSpace",
        "works",
    )
    assert told["rights"]["records"] > 30
    assert {"element", "value", "verdict", "records"} == set(told["rights"]["values"][0])


def test_an_unknown_name_is_a_usage_error(empty: Path) -> None:
    """One line, exit code 2."""
    got = CliRunner().invoke(cli, ["check", "nowhere"])
    assert (got.exit_code, got.stdout) == (2, "")
