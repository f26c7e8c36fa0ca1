"""Every table and column is described, out of the migrations' own comments."""

from mirror_db.connection import open_reader
from mirror_db.site.describe import Described, describe, read


def test_a_statement_is_read_into_a_sentence_and_columns():
    """The comment behind each line belongs to the column of that line."""
    sql = 'CREATE TABLE t ( -- A thing\n    id INTEGER, -- Number (of it), -- twice\n    "set" TEXT -- Set\n) STRICT'
    assert read("table", sql) == Described("table", "A thing", {"id": "Number (of it), -- twice", "set": "Set"})


def test_a_statement_without_comment_is_not_described():
    """Tables of other makers stay silent."""
    assert read("table", "CREATE TABLE t (id INTEGER)") is None


def test_every_column_of_every_table_and_view_has_a_sentence(mirror):
    """No table or column of the mirror is without a description, shadow tables and migrations apart."""
    conn = open_reader(mirror)
    told = describe(conn)
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'records_fts%' AND name NOT LIKE '%sqlite_%'"
    names = [row[0] for row in conn.execute(query)]
    missing = [
        f"{name}.{column}"
        for name in names
        for (column,) in conn.execute("SELECT name FROM pragma_table_info(?)", (name,))
        if column not in told[name].columns
    ]
    assert missing == []
