"""Full text in batches: what waits is found after catching up, and a kill in between leaves nothing to mend by hand."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mirror_db import fulltext
from mirror_db.connection import open_writer, transaction
from mirror_db.entries import Batch, Entry, Raw
from mirror_db.model import Fields, MirrorRecord
from mirror_db.store import Store


@pytest.fixture
def conn(tmp_path: Path) -> Iterator:
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        yield opened


@pytest.fixture
def store(conn) -> Store:
    store = Store(conn)
    store.enter("a", name="A", base_url="https://a.example/oai")
    return store


def _entry(name: str, title: str | None, content: bytes) -> Entry:
    deleted = int(title is None)
    body, tombstone = (None, content) if deleted else (content, None)
    record = MirrorRecord(name, None, deleted, (), Fields(title=title))
    return Entry(record, Raw("oai_dc", content * 2, content, "", body, tombstone))


def _commit(store: Store, run: int, *entries: Entry) -> None:
    store.commit(Batch("a", run, "oai_dc", entries))
    store.flush()


def _found(conn, words: str) -> list[int]:
    return [row[0] for row in conn.execute("SELECT rowid FROM records_fts WHERE records_fts MATCH ?", (words,))]


def _is_sound(conn) -> bool:
    with transaction(conn):
        conn.execute("INSERT INTO records_fts (records_fts, rank) VALUES ('integrity-check', 1)")
    return True


def test_the_end_of_a_run_indexes_what_waits(conn, store) -> None:
    """Before the end of its run a new record is not found by its words; after it, it is."""
    run = store.begin_run("a", "harvest", version="")
    _commit(store, run, _entry("1", "rivers", b"1"), _entry("2", "lakes", b"2"))
    assert (_found(conn, "rivers"), fulltext.waiting(conn)) == ([], 2)
    store.end_run("a", run, outcome="complete", reason=None)
    assert (_found(conn, "rivers"), fulltext.waiting(conn)) == ([1], 0)


def test_changes_of_waiting_records_wait_with_them(conn, store) -> None:
    """A record that changes, dies or returns before it was indexed is indexed once, as it stands at the end."""
    run = store.begin_run("a", "harvest", version="")
    _commit(store, run, _entry("1", "rivers", b"1"), _entry("2", "lakes", b"2"), _entry("3", "ponds", b"3"))
    _commit(store, run, _entry("1", "seas", b"1b"), _entry("2", None, b"2b"), _entry("3", None, b"3b"))
    _commit(store, run, _entry("3", "fens", b"3c"))
    store.end_run("a", run, outcome="complete", reason=None)
    found = {word: _found(conn, word) for word in ("rivers", "seas", "lakes", "ponds", "fens")}
    assert found == {"rivers": [], "seas": [1], "lakes": [], "ponds": [], "fens": [3]}


def test_changes_of_indexed_records_are_followed_at_once(conn, store) -> None:
    """A record that was indexed is found by its new words only, and not at all once it is deleted."""
    run = store.begin_run("a", "harvest", version="")
    _commit(store, run, _entry("1", "rivers", b"1"), _entry("2", "lakes", b"2"))
    store.end_run("a", run, outcome="complete", reason=None)
    run = store.begin_run("a", "harvest", version="")
    _commit(store, run, _entry("1", "seas", b"1b"), _entry("2", None, b"2b"))
    assert [_found(conn, word) for word in ("rivers", "seas", "lakes")] == [[], [1], []]
    _commit(store, run, _entry("2", "lakes", b"2"))
    assert _found(conn, "lakes") == [2]


def test_a_full_batch_is_indexed_during_the_run(conn, store, monkeypatch) -> None:
    """Memory and waiting stay bounded: a batch is indexed as soon as it is full."""
    monkeypatch.setattr(fulltext, "BATCH", 3)
    run = store.begin_run("a", "harvest", version="")
    for number in range(1, 6):
        _commit(store, run, _entry(str(number), "rivers", bytes([number])))
    assert (_found(conn, "rivers"), fulltext.waiting(conn)) == ([1, 2, 3], 2)


def test_a_kill_between_batches_is_made_up_for_by_the_next_run(tmp_path, monkeypatch) -> None:
    """The mirror knows what it has indexed: another process goes on from there, and nothing is indexed twice."""
    monkeypatch.setattr(fulltext, "BATCH", 2)
    path = tmp_path / "mirror.db"
    first = open_writer(path)
    store = Store(first)
    store.enter("a", name="A", base_url="https://a.example/oai")
    run = store.begin_run("a", "harvest", version="")
    store.commit(Batch("a", run, "oai_dc", tuple(_entry(str(n), "rivers", bytes([n])) for n in range(1, 6))))
    monkeypatch.setattr(fulltext, "catch_up", lambda conn: None)
    store.flush()
    with transaction(first):
        fulltext.index_next(first)
    first.close()  # killed here: two of five are indexed
    monkeypatch.undo()
    with closing(open_writer(path)) as conn:
        assert _found(conn, "rivers") == [1, 2]
        again = Store(conn)
        again.end_run("a", run, outcome="interrupted", reason=None)
        assert (_found(conn, "rivers"), _is_sound(conn)) == ([1, 2, 3, 4, 5], True)
