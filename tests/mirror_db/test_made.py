"""Pages made ready as rows: what they write is what the same entries write one by one."""

import marshal
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_db import records
from mirror_db.connection import open_writer, transaction
from mirror_db.entries import Entry
from mirror_db.made import Made, MadeEntries, Maker
from mirror_db.raw import Opener, Packer, pack
from mirror_db.store import Store
from tests.mirror_db.making import LATER, NOW, begun, dead, live, page

TABLES = ("records", "creators", "subjects", "identifiers", "dates", "evidence", "issues", "record_sets", "contexts")


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        begun(Store(opened, now=lambda: NOW))
        yield opened


def made(*entries: Entry) -> MadeEntries:
    """Make a page ready, as it comes out of a reader's pipe."""
    maker = Maker("a")
    for entry in entries:
        maker.add(entry.record)
    told = marshal.loads(marshal.dumps(maker.told()))
    return MadeEntries(Made.of(told, [entry.raw for entry in entries]))


def wide(name: str) -> Entry:
    """Give a record with more parts than one statement takes, some of them empty."""
    entry = live(name, license="CC-BY", year=2020, description="x" * 3000)
    (creator,), (subject,) = entry.record.creators, entry.record.subjects
    creators = tuple(creator._replace(ordinal=at, orcid=None if at % 2 else f"{at}") for at in range(1, 40))
    subjects = tuple(subject._replace(ordinal=at, scheme="ddc" if at % 3 else None) for at in range(1, 18))
    return entry._replace(record=entry.record._replace(creators=creators, subjects=subjects))


def written(conn) -> dict[str, list[tuple[object, ...]]]:
    """Give the rows of all tables that entries are written to, and forget them."""
    rows = {name: conn.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in TABLES}
    rows["raw_records"] = conn.execute("SELECT * FROM raw_records ORDER BY record").fetchall()
    for name in rows:
        conn.execute(f"DELETE FROM {name}")
    return rows


def write(conn, entries, *, now: str = NOW):
    """Write a page in a transaction of its own."""
    with transaction(conn):
        return records.write(conn, "a", entries, run=1, now=now)


KINDS = st.lists(st.sampled_from("lwdsn"), min_size=1, max_size=40)


def entry(kind: str, at: int) -> Entry:
    """Give a record of one kind: plain, wide, dead, in several sets, or with a note of its raw form."""
    name = f"oai:{at}"
    if kind == "d":
        return dead(name)
    plain = wide(name) if kind == "w" else live(name, sets=("a", "b", "a") if kind == "s" else ())
    return plain._replace(raw=plain.raw._replace(notes="cleaned")) if kind == "n" else plain


def test_rows_write_what_entries_write(tmp_path):
    """Every table, the counters and the numbers are the same, whatever kinds of records a page mixes."""
    with closing(open_writer(tmp_path / "mirror.db")) as conn:
        begun(Store(conn, now=lambda: NOW))

        @given(KINDS)
        def check(kinds):
            entries = [entry(kind, at) for at, kind in enumerate(kinds)]
            alone = write(conn, tuple(entries)), written(conn)
            assert (write(conn, made(*entries)), written(conn)) == alone

        check()


@given(KINDS)
def test_entries_come_back_as_they_were(kinds):
    """Whoever asks for a single entry gets what was read."""
    entries = [entry(kind, at) for at, kind in enumerate(kinds)]
    back = made(*entries)
    assert (len(back), back.identifiers) == (len(entries), [one.record.oai_identifier for one in entries])
    assert [(e.record[:5], e.parts(), e.raw) for e in back] == [(e.record[:5], e.parts(), e.raw) for e in entries]


def test_a_page_of_which_a_record_is_held_is_written_one_by_one(conn):
    """What is held is replaced, the rest is new."""
    write(conn, (live("oai:2", "rivers"),))
    done = write(conn, made(live("oai:1"), live("oai:2", "lakes", header="2"), dead("oai:3")), now=LATER)
    assert (done.counts.created, done.counts.updated, done.counts.deleted) == (1, 1, 1)
    assert sorted(done.numbers) == [1, 2, 3]
    titles = conn.execute("SELECT oai_identifier, title FROM records ORDER BY oai_identifier").fetchall()
    assert titles == [("oai:1", "rivers"), ("oai:2", "lakes"), ("oai:3", None)]


def test_rows_that_could_not_be_written_are_written_the_next_time(conn):
    """What an error has stopped is numbered anew."""
    entries = made(live("oai:1"), wide("oai:2"))
    with transaction(conn):
        records.write(conn, "a", entries, run=1, now=NOW)
        conn.execute("ROLLBACK")
        conn.execute("BEGIN")
    write(conn, (live("oai:0"),))
    assert write(conn, entries, now=LATER).numbers == (2, 3)
    assert conn.execute("SELECT DISTINCT record FROM creators").fetchall() == [(1,), (2,), (3,)]
    assert conn.execute("SELECT first_seen_at FROM records WHERE id = 3").fetchall() == [(LATER,)]


def test_raw_records_are_compressed_and_sampled(conn):
    """The writer compresses what came without a frame, once, and trains its dictionary on what it was."""
    packer = Packer(conn)
    entries = [live(f"oai:{at}", f"title {at}" * 20) for at in range(500)]
    one = entries[7]
    ready = one._replace(raw=one.raw._replace(body=pack(one.raw.body)))
    packed = packer.packed(page(1, 1)._replace(entries=made(*entries[:7], ready, *entries[8:])), now=NOW)
    opener = Opener(conn)
    assert [opener.unpack(e.raw.body) for e in packed.entries] == [e.raw.body for e in entries]
    assert packed.entries[7].raw.body == ready.raw.body
    assert packer.dictionary("a", "oai_dc") is not None
    assert packer.packed(packed, now=NOW).entries is packed.entries
