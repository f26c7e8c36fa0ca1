"""What docs/operating.md tells people to do with a mirror, done: back up and restore, move, salvage."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from harvester.demo import world
from mirror_db.connection import open_writer, transaction
from mirror_db.migrations import APPLICATION_ID, SCHEMA_VERSION
from tests.harvester.daemon.living import Slowed, configure, provider

_DOCS = Path(__file__).parents[3] / "docs"
_ID = world.REPOSITORIES[2].id
_CONTENT = "SELECT repository, oai_identifier, deleted, title, license, access FROM records ORDER BY 1, 2"
_LAST_RUN = "SELECT outcome, created, updated, unchanged, deleted FROM runs ORDER BY id DESC LIMIT 1"


def _mirror(folder: Path, *words: str) -> str:
    """Run `oai-mirror` in a folder that has a configuration."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OAI_MIRROR_")}
    done = subprocess.run(
        [sys.executable, "-m", "harvester", "--config", str(folder), *words],
        capture_output=True, text=True, check=False, env=environ, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query).fetchall()


@pytest.fixture
def server():
    """The bundled provider."""
    with provider(Slowed()) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, server) -> Path:
    """A folder with a harvested mirror."""
    configure(tmp_path, server.url, [_ID])
    _mirror(tmp_path, "harvest")
    return tmp_path


@pytest.mark.slow
def test_a_backup_restores_and_the_next_harvest_goes_on(folder):
    """snapshot, lose the mirror, copy it back: all records are there, and the next harvest only asks for what is new."""
    db = folder / "mirror.db"
    before = _rows(db, _CONTENT)
    _mirror(folder, "snapshot", "backup.db")
    for path in folder.glob("mirror.db*"):
        path.unlink()
    shutil.copy(folder / "backup.db", db)
    _mirror(folder, "harvest")
    assert _rows(db, _CONTENT) == before
    assert _rows(db, "SELECT purpose, proven FROM lists ORDER BY id DESC LIMIT 1") == [("incremental", 1)]
    assert [row[:4] for row in _rows(db, _LAST_RUN)] == [("complete", 0, 0, _rows(db, _LAST_RUN)[0][3])]


@pytest.mark.slow
def test_a_mirror_moves_to_another_machine_with_the_lease_of_the_old_one(folder):
    """A copy taken in mid-harvest names a process of another host: five minutes later that holds nobody up."""
    db = folder / "mirror.db"
    with closing(open_writer(db)) as conn, transaction(conn):
        conn.execute(
            "INSERT INTO leases (repository, holder, pid, host, started, taken_at, beat_at) "
            "VALUES (?, 'old-server (process 7)', 7, 'old-server', '1', '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z')",
            (_ID,),
        )
    moved = folder / "elsewhere"
    moved.mkdir()
    for name in ("harvester.toml", "repositories.toml", "mirror.db"):
        shutil.move(folder / name, moved / name)
    _mirror(moved, "harvest")
    assert _rows(moved / "mirror.db", _LAST_RUN)[0][0] == "complete"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 command")
def test_a_damaged_mirror_can_be_salvaged_and_harvested_whole_again(folder):
    """A page of records is gone: what can be read becomes a mirror again, and a full harvest brings the rest."""
    db = folder / "mirror.db"
    before = _rows(db, _CONTENT)
    _destroy_a_page(db)
    subprocess.run(["sh", "-c", _salvage_lines()], check=True, cwd=folder, capture_output=True)
    salvaged = folder / "salvaged.db"
    assert 0 < len(_rows(salvaged, _CONTENT)) < len(before)
    assert _rows(salvaged, "PRAGMA foreign_key_check") == []
    _mirror(folder, "--db", str(salvaged), "harvest", "--full")
    assert _rows(salvaged, _CONTENT) == before
    assert _rows(salvaged, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(salvaged, "SELECT count(*) > 0 FROM records_fts WHERE records_fts MATCH 'opioid'") == [(1,)]


def _destroy_a_page(db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = conn.execute("PRAGMA page_size").fetchone()[0]
        title = conn.execute("SELECT title FROM records WHERE deleted = 0 AND id > 40 LIMIT 1").fetchone()[0]
        middle = conn.execute("SELECT description FROM records WHERE title = ?", (title,)).fetchone()[0]
    whole = db.read_bytes()
    at = whole.index(middle.encode()) // page  # the leaf of the table on which that record lies
    db.write_bytes(whole[: at * page] + b"\xff" * page + whole[(at + 1) * page :])


def _salvage_lines() -> str:
    """Give the commands that docs/operating.md tells people to type."""
    text = (_DOCS / "operating.md").read_text("utf-8")
    block = text[text.index("### Salvage") :].split("```sh\n", 1)[1].split("```", 1)[0]
    return block.replace("docs/salvage.sql", str(_DOCS / "salvage.sql"))


def test_the_salvage_script_knows_the_schema(tmp_path):
    """It carries the version of today, and clears every table whose rows belong to a record."""
    with closing(open_writer(tmp_path / "mirror.db")) as conn:
        tables = conn.execute(
            "SELECT DISTINCT m.name FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f "
            "WHERE m.type = 'table' AND f.\"table\" = 'records'"
        ).fetchall()
    script = (_DOCS / "salvage.sql").read_text("utf-8")
    assert [name for (name,) in tables if f"DELETE FROM {name} WHERE record NOT IN" not in script] == []
    assert f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {SCHEMA_VERSION};" in script
