"""Opening a mirror: made when absent, refused when foreign or newer, and written through one door."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mirror_db import errors
from mirror_db.connection import open_reader, open_writer, optimize, transaction, translate
from mirror_db.migrations import APPLICATION_ID, SCHEMA_VERSION
from mirror_db.store import Store
from tests.mirror_db.making import begun, live, page


def _foreign(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")
        conn.commit()
    return path.read_bytes()


def test_a_new_mirror_is_marked_as_ours(tmp_path):
    """SQLite's header names the program and the version of the schema; the folder is made."""
    path = tmp_path / "new" / "mirror.db"
    with closing(open_writer(path)) as conn:
        pragmas = ("application_id", "user_version", "journal_mode", "foreign_keys", "page_size")
        told = [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert told == [APPLICATION_ID, SCHEMA_VERSION, "wal", 0, 8192]


def test_opening_again_changes_nothing(tmp_path):
    """A mirror of today's version is opened as it is."""
    path = tmp_path / "mirror.db"
    open_writer(path).close()
    before = path.read_bytes()
    open_writer(path).close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("opening", [open_writer, open_reader])
def test_another_programs_database_is_refused_untouched(tmp_path, opening):
    """A foreign database is not ours to write: no pragma, no table, no file beside it."""
    path = tmp_path / "recipes.db"
    before = _foreign(path)
    with pytest.raises(errors.NotAMirror, match="not a mirror"):
        opening(path)
    assert (path.read_bytes(), [p.name for p in tmp_path.iterdir()]) == (before, ["recipes.db"])


@pytest.mark.parametrize("opening", [open_writer, open_reader])
def test_a_file_that_is_no_database_is_refused_untouched(tmp_path, opening):
    """A text file is named as such and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be taken for a header of one" * 20)
    before = path.read_bytes()
    with pytest.raises(errors.NotAMirror, match="not an SQLite file"):
        opening(path)
    assert path.read_bytes() == before


_NEWER = (
    f"PRAGMA user_version = {SCHEMA_VERSION + 1}",
    # Whatever the number in the file's header says.
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('oai-mirror', 'm9999', '2099-01-01')",
)


@pytest.mark.parametrize("newer", _NEWER)
@pytest.mark.parametrize("opening", [open_writer, open_reader])
def test_a_newer_mirror_is_refused_untouched(tmp_path, opening, newer):
    """A schema from the future, or a step of one, is refused with both versions named."""
    path = tmp_path / "mirror.db"
    with closing(open_writer(path)) as conn:
        conn.execute(newer)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(errors.NewerMirror, match=f"schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}"):
        opening(path)
    assert path.read_bytes() == before


def test_a_reader_makes_no_file(tmp_path):
    """Reading what is not there says how to make it."""
    with pytest.raises(errors.MirrorMissing, match="oai-mirror harvest"):
        open_reader(tmp_path / "mirror.db")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path):
    """A reader's connection is read-only for SQLite itself."""
    open_writer(tmp_path / "mirror.db").close()
    with (
        closing(open_reader(tmp_path / "mirror.db")) as conn,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        conn.execute("DELETE FROM settings")


def test_an_empty_file_becomes_a_mirror(tmp_path):
    """A file that someone touched first is no foreign one."""
    path = tmp_path / "mirror.db"
    path.touch()
    with closing(open_writer(path)) as conn:
        assert conn.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_transaction_keeps_all_or_nothing(tmp_path):
    """What an exception interrupts leaves no trace."""
    with closing(open_writer(tmp_path / "mirror.db")) as conn:
        with transaction(conn):
            conn.execute("INSERT INTO settings VALUES ('a', '1')")
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(conn)
        assert conn.execute("SELECT key FROM settings").fetchall() == [("a",)]


def _write_and_fail(conn):
    with transaction(conn):
        conn.execute("INSERT INTO settings VALUES ('b', '2')")
        raise ZeroDivisionError


def test_a_full_disk_is_told_as_such_and_leaves_the_mirror_sound(tmp_path):
    """When the file may not grow, the transaction is undone and the error says what to do."""
    with closing(open_writer(tmp_path / "mirror.db")) as conn:
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
        conn.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(errors.DiskFull, match="Free some space"), transaction(conn):
            conn.execute("INSERT INTO settings VALUES ('a', ?)", ("x" * 100_000,))
        assert conn.execute("SELECT count(*) FROM settings").fetchone() == (0,)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_damage_is_told_with_the_way_to_salvage(tmp_path):
    """A page of rubbish in the middle is called damage, and the file is not touched any more."""
    path = tmp_path / "mirror.db"
    with closing(open_writer(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(path.read_bytes())
    body[100:8192] = b"\xff" * 8092
    path.write_bytes(body)
    with pytest.raises(errors.DamagedMirror, match="salvage"):
        open_writer(path)
    assert path.read_bytes() == bytes(body)


def test_other_errors_come_back_as_they_are():
    """A mistake of ours is not dressed up as a fault of the file."""
    mistake = sqlite3.OperationalError("no such table")
    assert translate("mirror.db", mistake) is mistake


def test_the_planner_looks_again_once_records_have_grown(tmp_path):
    """What it knows is refreshed when there are four times as many records, not after each harvest."""
    noted = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'records' AND idx = 'records_by_identifier'"
    told = []
    with closing(open_writer(tmp_path / "mirror.db")) as conn:
        store = Store(conn)
        run, number = begun(store)
        for count in (2, 3, 7, 8):
            held = conn.execute("SELECT count(*) FROM records").fetchone()[0]
            store.commit(page(run, number, *(live(f"oai:{i}") for i in range(held, count))))
            store.flush()
            conn.execute("SELECT id FROM records WHERE repository = 'a' AND oai_identifier > ''").fetchall()
            optimize(conn)
            told.append(int(conn.execute(noted).fetchone()[0].split()[0]))
    assert told == [2, 2, 2, 8]
