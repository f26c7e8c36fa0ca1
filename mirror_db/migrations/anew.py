"""A new file gets all steps at once, with the records of them that sqlite-utils would make: it need not be imported.

That makes each first harvest a twentieth of a second shorter. A test holds both ways to the same file.
"""

import sqlite3
from datetime import UTC, datetime

from mirror_db.migrations import MIGRATION_SET
from mirror_db.migrations.steps import STEPS

_RECORDS = (  # word for word as sqlite-utils makes them
    'CREATE TABLE "_sqlite_migrations" (\n   "id" INTEGER PRIMARY KEY,\n   "migration_set" TEXT,\n   "name" TEXT,\n   "applied_at" TEXT\n)',
    'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"\n    ON "_sqlite_migrations" ("migration_set", "name")',
)


def is_new(conn: sqlite3.Connection) -> bool:
    """Tell whether a file holds nothing at all."""
    return conn.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def make(conn: sqlite3.Connection) -> None:
    """Make the schema in a file that holds nothing, inside the caller's transaction."""
    for statement in _RECORDS:
        conn.execute(statement)
    for step in STEPS:
        step(conn)
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
            (MIGRATION_SET, step.__name__, str(datetime.now(UTC))),
        )
