"""The schema as a chain of forward steps: each is commented SQL, applied with its record in one transaction.

A released step is never edited; a change is a new step at the end, and `SCHEMA_VERSION` counts them.

    a new file    -> all steps at once (`mirror_db.migrations.anew`)
    an older file -> those that it lacks, by sqlite-utils (`mirror_db.migrations.chain`)
"""

from typing import Any, Protocol

from mirror_db.migrations import HASH_BYTES, read_sql, statements


class Executes(Protocol):
    """A connection, or sqlite-utils' `Database`."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any:
        """Run one statement."""


def m0001_mirror(db: Executes) -> None:
    """Make the whole schema of design section 2.4."""
    for name in ("0001_repositories.sql", "0001_records.sql", "0001_witnesses.sql", "0001_indexes.sql"):
        for statement in statements(read_sql(name)):
            db.execute(statement)
    db.execute(
        "CREATE VIRTUAL TABLE records_fts USING fts5("
        "title, creators, subjects, description, content='records', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )


def m0002_full_text_in_large_pieces(db: Executes) -> None:
    """Let a batch of full text be gathered whole before it is written."""
    db.execute("INSERT INTO records_fts (records_fts, rank) VALUES ('hashsize', ?)", (HASH_BYTES,))


def m0003_figures_counted_where_records_changed(db: Executes) -> None:
    """Keep how far each repository's figures are; all are counted once after this."""
    for statement in statements(read_sql("0003_counted.sql")):
        db.execute(statement)


STEPS = (m0001_mirror, m0002_full_text_in_large_pieces, m0003_figures_counted_where_records_changed)
