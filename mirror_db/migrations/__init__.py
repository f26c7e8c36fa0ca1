"""The schema: what tells our files from others, and the SQL of the steps that make it (`mirror_db.migrations.steps`)."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

APPLICATION_ID = 0x4F41494D  # "OAIM": how SQLite's header tells our files from others
MIGRATION_SET = "oai-mirror"  # the name under which sqlite-utils records what was applied
SCHEMA_VERSION = 3  # how many steps there are
HASH_BYTES = 16 * 1024 * 1024  # of full text gathered in memory before it is written: 1 MB costs 12 us a record more
FULL_TEXT_COLUMNS = ("title", "creators", "subjects", "description")


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
