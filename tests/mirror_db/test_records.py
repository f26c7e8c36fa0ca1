"""Records in the mirror: inserted once, replaced when they changed, left alone when they did not, buried but not lost."""

from contextlib import closing

import pytest

from mirror_db import records
from mirror_db.connection import open_writer, transaction
from mirror_db.entries import Counts, Known
from mirror_db.model import Fields
from mirror_db.raw import Opener
from mirror_db.store import Store
from tests.mirror_db.making import BY, DECLARATIONS, LATER, NOW, begun, dead, digest, live, page


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        begun(Store(opened, now=lambda: NOW))
        yield opened


def _write(conn, *entries, now=NOW) -> Counts:
    with transaction(conn):
        return records.write(conn, "a", entries, run=1, now=now).counts


def _one(conn, query):
    return conn.execute(query).fetchone()


def test_a_new_record_is_written_with_all_its_parts(conn):
    """The row, its parts, its sets and its raw form are there; raw values are given back whole."""
    assert _write(conn, live("oai:1", license="CC-BY")) == Counts(created=1)
    assert _one(
        conn, "SELECT oai_identifier, datestamp, deleted, title, license, first_seen_at, changed_at FROM records"
    ) == (
        "oai:1",
        "2026-11-01",
        0,
        "rivers",
        "CC-BY",
        NOW,
        NOW,
    )
    assert _one(conn, "SELECT name, family, value FROM creators") == ("Ahn, M.", "Ahn", "Ahn,  M.")
    assert _one(conn, "SELECT label, value FROM subjects") == ("water", "water")
    assert _one(conn, "SELECT identifier, url, value FROM identifiers") == (
        "10.1/a",
        "https://doi.org/10.1/a",
        "doi:10.1/a",
    )
    assert _one(conn, "SELECT edtf, value FROM dates") == ("2020", "2020")
    assert _one(conn, "SELECT code, detail FROM issues") == ("language_unknown", "??")
    assert _one(conn, "SELECT * FROM evidence") == (1, 1, *BY)
    assert _one(conn, "SELECT set_spec FROM record_sets") == ("theses",)
    assert _one(
        conn, "SELECT prefix, digest, content_digest, tombstone, declarations FROM raw_records JOIN contexts"
    ) == (
        "oai_dc",
        digest("oai:11rivers"),
        digest("rivers"),
        None,
        DECLARATIONS,
    )


@pytest.mark.parametrize(
    ("url", "identifier", "value"),
    [
        (None, "x", "x"),
        (None, "x", "X "),
        ("https://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://doi.org/10.1/x", "10.1/x", "10.1/x"),
        ("https://a.example/y", "x", ""),
        ("https://a.example/?q=", "q", "https://a.example/?q="),
    ],
)
def test_addresses_and_raw_values_come_back_whatever_they_share(conn, url, identifier, value):
    """What is not stored twice is read as if it were."""
    entry = live("oai:1")
    part = entry.record.identifiers[0]._replace(url=url, identifier=identifier, value=value)
    _write(conn, entry._replace(record=entry.record._replace(identifiers=(part,))))
    assert _one(conn, "SELECT url, identifier, value FROM identifiers") == (url, identifier, value)


def test_what_is_known_is_told_by_identifier(conn):
    """Of several names asked for, those that the mirror holds are answered, with their digests."""
    _write(conn, live("oai:1"), dead('oai:"2"'))
    told = records.known(conn, "a", "oai_dc", ["oai:1", 'oai:"2"', "oai:3", "oai:é"])
    assert {name: one[:4] for name, one in told.items()} == {
        "oai:1": Known(1, 0, digest("oai:11rivers"), digest("rivers"))[:4],
        'oai:"2"': Known(2, 1, digest('oai:"2"9'), digest("deleted"))[:4],
    }
    assert records.known(conn, "b", "oai_dc", ["oai:1"]) == {}


def test_a_changed_record_replaces_its_parts_and_moves_changed_at(conn):
    """New content: the old parts are gone and `changed_at` moves, `first_seen_at` does not."""
    _write(conn, live("oai:1", "rivers"))
    assert _write(conn, live("oai:1", "lakes", sets=("books",)), now=LATER) == Counts(updated=1)
    assert _one(conn, "SELECT title, first_seen_at, changed_at FROM records") == ("lakes", NOW, LATER)
    assert conn.execute("SELECT count(*) FROM creators").fetchone() == (1,)
    assert conn.execute("SELECT set_spec FROM record_sets").fetchall() == [("books",)]


