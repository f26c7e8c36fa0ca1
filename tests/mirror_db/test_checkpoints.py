"""Checkpoints beside the writer: what was committed reaches the file while the writer goes on."""

import sqlite3
import time
from contextlib import closing

from mirror_db import checkpoints
from mirror_db.connection import open_writer, transaction

WAIT_S = 20


def _write(conn: sqlite3.Connection, number: int) -> None:
    with transaction(conn):
        conn.execute("INSERT INTO settings (key, value) VALUES (?, ?)", (f"k{number}", "x" * 100_000))


def test_what_is_committed_reaches_the_file_while_the_writer_is_open(tmp_path, monkeypatch):
    """The file grows without a checkpoint of the writer's own, and holds all that was committed."""
    monkeypatch.setattr(checkpoints, "EVERY_S", 0.02)
    path = tmp_path / "mirror.db"
    with closing(open_writer(path)) as conn:
        before = path.stat().st_size
        with checkpoints.beside_the_writer(path):
            for number in range(20):
                _write(conn, number)
            deadline = time.monotonic() + WAIT_S
            while path.stat().st_size < before + 2_000_000 and time.monotonic() < deadline:
                time.sleep(0.02)
            assert path.stat().st_size >= before + 2_000_000
            _write(conn, 20)
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT count(*) FROM settings WHERE key LIKE 'k%'").fetchone() == (21,)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_is_not_there_is_no_trouble(tmp_path, monkeypatch):
    """The writer tells what is wrong with a file; this thread only ends."""
    monkeypatch.setattr(checkpoints, "EVERY_S", 0.01)
    with checkpoints.beside_the_writer(tmp_path / "none" / "mirror.db"):
        time.sleep(0.05)


def test_what_is_committed_is_copied_when_asked(tmp_path, monkeypatch):
    """Nothing waits for the next time; a log that holds little is left to the writer."""
    monkeypatch.setattr(checkpoints, "EVERY_S", 10 * WAIT_S)
    path = tmp_path / "mirror.db"
    with closing(open_writer(path)) as conn, checkpoints.beside_the_writer(path) as copy:
        before = path.stat().st_size
        _write(conn, 0)
        copy()
        time.sleep(0.1)
        assert path.stat().st_size == before
        for number in range(1, 21):
            _write(conn, number)
        copy()
        deadline = time.monotonic() + WAIT_S
        while path.stat().st_size < before + 2_000_000 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert path.stat().st_size >= before + 2_000_000
