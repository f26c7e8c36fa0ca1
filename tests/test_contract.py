"""Guards of what users and other programs rely on: the names of tables, columns, views, commands, options and words (design section 2)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from harvester.cli import cli
from harvester.cli.common import Common, ExitCode
from mirror_db.connection import open_writer

TABLES = {
    "repositories": "id name base_url redirected_to state state_reason state_since not_before last_complete_at granularity deleted_record "
    "earliest_datestamp admin_emails",
    "records": "id repository oai_identifier datestamp deleted title creators description subjects publisher container issued year type language "
    "version peer_reviewed doi landing_url file_url license license_url license_family access embargo_end is_open_access is_cc_by_nc is_nc_family "
    "license_confidence access_confidence rules_version first_seen_at changed_at",
    "creators": "record element ordinal role value",
    "subjects": "record element ordinal scheme value",
    "identifiers": "record element ordinal scheme role value",
    "dates": "record element ordinal role value",
    "evidence": "record subject element ordinal value rule verdict confidence used reason",
    "issues": "record element ordinal code detail",
    "sets": "repository spec name",
    "record_sets": "record set_spec",
    "raw_records": "record prefix",
    "quarantine": "repository oai_identifier why detail",
    "runs": "id repository kind started_at ended_at outcome reason pages listed created updated unchanged deleted quarantined",
    "lists": "repository prefix set from until token pages expected got first_response_date ended proven",
    "warnings": "run code detail",
    "stats": "repository measure key value",
}
VIEWS = {"live_records", "open_access", "cc_by_nc", "cc_by_nc_open"}
STATES = ("never", "complete", "partial", "stale", "failing", "deferred", "blocked")
OUTCOMES = ("running", "complete", "partial", "failed", "deferred", "interrupted")
ACCESS = ("open", "embargoed", "restricted", "metadata-only", "unknown")
OPTIONS = {
    "harvest": "--full --from --until --set --prefix --limit --dry-run --jobs --json",
    "daemon": "",
    "status": "--json --watch --defects",
    "check": "--json",
    "add": "",
    "verify": "--repair",
    "explain": "",
    "rights": "",
    "renormalise": "--dry-run",
    "serve": "",
    "export": "--open --cc-by-nc --repository --since",
    "snapshot": "",
    "config": "",
    "demo": "",
    "report": "--since",
}


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A mirror that was just made."""
    with closing(open_writer(tmp_path / "m.db")) as conn:
        yield conn


def test_tables_and_columns_stay(mirror: sqlite3.Connection) -> None:
    """Every table and column that the design names is there; others may be added."""
    lacking = []
    for table, columns in TABLES.items():
        there = {row[1] for row in mirror.execute(f"PRAGMA table_xinfo({table})")}
        lacking += [f"{table}.{name}" for name in columns.split() if name not in there]
    assert lacking == []


def test_views_and_full_text_stay(mirror: sqlite3.Connection) -> None:
    """The four views and the full text over four columns are there."""
    views = {row[0] for row in mirror.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    columns = [row[1] for row in mirror.execute("PRAGMA table_info(records_fts)")]
    assert (sorted(VIEWS - views), columns) == ([], ["title", "creators", "subjects", "description"])


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [("repositories", "state", STATES), ("runs", "outcome", OUTCOMES), ("records", "access", ACCESS)],
)
def test_words_stay(mirror: sqlite3.Connection, table: str, column: str, words: tuple[str, ...]) -> None:
    """States, outcomes and access have exactly the agreed words, and the table refuses any other."""
    sql = mirror.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    assert f"{column} IN ({', '.join(repr(word) for word in words)})" in sql


def test_tables_are_strict_and_the_mirror_writes_ahead(mirror: sqlite3.Connection) -> None:
    """Every table of ours is STRICT, and the file is in WAL mode."""
    loose = [
        row[1]
        for row in mirror.execute("PRAGMA table_list")
        if row[2] == "table" and not row[5] and not row[1].startswith(("sqlite_", "_sqlite", "records_fts"))
    ]
    assert (loose, mirror.execute("PRAGMA journal_mode").fetchone()[0]) == ([], "wal")


def test_commands_and_options_stay() -> None:
    """Every command that the design names is there with the options it names."""
    context = click.Context(cli, obj=Common())
    lacking = []
    for name, options in OPTIONS.items():
        command = cli.get_command(context, name)
        if command is None:
            lacking.append(name)
            continue
        there = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
        lacking += [f"{name} {option}" for option in options.split() if option not in there]
    assert lacking == []


def test_exit_codes_stay() -> None:
    """Exit codes have the agreed numbers."""
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "ERROR": 1,
        "USAGE": 2,
        "PARTIAL": 3,
        "NONE": 4,
        "HELD": 75,
        "INTERRUPTED": 130,
    }
