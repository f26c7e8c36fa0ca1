"""Reading beside the writer: the same batches as in one process, whatever happens to the other one."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import zstandard

from harvester.engine import child, pages
from harvester.engine import readers as readers_module
from harvester.engine.desk import Desk
from harvester.engine.pages import Unread, read_here, sort_page
from harvester.engine.reader import answer_to, read_of, request_of
from harvester.engine.readers import MAX_PENDING, Readers, chosen
from harvester.oai.page import Page, parse
from harvester.reading import record
from harvester.reading.profile import Profile
from harvester.stopping import Stopping
from mirror_db.entries import Batch, Coming, Progress
from tests.benchmarks import corpus

ROOT = Path(__file__).parents[3]
PROFILE = Profile(default_access="open", ignore_values=frozenset({"x"}), set_map={"types:1": "restricted"})
DESK = Desk("a", 1, "oai_dc", PROFILE, date(2026, 11, 23), set="types")
NEW = DESK._replace(is_new=True)
WAIT_S = 30


def _unread(body: bytes, desk: Desk = DESK) -> Unread:
    page = parse(body)
    assert isinstance(page, Page)
    return sort_page(page, desk, {}, place="page 1", progress=Progress(1, "next", got=len(page.items)))


def _said(batch: Batch) -> tuple[object, ...]:
    """Give all that a batch writes, the parts as rows."""
    entries = [(e.record[:4], e.record.fields, e.parts(), e.raw) for e in batch.entries]
    return entries, batch._replace(entries=())


@pytest.fixture(scope="module")
def bodies() -> list[bytes]:
    return list(corpus.pages(300))


def _coming(readers: Readers, unread: Unread) -> Coming:
    """Hand over a page until the reader has started and takes it."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        given = readers.read(unread)
        if not isinstance(given, Batch):
            return given
        time.sleep(0.05)
    raise AssertionError("no reader took the page")


@pytest.fixture
def readers(bodies: list[bytes]) -> Iterator[Readers]:
    """Give a pool of one reader that has answered once."""
    pool = Readers(1, start_after=0)
    try:
        _coming(pool, _unread(bodies[0])).take()
        yield pool
    finally:
        pool.close()


def _signal(readers: Readers, number: int) -> None:
    os.kill(readers._readers[0].pid, number)


@pytest.mark.parametrize("desk", [DESK, NEW])
def test_a_reader_reads_as_this_process_does(bodies, desk):
    """Records, parts, raw forms, counters and the token are the same, page by page, also where whole rows come back."""
    readers = Readers(1, start_after=0)
    try:
        for body in bodies:
            assert _said(_coming(readers, _unread(body, desk)).take()) == _said(read_here(_unread(body, desk)))
    finally:
        readers.close()


@pytest.mark.parametrize("desk", [DESK, NEW])
def test_a_reader_compresses_with_the_dictionary_it_is_given(bodies, desk):
    """The frames name it and open to the bytes that came; without one, the writer keeps the bytes themselves."""
    unread = _unread(bodies[0], desk)
    xml = [item.xml for item in unread.items]
    trained = zstandard.train_dictionary(4096, xml, dict_id=40_000).as_bytes()
    told = unread._replace(desk=desk._replace(dictionary=trained))
    frames = [one.raw.body or one.raw.tombstone for one in read_of(told, answer_to(request_of(told))).entries]
    opener = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(trained))
    assert {zstandard.get_frame_parameters(frame).dict_id for frame in frames} == {40_000}
    assert [opener.decompress(frame) for frame in frames] == xml
    plain = read_of(unread, answer_to(request_of(unread))).entries
    assert [one.raw.body or one.raw.tombstone for one in plain] == xml


@pytest.mark.parametrize("desk", [DESK, NEW])
def test_the_protocol_carries_tombstones_and_failures(bodies, monkeypatch, desk):
    """What cannot be read comes back as such and goes to the quarantine of the page."""
    unread = _unread(bodies[0], desk)
    monkeypatch.setattr(record, "judge_sorted", lambda *a, **k: 1 / 0)
    read = read_of(unread, answer_to(request_of(unread)))
    batch = pages.finished(unread, read)
    assert [(e.record.deleted, (e.raw.tombstone or b"")[:8]) for e in batch.entries] == [(1, b"<record>")]
    assert len(batch.quarantined) == 99
    first = batch.quarantined[0]
    assert (first.why, first.detail) == ("unreadable", "ZeroDivisionError while reading it: division by zero")


