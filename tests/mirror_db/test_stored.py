"""Records are handed out whole: every form of them, and the page of the item."""

import json
from contextlib import closing

import pytest

from mirror_db.connection import open_writer
from mirror_db.raw import pack
from mirror_db.store import Store
from mirror_db.stored import Form, KeptPage, Stored, held, of_identifiers, of_number
from tests.mirror_db.making import DECLARATIONS, NOW, begun, dead, live, page


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        store = Store(opened, now=lambda: NOW)
        run, number = begun(store)
        store.commit(page(run, number, live("one"), live("two"), dead("three")))
        store.flush()
        yield opened


ONE = Stored(
    1, "a", "one", "2026-11-01", ("theses",), (Form("oai_dc", b"<record>one 1 rivers</record>", DECLARATIONS),)
)


def test_live_records_come_in_the_order_of_their_numbers(conn):
    """Tombstones are not read again."""
    assert [ONE.id, 2] == [one.id for one in held(conn, "a")]
    assert [one.id for one in held(conn, "a", after=1)] == [2]


def test_a_record_is_found_by_number_and_by_identifier(conn):
    """What the mirror does not hold, or holds as deleted, is not in the answer."""
    assert of_number(conn, 1) == ONE
    assert of_identifiers(conn, "a", ["one", "three", "unknown"]) == {"one": ONE}
    assert of_number(conn, 3) is None


def test_further_forms_and_the_page_come_with_the_record(conn):
    """A form that was withdrawn (a tombstone of it) does not."""
    for prefix, tombstone in (("rioxx", None), ("xoai", pack(b"gone"))):
        conn.execute(
            "INSERT INTO raw_records (record, prefix, digest, content_digest, context, body, tombstone, received_at) "
            "VALUES (1, ?, x'00', x'00', 1, ?, ?, ?)",
            (prefix, pack(b"<record/>"), tombstone, NOW),
        )
    conn.execute(
        "INSERT INTO pages (record, url, outcome, asked_at, read_at, next_at, content_type, body) "
        "VALUES (1, 'https://e.example/1', 'read', ?, ?, ?, 'text/html', ?)",
        (NOW, NOW, NOW, pack(b"<html>")),
    )
    conn.execute(
        "INSERT INTO page_sites (repository, host, marks, asked_at) VALUES ('a', 'https://e.example', ?, ?)",
        (json.dumps([["badge", "open access"]]), NOW),
    )
    found = of_number(conn, 1)
    assert found is not None
    assert [one.prefix for one in found.forms] == ["oai_dc", "rioxx"]
    assert found.page == KeptPage(
        "https://e.example/1", "2026-11-23", "text/html", "", b"<html>", (("badge", "open access"),)
    )