def test_a_new_datestamp_alone_is_no_change(conn):
    """Only the header moved: the datestamp follows, `changed_at` does not."""
    _write(conn, live("oai:1", header="1"))
    assert _write(conn, live("oai:1", header="2"), now=LATER) == Counts(unchanged=1)
    assert _one(conn, "SELECT datestamp, changed_at FROM records") == ("2026-11-02", NOW)


def test_a_changed_verdict_is_kept_as_history(conn):
    """What changed in a flag is written down with its reason."""
    _write(conn, live("oai:1", "rivers"))
    counts = _write(conn, live("oai:1", "lakes", license="CC-BY"), now=LATER)
    assert counts == Counts(updated=1, flags_changed=1)
    query = "SELECT record, run, changed_at, flag, before, after, why FROM flag_changes"
    assert conn.execute(query).fetchall() == [(1, 1, LATER, "license", None, "CC-BY", "content")]


def test_a_tombstone_keeps_the_words_and_clears_the_flags(conn):
    """A deleted record keeps what it said and its last live raw form; its evidence and its flags go."""
    _write(conn, live("oai:1", license="CC-BY", is_open_access=1, access="open"))
    assert _write(conn, dead("oai:1"), now=LATER) == Counts(deleted=1)
    query = "SELECT deleted, deleted_why, title, license, is_open_access, access, changed_at FROM records"
    assert _one(conn, query) == (1, "header", "rivers", None, 0, "unknown", LATER)
    assert _one(conn, "SELECT count(*) FROM evidence") == (0,)
    body, tombstone = _one(conn, "SELECT body, tombstone FROM raw_records")
    assert (bytes(body), bytes(tombstone)) == (b"<record>oai:1 1 rivers</record>", b"<record>oai:1 deleted</record>")
    assert _write(conn, dead("oai:1", header="8"), now=LATER) == Counts(unchanged=1)


def test_a_record_may_come_back_from_the_dead(conn):
    """Restored is its own count, and the tombstone goes."""
    _write(conn, live("oai:1"), dead("oai:2"))
    _write(conn, dead("oai:1"))
    assert _write(conn, live("oai:1"), live("oai:2"), now=LATER) == Counts(restored=2)
    assert conn.execute("SELECT deleted, deleted_why, changed_at FROM records").fetchall() == [(0, None, LATER)] * 2
    assert conn.execute("SELECT tombstone FROM raw_records").fetchall() == [(None,)] * 2


def test_rereading_replaces_values_without_moving_changed_at(conn):
    """Other rules give other values; the content is the same."""
    _write(conn, live("oai:1"))
    record = live("oai:1").record._replace(fields=Fields(title="rivers", license="CC-BY"), evidence=(BY,))
    with transaction(conn):
        assert records.rejudge(conn, [(1, record)], run=None, now=LATER, why="rules") == 1
    assert _one(conn, "SELECT license, changed_at, flags_changed_at FROM records") == ("CC-BY", NOW, LATER)
    assert _one(conn, "SELECT why, after FROM flag_changes") == ("rules", "CC-BY")
    assert _one(conn, "SELECT value FROM evidence") == ("cc_by",)


def test_rereading_writes_only_what_is_different(conn):
    """The same values again touch no row; one other part rewrites its own table alone."""
    _write(conn, live("oai:1"))
    record = live("oai:1").record._replace(fields=Fields(title="rivers", license="CC-BY"), evidence=(BY,))
    with transaction(conn):
        records.rejudge(conn, [(1, record)], run=None, now=LATER, why="rules")
    before = conn.total_changes
    with transaction(conn):
        assert records.rejudge(conn, [(1, record)], run=None, now=LATER, why="rules") == 0
        assert conn.total_changes == before
        again = record._replace(evidence=(BY._replace(confidence=0.25),))
        records.rejudge(conn, [(1, again)], run=None, now=LATER, why="rules")
    assert conn.total_changes == before + 3  # a piece of evidence out and in, and the mark
    assert _one(conn, "SELECT confidence FROM evidence") == (0.25,)


def test_raw_records_open_again(conn):
    """What the store packed is given back byte by byte."""
    store = Store(conn)
    store.commit(page(1, 1, live("oai:1")))
    store.flush()
    (frame,) = _one(conn, "SELECT body FROM raw_records")
    assert Opener(conn).unpack(frame) == b"<record>oai:1 1 rivers</record>"
