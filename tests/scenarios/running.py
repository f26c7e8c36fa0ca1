"""The command in a process of its own, and the content of a mirror as values that can be compared."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from harvester.cli import main

REPOSITORY = Path(__file__).parents[2]
_OF_TIME = {
    "id",
    "record",
    "run",
    "list",
    "context",
}  # numbers and instants differ between runs; what they lead to does not
_CONTENT = ("creators", "subjects", "identifiers", "dates", "evidence", "issues", "record_sets", "raw_records")


class Done(NamedTuple):
    """How a command ended; a code below zero is the signal that killed it."""

    code: int
    out: str
    err: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        """Give the objects that `--json` prints."""
        return [json.loads(line) for line in self.out.splitlines()]


def oai_mirror(*arguments: str, cwd: Path, module: str = "harvester", **environ: str) -> Done:
    """Run `python -m harvester` with these arguments in a folder; `environ` is added to the environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OAI_MIRROR_")}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=cwd,
        env=clean | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "200"} | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def in_process(*arguments: str, cwd: Path, **environ: str) -> Done:
    """Do the same within this process, which saves the start: for what needs no process of its own."""
    out, err = io.StringIO(), io.StringIO()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OAI_MIRROR_")}
    with (
        chdir(cwd),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["oai-mirror", *arguments]),
        patch.dict(os.environ, clean | {"COLUMNS": "200"} | environ, clear=True),
    ):
        code = _code_of(main)
    return Done(code, out.getvalue(), err.getvalue())


def _code_of(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def content(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give every content table as sorted rows, records named by their identifiers, without numbers and instants."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        tables = {"records": _rows(conn, "records", "r.repository, r.oai_identifier", "")}
        for table in _CONTENT:
            join = f"JOIN records AS r ON r.id = {table}.record"
            tables[table] = _rows(conn, table, "r.repository, r.oai_identifier", join)
        tables["sets"] = _rows(conn, "sets", "''", "")
        tables["quarantine"] = _rows(conn, "quarantine", "''", "")
        tables["stats"] = [
            row for row in _rows(conn, "stats", "''", "") if row[2] != "health"
        ]  # of runs, not of content
        tables["states"] = conn.execute("SELECT id, state, state_reason FROM repositories ORDER BY id").fetchall()
        tables["words"] = conn.execute(
            "SELECT r.oai_identifier FROM records_fts JOIN records AS r ON r.id = records_fts.rowid "
            "WHERE records_fts MATCH 'naive' ORDER BY 1"
        ).fetchall()
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    return tables


def ledger(db: Path) -> list[tuple[Any, ...]]:
    """Give the lists of records that were asked for, how far each got and whether it is proven."""
    query = (
        'SELECT repository, purpose, prefix, "set", "from", "until", pages, got, proven FROM lists '
        "WHERE verb = 'ListRecords' ORDER BY id"
    )
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        return conn.execute(query).fetchall()


def _rows(conn: sqlite3.Connection, table: str, named: str, join: str) -> list[tuple[Any, ...]]:
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name not in _OF_TIME and not name.endswith("_at")]
    shown = ", ".join(f'{table if join else "r"}."{name}"' for name in kept)
    source = f"{table} {join}" if join else f"{table} AS r"
    return sorted(conn.execute(f"SELECT {named}, {shown} FROM {source}").fetchall(), key=repr)
