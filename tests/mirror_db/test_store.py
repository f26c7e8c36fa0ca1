"""Pages that are still being made: written in the order in which they were handed in, never a token before its records."""

from contextlib import closing

import pytest

from mirror_db.connection import open_writer
from mirror_db.entries import Batch
from mirror_db.store import MAX_COMING, Store
from tests.mirror_db.making import NOW, begun, live, page


class Promise:
    """A batch that arrives when the test says so."""

    def __init__(self, batch: Batch, *, arrived: bool = False) -> None:
        self._batch = batch
        self.arrived = arrived
        self.broken = False
        self.taken = 0

    @property
    def identifiers(self) -> tuple[str, ...]:
        return tuple(entry.record.oai_identifier for entry in self._batch.entries)

    def ready(self) -> bool:
        return self.arrived

    def take(self) -> Batch:
        if self.broken:
            raise ZeroDivisionError
        self.taken += 1
        return self._batch


@pytest.fixture
def conn(tmp_path):
    with closing(open_writer(tmp_path / "mirror.db")) as opened:
        yield opened


@pytest.fixture
def store(conn):
    return Store(conn, now=lambda: NOW, commit_records=1, commit_seconds=60)


def _names(conn) -> list[str]:
    return [row[0] for row in conn.execute("SELECT oai_identifier FROM records ORDER BY id")]


def _token(conn) -> str | None:
    return conn.execute("SELECT token FROM lists").fetchone()[0]


def test_a_page_waits_for_the_one_before_it(conn, store):
    """The second page is ready first and is written second; until then the ledger holds the older token."""
    run, number = begun(store)
    first = Promise(page(run, number, live("oai:1"), token="one"))
    store.commit(first)
    store.commit(page(run, number, live("oai:2"), token="two"))
    assert (_names(conn), _token(conn)) == ([], None)
    first.arrived = True
    store.commit(page(run, number, live("oai:3"), token="three"))
    assert (_names(conn), _token(conn)) == (["oai:1", "oai:2", "oai:3"], "three")


def test_flush_waits_for_everything(conn, store):
    """What is asked of the mirror is never older than what was handed in."""
    run, number = begun(store)
    store.commit(Promise(page(run, number, live("oai:1"), token="one")))
    assert store.list(number).token == "one"
    assert _names(conn) == ["oai:1"]


def test_looking_up_waits_only_for_the_records_asked_for(conn, store):
    """A page of other records goes on being made."""
    run, number = begun(store)
    promise = Promise(page(run, number, live("oai:1")))
    store.commit(promise)
    assert (store.known("a", "oai_dc", ["oai:2"]), promise.taken) == ({}, 0)
    assert list(store.known("a", "oai_dc", ["oai:1"])) == ["oai:1"]


def test_no_more_pages_than_the_bound_are_being_made(conn, store):
    """One page too many waits for the oldest: memory is bounded."""
    run, number = begun(store)
    promises = [Promise(page(run, number, live(f"oai:{n}"))) for n in range(MAX_COMING + 1)]
    for promise in promises:
        store.commit(promise)
    assert [promise.taken for promise in promises] == [1] + [0] * MAX_COMING


def test_a_page_that_breaks_keeps_all_later_ones_back(conn, store):
    """No token runs ahead of the records before it; a later attempt writes all of them."""
    run, number = begun(store)
    first = Promise(page(run, number, live("oai:1"), token="one"))
    first.broken = True
    store.commit(first)
    store.commit(page(run, number, live("oai:2"), token="two"))
    with pytest.raises(ZeroDivisionError):
        store.flush()
    assert (_names(conn), _token(conn)) == ([], None)
    first.broken = False
    store.flush()
    assert (_names(conn), _token(conn)) == (["oai:1", "oai:2"], "two")


def test_an_abandoned_run_drops_what_is_being_made(conn, store):
    """After an unexpected error nothing more of the run is written: it will be asked again from the kept token."""
    run, number = begun(store)
    promise = Promise(page(run, number, live("oai:1"), token="one"))
    promise.broken = True
    store.commit(promise)
    store.abandon_run("a", run, reason="unexpected")
    assert (_names(conn), _token(conn)) == ([], None)
