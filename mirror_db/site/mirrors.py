"""Which of the databases that Datasette has open are mirrors, and what Datasette is to know of their tables."""

import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from importlib.resources import files
from typing import Any, NamedTuple

from mirror_db.migrations import APPLICATION_ID
from mirror_db.site.describe import Described, describe

Table = dict[str, Any]
_ABOUT = (
    "Records harvested over OAI-PMH, one row per item, with the evidence of every open access and CC BY-NC flag. "
    "Start with the table items, or with one of the ready-made queries."
)


class Query(NamedTuple):
    """A ready-made query as `queries.toml` words it."""

    name: str
    title: str
    description: str
    sql: str


def is_mirror(conn: sqlite3.Connection) -> bool:
    """Tell whether the connection has a mirror open."""
    return bool(conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def mirror_at(path: str, *, immutable: bool) -> dict[str, Described] | None:
    """Describe the mirror at `path`; None when the file is something else or cannot be read."""
    mode = "mode=ro&immutable=1" if immutable else "mode=ro"
    try:
        with closing(sqlite3.connect(f"file:{path}?{mode}", uri=True)) as conn:
            return describe(conn) if is_mirror(conn) else None
    except sqlite3.Error:
        return None


def queries() -> tuple[Query, ...]:
    """Give the ready-made queries in the order in which they are shown."""
    table = _toml("queries.toml")
    return tuple(Query(name, one["title"], one["description"], one["sql"].strip()) for name, one in table.items())


def tables(described: Mapping[str, Described]) -> dict[str, Table]:
    """Give Datasette's metadata for each table of a mirror: how it is shown, its sentence and those of its columns."""
    shown = _toml("tables.toml")
    names = [*shown, *(name for name in described if name not in shown)]
    return {name: _table(shown.get(name, {}), described.get(name)) for name in names}


def database_metadata(described: Mapping[str, Described]) -> dict[str, Any]:
    """Give Datasette's metadata for a mirror."""
    return {"description": _ABOUT, "tables": tables(described)}


def _table(shown: Table, described: Described | None) -> Table:
    if described is None:
        return dict(shown)
    return {**shown, "description": f"{described.text}.", "columns": described.columns}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
