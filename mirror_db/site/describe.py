"""What every table and column holds, read from the comments that SQLite keeps of the migrations' statements."""

import re
import sqlite3
from typing import NamedTuple

_HEAD = re.compile(r"^CREATE (?:TABLE|VIEW) \S+ (?:\(|AS) -- (?P<text>.+)$")
_COLUMN = re.compile(r"^\s+\"?(?P<name>\w+)\"? .*?-- (?P<text>.+)$")
_VIEW_COLUMN = re.compile(r"^\s+.*\bAS (?P<name>\w+),? -- (?P<text>.+)$")
_OF_RECORDS = re.compile(r"\bFROM records\b")


class Described(NamedTuple):
    """The sentence of a table or view and those of its columns."""

    kind: str  # table or view
    text: str
    columns: dict[str, str]


def describe(conn: sqlite3.Connection) -> dict[str, Described]:
    """Give every table and view of a mirror that has a comment, by name; a view's columns speak as those of `records`."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql IS NOT NULL"
    found = {name: read(kind, sql) for kind, name, sql in conn.execute(query)}
    told = {name: one for name, one in found.items() if one is not None}
    base = told["records"].columns if "records" in told else {}
    for name, sql in conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'"):
        if name in told and _OF_RECORDS.search(sql):
            told[name] = told[name]._replace(columns=_shown(conn, name, base) | told[name].columns)
    return told


def read(kind: str, sql: str) -> Described | None:
    """Read one statement; None when it has no comment behind its first line."""
    lines = sql.splitlines()
    head = _HEAD.match(lines[0])
    if head is None:
        return None
    pattern = _COLUMN if kind == "table" else _VIEW_COLUMN
    columns = (pattern.match(line) for line in lines[1:])
    return Described(kind, head["text"], {one["name"]: one["text"] for one in columns if one})


def _shown(conn: sqlite3.Connection, view: str, base: dict[str, str]) -> dict[str, str]:
    names = [row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", (view,))]
    return {name: base[name] for name in names if name in base}
