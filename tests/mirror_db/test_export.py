"""Rows for other programs: what is chosen, and how it is written."""

import csv
import io
import json

import pytest

from mirror_db.connection import open_reader
from mirror_db.export import COLUMNS, Wanted, csv_lines, guarded, json_lines, next_since, records
from tests.mirror_db.site.known import NOW, make_known


@pytest.fixture(scope="module")
def conn(tmp_path_factory):
    """Open the known mirror."""
    return open_reader(make_known(tmp_path_factory.mktemp("export") / "mirror.db"))


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]),
        (Wanted(open=True), [1, 2, 5, 6, 10]),
        (Wanted(cc_by_nc=True), [2, 3]),
        (Wanted(open=True, cc_by_nc=True), [2]),
        (Wanted(repositories=("beta",)), [10, 11, 12]),
        (Wanted(repositories=("alpha", "beta"), cc_by_nc=True), [2, 3]),
        (Wanted(since=NOW), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        (Wanted(since=NOW, open=True), [1, 2, 5, 6, 10]),
        (Wanted(since="2026-11-23T08:00:01Z"), []),
    ],
)
def test_what_is_wanted_is_chosen(conn, wanted, ids):
    """Live records; tombstones too for a copy that follows by `since`, but none where a flag is asked for."""
    assert [row[0] for row in records(conn, wanted)] == ids


def test_the_next_export_overlaps(conn):
    """A commit may carry an instant from before it got the lock: two minutes are exported again."""
    assert next_since(conn) == "2026-11-23T07:58:00Z"


def test_csv_reads_back(conn):
    """A heading, a line a record; commas, quotes and line breaks of titles stay within their cell."""
    rows = list(records(conn, Wanted(repositories=("beta",))))
    read = list(csv.DictReader(io.StringIO("".join(csv_lines(rows)))))
    assert [(one["id"], one["title"]) for one in read] == [
        ("10", "Soon to open, here open"),
        ("11", "An article without a DOI"),
        ("12", "A thesis"),
    ]


def test_json_lines_are_exact(conn):
    """A hostile title comes back letter by letter, what is empty is null."""
    row = next(row for row in records(conn, Wanted()) if row[0] == 7)
    assert json.loads(next(json_lines([row]))) == dict(zip(COLUMNS, row, strict=True))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("'plain", "'plain"),
        ("a=b", "a=b"),
        ("", ""),
        (-2, -2),
        (None, None),
    ],
)
def test_formulas_are_guarded(value, shown):
    """A text that a spreadsheet would run gets an apostrophe; numbers and all other texts stay as they are."""
    assert guarded(value) == shown


def test_the_guard_can_be_taken_off():
    """No two texts come out as the same."""
    texts = ["=1", "'=1", "''=1", "'a", "a", "'", ""]
    assert len({guarded(text) for text in texts}) == len(texts)
