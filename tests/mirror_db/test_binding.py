"""Rows bound fast arrive as they were meant."""

import sqlite3

from mirror_db import binding


def test_what_is_empty_becomes_null_and_all_else_stays() -> None:
    """None is bound as a number that the statement turns into NULL; empty text, zero and bytes are themselves."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (a INTEGER NOT NULL, b TEXT, c INTEGER, d REAL, e BLOB) STRICT")
    statement = binding.insert("t", ("a", "b", "c", "d", "e"), never_null=("a",))
    rows = [(1, None, None, None, None), (2, "", 0, 0.0, b""), (3, "é", -1, 0.5, b"\x00\xff")]
    conn.executemany(statement, [[*binding.bound(row[:-1]), binding.blob(row[-1])] for row in rows])
    assert conn.execute("SELECT * FROM t ORDER BY a").fetchall() == rows
