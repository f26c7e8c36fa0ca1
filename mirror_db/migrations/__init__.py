"""The schema as a chain of forward steps: each is commented SQL, applied with its record in one transaction.

A released step is never edited; a change is a new step at the end of `_STEPS`.
"""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("oai-mirror")
APPLICATION_ID = 0x4F41494D  # "OAIM": how SQLite's header tells our files from others
FULL_TEXT_COLUMNS = ("title", "creators", "subjects", "description")


@MIGRATIONS()
def m0001_mirror(db: Database) -> None:
    """Make the whole schema of design section 2.4."""
    for name in ("0001_repositories.sql", "0001_records.sql", "0001_witnesses.sql", "0001_indexes.sql"):
        for statement in statements(read_sql(name)):
            db.execute(statement)
    db.execute(
        "CREATE VIRTUAL TABLE records_fts USING fts5("
        "title, creators, subjects, description, content='records', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )


_STEPS = 1
SCHEMA_VERSION = _STEPS


def read_sql(name: str) -> str:
    """Give the text of one of this package's SQL files."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of `script` one by one (`executescript` would commit the transaction around them)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
