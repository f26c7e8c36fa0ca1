"""The schema: commented, strict, sound, and made step by step."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from sqlite_utils import Database

from mirror_db.connection import open_writer
from mirror_db.migrations import FULL_TEXT_COLUMNS, HASH_BYTES, SCHEMA_VERSION, statements
from mirror_db.migrations.chain import MIGRATIONS
from mirror_db.site.describe import describe

VIEWS = {"live_records", "open_access", "cc_by_nc", "cc_by_nc_open", "items"}


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        yield opened


def _tables(conn) -> set[str]:
    query = "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE '%\\_%sqlite%' ESCAPE '\\'"
    return {row[0] for row in conn.execute(query) if not row[0].startswith(("sqlite_", "_sqlite", "records_fts"))}


def test_the_tables_and_views_of_the_contract_are_there(conn):
    """Users write SQL against these names."""
    wanted = {"repositories", "records", "creators", "subjects", "identifiers", "dates", "evidence", "issues", "sets"}
    wanted |= {"record_sets", "raw_records", "quarantine", "runs", "lists", "warnings", "stats"}
    views = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert (wanted - _tables(conn), VIEWS - views) == (set(), set())


def test_every_table_is_strict(conn):
    """A column holds what its type says."""
    loose = {row[0] for row in conn.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0")}
    assert loose & _tables(conn) == set()


def test_every_table_and_column_is_described(conn):
    """No name without a sentence."""
    told = describe(conn)
    bare = []
    for table in _tables(conn):
        columns = {row[0] for row in conn.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))}
        bare += [table] if table not in told else [f"{table}.{name}" for name in columns - set(told[table].columns)]
    assert bare == []


def test_parts_are_found_by_their_record(conn):
    """The parts of a record are looked up by its number without a scan."""
    for table in ("creators", "subjects", "identifiers", "dates", "evidence", "issues", "record_sets"):
        (plan,) = conn.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE record = 1")
        assert plan[3].startswith("SEARCH"), plan[3]


def test_full_text_covers_what_is_promised(conn):
    """Title, creators, subjects and description are searched, without regard to accents."""
    names = [row[0] for row in conn.execute("SELECT name FROM pragma_table_info('records_fts')")]
    assert tuple(names) == FULL_TEXT_COLUMNS == ("title", "creators", "subjects", "description")


def test_statements_are_cut_where_they_end():
    """A semicolon in a comment or a text ends nothing."""
    script = "CREATE TABLE a ( -- one; two\n  x TEXT -- a\n);\nINSERT INTO a VALUES (';');\n"
    assert list(statements(script)) == [
        "CREATE TABLE a ( -- one; two\n  x TEXT -- a\n);",
        "INSERT INTO a VALUES (';');",
    ]


def test_an_older_mirror_is_brought_up_to_date(tmp_path):
    """A file that has the first step alone gets the others when it is opened for writing, and keeps what it holds."""
    path = tmp_path / "mirror.db"
    with closing(sqlite3.connect(path)) as conn:
        MIGRATIONS.apply(Database(conn), stop_before="m0002_full_text_in_large_pieces")
        conn.execute("INSERT INTO settings (key, value) VALUES ('kept', 'yes')")
        conn.execute("PRAGMA user_version = 1")
        conn.commit()
    with closing(open_writer(path)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert conn.execute("SELECT value FROM settings WHERE key = 'kept'").fetchone() == ("yes",)
        assert conn.execute("SELECT v FROM records_fts_config WHERE k = 'hashsize'").fetchone() == (HASH_BYTES,)


def _schema(conn) -> list[tuple[object, ...]]:
    return conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()


def _held(conn) -> dict[str, list[tuple[object, ...]]]:
    """Give what small tables hold, but for the instants at which steps were applied."""
    named = [name for kind, name, *_ in _schema(conn) if kind == "table" and not name.startswith("records_fts")]
    held = {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in (*named, "records_fts_config")}
    return held | {"_sqlite_migrations": [row[:3] for row in held["_sqlite_migrations"]]}


def test_a_new_file_is_what_the_chain_of_steps_makes_it(conn, tmp_path):
    """The way without sqlite-utils makes the same schema, rows and records of steps; the chain finds nothing left to do."""
    with closing(sqlite3.connect(tmp_path / "chain.db", isolation_level=None)) as other:
        MIGRATIONS.apply(Database(other))
        assert _schema(conn) == _schema(other)
        assert _held(conn) == _held(other)
    assert (MIGRATIONS.pending(Database(conn)), len(MIGRATIONS.applied(Database(conn)))) == ([], SCHEMA_VERSION)


def test_a_new_file_is_made_without_what_only_older_ones_need(tmp_path):
    """A first harvest does not import sqlite-utils."""
    code = (
        "import sys; from pathlib import Path; from mirror_db.connection import open_writer; "
        "open_writer(Path(sys.argv[1])).close(); print('sqlite_utils' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "new.db")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "False\n"