def test_slices_that_do_not_fit_together_are_read_one_by_one(bodies):
    """Records of different namespace contexts are still read."""
    unread = _unread(bodies[0])
    odd = unread.items[0]._replace(context=unread.items[0].context + ' xmlns:more="urn:more"')
    mixed = unread._replace(items=(odd, *unread.items[1:]))
    assert _said(pages.finished(mixed, read_of(mixed, answer_to(request_of(mixed))))) == _said(read_here(mixed))


def test_a_small_job_starts_no_process(bodies):
    """The first pages are read here, and the pool has nothing to end."""
    readers = Readers(1, start_after=3)
    given = [readers.read(_unread(bodies[0])) for _ in range(3)]
    assert [isinstance(one, Batch) for one in given] == [True] * 3
    assert readers._readers == []
    readers.close()


def test_a_page_without_anything_to_read_stays_here(bodies):
    """Unchanged records need no reader."""
    unread = _unread(bodies[0])._replace(items=())
    readers = Readers(1, start_after=0)
    assert readers.read(unread) == unread.batch
    readers.close()


def test_pages_beyond_the_bound_are_read_here(bodies):
    """A reader is never handed more than it may hold: memory stays bounded and nobody waits."""
    readers = Readers(1, start_after=0)
    try:
        _coming(readers, _unread(bodies[0])).take()
        os.kill(readers._readers[0].pid, signal.SIGSTOP)
        given = [readers.read(_unread(bodies[1])) for _ in range(MAX_PENDING + 2)]
        assert sum(isinstance(one, Batch) for one in given) >= 2
    finally:
        readers.close()
    assert {len(one.take().entries) for one in given if not isinstance(one, Batch)} == {100}


def test_room_is_waited_for_where_reading_was_never_imported(bodies, readers, monkeypatch):
    """To import it and to make ready its rules takes as long as many pages: a reader that is full for a moment is better."""
    monkeypatch.setattr(readers_module, "READING", "nothing.that.was.imported")
    monkeypatch.setattr(readers_module, "MAX_PENDING", 2)
    monkeypatch.setattr(readers_module, "ROOM_S", WAIT_S)  # however busy the machine is
    given = [readers.read(_unread(bodies[n % 3])) for n in range(8)]
    assert not any(isinstance(one, Batch) for one in given)
    monkeypatch.setattr(readers_module, "ROOM_S", 0.1)
    _signal(readers, signal.SIGSTOP)
    stuck = [readers.read(_unread(bodies[0])) for _ in range(4)]
    assert isinstance(stuck[-1], Batch)  # one that hangs is not waited for


def test_instead_of_waiting_the_writer_takes_pages_back(bodies, readers, monkeypatch):
    """While the reader is at one page, those at the end of its queue are read here; each is the same as ever."""
    read: list[Unread] = []
    monkeypatch.setattr(readers_module, "read_here", lambda unread: read.append(unread) or read_here(unread))
    _signal(readers, signal.SIGSTOP)
    given = [readers.read(_unread(bodies[n % 3])) for n in range(12)]
    coming = [one for one in given if not isinstance(one, Batch)]
    goes_on = threading.Timer(1, _signal, (readers, signal.SIGCONT))
    goes_on.start()
    coming[0].take()
    goes_on.join()
    assert len(read) >= len(coming) // 2  # the others were being read, or in the pipe
    assert [_said(one.take()) for one in coming] == [_said(read_here(_unread(bodies[n % 3]))) for n in range(12)]


def test_a_reader_that_dies_costs_nothing_but_time(bodies, readers):
    """Its pages are read by the writer, and so are all later ones."""
    _signal(readers, signal.SIGKILL)
    given = [readers.read(_unread(body)) for body in bodies]
    batches = [one if isinstance(one, Batch) else one.take() for one in given]
    assert [_said(batch) for batch in batches] == [_said(read_here(_unread(body))) for body in bodies]


def test_a_reader_that_hangs_holds_nobody_up_for_ever(bodies, readers, monkeypatch):
    """After some patience its page is read by the writer, once for all its pages: it is ended and gets no more."""
    monkeypatch.setattr(readers_module, "PATIENCE_S", 0.1)
    monkeypatch.setattr(readers_module, "LOOK_FOR_STOP_S", 0.2)
    _signal(readers, signal.SIGSTOP)
    given = [_coming(readers, _unread(bodies[n % 3])) for n in range(6)]
    assert not given[0].ready()
    assert _said(given[0].take()) == _said(read_here(_unread(bodies[0])))
    assert all(page.ready() for page in given)
    assert [_said(page.take()) for page in given] == [_said(read_here(_unread(bodies[n % 3]))) for n in range(6)]
    assert isinstance(readers.read(_unread(bodies[0])), Batch)


