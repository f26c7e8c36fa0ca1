"""A page in one transaction: records, raw, evidence, counters, the ledger and the next token, or nothing of it."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from mirror_db.connection import open_writer
from mirror_db.entries import Quarantined, Warned
from mirror_db.errors import DiskFull
from mirror_db.store import Store
from tests.mirror_db.making import NOW, begun, dead, digest, live, page

ROOT = Path(__file__).parents[2]


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        yield opened


def _state(conn) -> dict[str, object]:
    """Give what a page moves, table by table."""
    tables = ("records", "creators", "evidence", "raw_records", "record_sets", "quarantine", "warnings", "seen")
    counted = {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    ledger = conn.execute("SELECT token, pages, got FROM lists").fetchone()
    run = conn.execute("SELECT pages, listed, created, deleted, quarantined FROM runs").fetchone()
    return {**counted, "ledger": ledger, "run": run}


def _full_page(run: int, number: int):
    broken = Quarantined("oai_dc", "oai:9", "page 1", "not_well_formed", "broken", digest("9"), b"<record")
    entries = (live("oai:1", license="CC-BY"), live("oai:2"), dead("oai:3"))
    return page(run, number, *entries, token="next", quarantined=(broken,), warnings=(Warned("odd", "so"),))


_AFTER = {
    "records": 3,
    "creators": 2,
    "evidence": 1,
    "raw_records": 3,
    "record_sets": 2,
    "quarantine": 1,
    "warnings": 1,
    "seen": 3,
    "ledger": ("next", 1, 3),
    "run": (1, 4, 2, 1, 1),
}


def test_a_page_moves_everything_together(conn):
    """Records, parts, raw, evidence, quarantine, counters and the token are written by one commit."""
    store = Store(conn, now=lambda: NOW)
    run, number = begun(store)
    store.commit(_full_page(run, number))
    store.flush()
    assert _state(conn) == _AFTER


def test_nothing_is_written_before_enough_has_gathered(conn):
    """Pages wait for one larger transaction; asking anything writes them first."""
    store = Store(conn, now=lambda: NOW, commit_records=100, commit_seconds=60)
    run, number = begun(store)
    before = _state(conn)
    store.commit(_full_page(run, number))
    assert _state(conn) == before
    assert store.list(number).token == "next"
    assert _state(conn) == _AFTER


def test_enough_records_are_written_at_once(conn):
    """The bound on waiting records is kept."""
    store = Store(conn, now=lambda: NOW, commit_records=3, commit_seconds=60)
    run, number = begun(store)
    store.commit(_full_page(run, number))
    assert _state(conn) == _AFTER


def _failing_at(conn, step: int):
    """Make the `step`-th write of the transaction fail as a full disk does; the count starts at its BEGIN."""

    class Failing:
        left = step

        def __getattr__(self, name):
            return getattr(conn, name)

        def _count(self):
            self.left -= 1
            if self.left == 0:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error

        def execute(self, statement, *values):
            if statement.startswith(("INSERT", "UPDATE", "DELETE")):
                self._count()
            return conn.execute(statement, *values)

        def executemany(self, statement, rows):
            self._count()
            return conn.executemany(statement, rows)

    return Failing()


def test_a_failure_at_any_write_leaves_nothing_of_the_page(tmp_path):
    """Whichever statement fails, the mirror stands as before the page, and the page can be written later."""
    steps = 0
    while True:
        steps += 1
        path = tmp_path / f"{steps}.db"
        with closing(open_writer(path)) as conn:
            run, number = begun(Store(conn, now=lambda: NOW))
            before = _state(conn)
            store = Store(_failing_at(conn, steps), now=lambda: NOW)
            store.commit(_full_page(run, number))
            try:
                store.flush()
            except DiskFull:
                assert _state(conn) == before
                assert not conn.in_transaction
            else:
                assert _state(conn) == _AFTER
                break
    assert steps > 12  # every kind of write was made to fail


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from mirror_db import commit, runs
    from mirror_db.connection import open_writer
    from mirror_db.store import Store
    from tests.mirror_db.making import begun
    from tests.mirror_db.test_commit import _full_page

    conn = open_writer(Path(sys.argv[1]))
    store = Store(conn)
    run, number = begun(store)
    runs.warn = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # the last step before COMMIT
    store.commit(_full_page(run, number))
    store.flush()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_kill_inside_the_commit_leaves_nothing_of_the_page(tmp_path):
    """The process dies with all rows written and the transaction open: the mirror knows nothing of it and is sound."""
    path = tmp_path / "mirror.db"
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), path], cwd=ROOT, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    with closing(open_writer(path)) as conn:
        assert _state(conn)["records"] == 0
        assert _state(conn)["ledger"] == (None, 0, 0)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
