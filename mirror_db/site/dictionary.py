"""The data dictionary: every table, view and column of a mirror with its sentence, out of the comments of the migrations.

Run `python -m mirror_db.site.dictionary > docs/data-dictionary.md` after a change of the schema; a test compares.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from mirror_db.connection import open_writer
from mirror_db.migrations import FULL_TEXT_COLUMNS
from mirror_db.site.describe import Described, describe

HEAD = f"""# Data dictionary

Every table, view and column of a mirror, made from the comments of the migrations by `python -m mirror_db.site.dictionary`; the same
sentences stand on each table's page in Datasette. Instants are UTC text (`2026-11-23T08:34:00Z`), days are `2026-11-23`. An empty value
(NULL) means that nothing is known or stated. Columns may be added; the ones that are here stay.

The full-text index `records_fts` covers {", ".join(f"`{name}`" for name in FULL_TEXT_COLUMNS[:-1])} and `{FULL_TEXT_COLUMNS[-1]}` of live
records: `SELECT ... FROM records WHERE id IN (SELECT rowid FROM records_fts WHERE records_fts MATCH 'rivers')`, newest in the mirror first
with `ORDER BY id DESC`. `ORDER BY rank` scores every match, which takes a second for a common word at a million records; the ready-made
query `best_matches` ranks the newest 10,000 of them, in a few hundredths. In Datasette two functions give a record as it was received:
`raw_record(id)` or `raw_record(id, prefix)` as XML, `dublin_core(id)` as JSON.
"""


def dictionary(conn: sqlite3.Connection) -> str:
    """Give the dictionary of the mirror that `conn` has open, as Markdown."""
    parts = (_part(conn, name, told) for name, told in describe(conn).items())
    return HEAD + "".join(parts)


def _part(conn: sqlite3.Connection, name: str, told: Described) -> str:
    head = f"\n## `{name}`{' (view)' if told.kind == 'view' else ''}\n\n{told.text}.\n\n"
    names = [row[1] for row in conn.execute(f'PRAGMA table_info("{name}")')]
    if told.kind == "view" and names == _columns_of_records(conn):
        return head + "It has the columns of `records`.\n"
    return head + "".join(_lines(conn, name, told))


def _lines(conn: sqlite3.Connection, name: str, told: Described) -> Iterator[str]:
    yield "| column | type | holds |\n|---|---|---|\n"
    for _, column, kind, required, _, key, *_ in conn.execute(f'PRAGMA table_xinfo("{name}")'):
        marks = ", ".join(word for word, holds in (("key", key), ("always there", required and not key)) if holds)
        text = told.columns[column].replace("|", "\\|")
        yield f"| `{column}` | {kind.lower()}{f' ({marks})' if marks else ''} | {text} |\n"


def _columns_of_records(conn: sqlite3.Connection) -> list[str]:
    return [row[1] for row in conn.execute("PRAGMA table_info(records)")]


def fresh() -> str:
    """Give the dictionary of a new mirror."""
    with TemporaryDirectory() as folder, closing(open_writer(Path(folder) / "mirror.db")) as conn:
        return dictionary(conn)


if __name__ == "__main__":
    sys.stdout.write(fresh())