def test_who_is_to_stop_does_not_wait_for_a_reader_that_hangs(bodies, monkeypatch):
    """The word to stop is heard while a page is waited for."""
    monkeypatch.setattr(readers_module, "STOPPING_PATIENCE_S", 0.1)
    monkeypatch.setattr(readers_module, "LOOK_FOR_STOP_S", 0.1)
    stopping = Stopping()
    pool = Readers(1, start_after=0, stopping=stopping.is_set)
    try:
        _coming(pool, _unread(bodies[0])).take()
        _signal(pool, signal.SIGSTOP)
        page = _coming(pool, _unread(bodies[1]))
        said = threading.Timer(0.3, stopping.set)
        said.start()
        began = time.monotonic()
        assert _said(page.take()) == _said(read_here(_unread(bodies[1])))
        assert time.monotonic() - began < WAIT_S
        said.join()
    finally:
        pool.close()


def test_an_answer_that_nobody_understands_ends_its_reader(bodies, readers, monkeypatch):
    """As after an upgrade under a running process: whatever the error is, no page waits for it."""
    _coming(readers, _unread(bodies[0])).take()
    monkeypatch.setattr(readers_module, "read_of", lambda unread, answer: {}[answer])
    given = [readers.read(_unread(body)) for body in bodies]
    began = time.monotonic()
    batches = [one if isinstance(one, Batch) else one.take() for one in given]
    assert [_said(batch) for batch in batches] == [_said(read_here(_unread(body))) for body in bodies]
    assert time.monotonic() - began < WAIT_S


def test_without_processes_or_threads_everything_is_read_here(bodies, monkeypatch):
    """The system gives no more of them: a harvest is slower, and that is all."""

    def none(*args: object, **words: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(child, "can_fork", lambda: True)
    monkeypatch.setattr(child, "fork", none)
    monkeypatch.setattr(child, "spawn", none)
    pool = Readers(1, start_after=0)
    try:
        assert all(_said(_taken(pool, body)) == _said(read_here(_unread(body))) for body in bodies)
    finally:
        pool.close()


def test_without_a_thread_for_its_pages_a_reader_is_given_up(bodies, monkeypatch):
    """`can't start new thread`, when the reader lives already."""
    start = threading.Thread.start

    def few(self: threading.Thread) -> None:
        if self.name == "reader-pages":
            raise RuntimeError("can't start new thread")
        start(self)

    monkeypatch.setattr(threading.Thread, "start", few)
    pool = Readers(1, start_after=0)
    try:
        began = time.monotonic()
        assert all(_said(_taken(pool, body)) == _said(read_here(_unread(body))) for body in bodies)
        assert time.monotonic() - began < WAIT_S
    finally:
        pool.close()


def _taken(pool: Readers, body: bytes) -> Batch:
    given = pool.read(_unread(body))
    return given if isinstance(given, Batch) else given.take()


ORPHAN = """
    import sys, time
    from tests.harvester.engine.test_readers import _coming, _unread
    from harvester.engine.readers import Readers
    from tests.benchmarks import corpus

    readers = Readers(1, start_after=0)
    _coming(readers, _unread(next(corpus.pages(100)))).take()
    print(readers._readers[0].pid, flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_no_reader_behind():
    """The end of its input ends a reader."""
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ORPHAN)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with writer, suppress(ProcessLookupError):
        reader = int(writer.stdout.readline())
        writer.kill()
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and _runs(reader):
            time.sleep(0.05)
        assert not _runs(reader)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(("setting", "readers"), [(1, 0), (2, 1), (3, 2), (64, 4)])
def test_the_setting_counts_all_processes(setting, readers):
    """One process is the writer; more are readers beside it, up to a bound."""
    assert chosen(setting) == readers


def test_without_a_setting_the_cores_decide(monkeypatch):
    """On one core nothing is gained by a second process."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = chosen(0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert (alone, chosen(0)) == (0, 1)


def test_a_page_needs_no_elements_to_be_read_here(bodies):
    """What a reader holds keeps no parsed page in memory; a record that is not plain is parsed again from its own bytes."""
    body = bodies[0].replace(b"<dc:title>", b"<dc:title><![CDATA[<]]>", 3)
    unread = _unread(body)
    light = unread._replace(items=tuple(item.light() for item in unread.items))
    assert {item.record for item in light.items} == {None}
    assert _said(read_here(light)) == _said(read_here(unread))
    assert [entry.record.fields.title[0] for entry in read_here(light).entries if entry.record.fields.title][:3] == [
        "<"
    ] * 3
