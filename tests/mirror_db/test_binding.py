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


def test_rows_go_in_their_order_however_many_there_are() -> None:
    """Several to a statement, the rest one by one; none is lost at the joint, and what is ignored is ignored row by row."""
    for count in (0, 1, binding.TOGETHER - 1, binding.TOGETHER, 2 * binding.TOGETHER + 3):
        conn = sqlite3.connect(":memory:")
        conn.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT")
        rows = [(n, f"row {n}") for n in range(1, count + 1)]
        insert = binding.several(binding.insert("t", ("a", "b")))
        binding.run(conn, insert, rows)
        assert conn.execute("SELECT a, b FROM t ORDER BY rowid").fetchall() == rows
        again = binding.several("INSERT OR IGNORE INTO t (a, b) VALUES (?, ?)")
        binding.run(conn, again, [*rows, (count + 1, "new")])
        assert conn.execute("SELECT count(*), max(b) FROM t").fetchone()[0] == count + 1
