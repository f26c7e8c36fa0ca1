"""Processes that read pages beside the writer; what they have no time for is read here.

    page -> is a reader free? -> its process, the batch comes later, in its turn
                 `- no -> read in this process at once: both cores work, and nobody waits

A reader has several pages in hand, so that it need not wait while the writer commits. One that dies costs only the time
of reading its pages again. Measured: threads lose a quarter of the processor to the interpreter's lock, a process beside
the writer gains up to the other core.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from harvester.engine import child
from harvester.engine.child import Child
from harvester.engine.pages import Read, Unread, finished, read_here
from harvester.engine.reader import READY, read_frame, read_of, request_of, write_frame
from mirror_db.entries import Batch, Coming

START_AFTER = 1  # pages read here before a new interpreter is started: most runs of a schedule have no more
MAX_PENDING = 64  # pages per reader, the one in its hands included, and
MAX_PENDING_BYTES = 24 * 1024 * 1024  # so many of XML beyond the first page: bounds on memory
READING = "harvester.reading.record"  # what reading takes: to import it, and to make ready its rules, takes as long as
WORTH_IMPORTING = 20  # pages take to be read
ROOM_S = 0.5  # to wait for room at a reader, where that is better than to import
LOOK_EVERY_S = 0.002
MAX_READERS = 4  # beside one writer, more only wait for it
PATIENCE_S = 120.0  # for one page: a reader that was stopped or hangs holds nobody up for ever, and
STOPPING_PATIENCE_S = 3.0  # nobody who is to stop
LOOK_FOR_STOP_S = 0.5
SWITCH_S = 0.0005  # a thread that has an answer to take, or a page to give, waits no longer for the interpreter's lock


def chosen(processes: int) -> int:
    """Give how many readers a setting means: 1 is this process alone, 0 one reader per core beside the writer's."""
    wanted = processes or os.cpu_count() or 1
    return min(MAX_READERS, wanted - 1)


Said = Callable[[], bool]  # that the work is to end


class Readers:
    """A pool of reader processes, shared by the threads of all runs; safe for threads."""

    def __init__(
        self, count: int, *, start_after: int | None = None, for_sure: bool = False, stopping: Said = lambda: False
    ) -> None:
        self._count = count
        self._stopping = stopping
        self._lock = threading.Lock()
        self._pages = 0
        self._readers: list[_Reader] = []
        self._forked = _forked(count, for_sure=for_sure)
        own = 0 if self._forked else START_AFTER
        self._start_after = own if start_after is None else start_after
        self._waited = 0  # pages for which there was no room at once
        self._closed = False

    def read(self, unread: Unread) -> Batch | Coming:
        """Give the batch of a page, or the promise of one."""
        reader = (self._free() or self._soon_free()) if unread.items else None
        if reader is None:
            return read_here(unread)
        page = _Page(unread, reader)
        return page if reader.take(page) else read_here(unread)

    def close(self) -> None:
        """End the processes; pages in their hands are read where they are taken."""
        with self._lock:
            self._closed = True
            readers, forked = list(self._readers), self._forked
            self._forked = []
        for one in forked:
            one.end()
            one.close()
        for reader in readers:
            reader.close()

    def _free(self) -> "_Reader | None":
        with self._lock:
            self._pages += 1
            if self._pages > self._start_after and not self._readers and not self._closed:
                self._start()
            free = [reader for reader in self._readers if reader.room > 0]
            return max(free, key=lambda reader: reader.room, default=None)

    def _soon_free(self) -> "_Reader | None":
        """Wait for room, as long as reading has not been imported here and is not worth it yet: few harvests need it."""
        with self._lock:
            is_better = READING not in sys.modules and self._waited < WORTH_IMPORTING
            self._waited += 1
        until = time.monotonic() + ROOM_S
        reader: _Reader | None = None
        while is_better and reader is None and time.monotonic() < until:
            readers = [one for one in self._readers if one.is_busy]
            if not readers:
                return None
            time.sleep(LOOK_EVERY_S)
            reader = next((one for one in readers if one.room > 0), None)
        return reader

    def _start(self) -> None:
        forked, self._forked = self._forked, []
        chosen_ones: list[Child | None] = [*forked] or [None] * self._count
        self._readers = [_Reader(one, self._stopping) for one in chosen_ones]


def _forked(count: int, *, for_sure: bool) -> list[Child]:
    """Fork so many readers; fewer where the system gives no more processes."""
    children: list[Child] = []
    if child.can_fork():
        with suppress(OSError):
            for _ in range(count):
                children.append(child.fork(for_sure=for_sure))
    return children


@contextmanager
def open_readers(count: int, *, for_sure: bool = False, stopping: Said = lambda: False) -> Iterator[Readers]:
    """Give a pool of at most `count` readers; they end with the block. `for_sure`: whatever comes is to be read."""
    readers = Readers(count, for_sure=for_sure, stopping=stopping)
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield readers
    finally:
        sys.setswitchinterval(before)
        readers.close()


class _Page:
    """A page in the hands of a reader: `mirror_db.entries.Coming`."""

    def __init__(self, unread: Unread, reader: "_Reader") -> None:
        self._unread = unread._replace(items=tuple(item.light() for item in unread.items))
        self._reader = reader
        self._done = threading.Event()
        self._read: Read | None = None
        self._batch: Batch | None = None

    @property
    def unread(self) -> Unread:
        """Give what is to be read."""
        return self._unread

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Give the records that it will write."""
        return tuple(item.identifier or "" for item in self._unread.items)

    def ready(self) -> bool:
        """Tell whether the reader has answered, or never will."""
        return self._done.is_set()

    def settle(self, read: Read | None) -> None:
        """Take the reader's answer; None where it failed, or is not to read it."""
        self._read = read
        self._done.set()

    def take(self) -> Batch:
        """Give the batch. Instead of waiting for it, pages that the reader has not begun are taken from it and read here.

        A page that its reader has lost, or keeps for too long, is read here too; that one gets no more.
        """
        while not self._done.is_set() and (last := self._reader.take_back()) is not None:
            last.read_here()
        began = time.monotonic()
        while not self._done.wait(LOOK_FOR_STOP_S):
            if time.monotonic() - began > self._reader.patience_s:
                self._reader.give_up()
        if self._batch is None:
            self._batch = read_here(self._unread) if self._read is None else finished(self._unread, self._read)
        return self._batch

    def read_here(self) -> None:
        """Read it in this process; an error is left to whoever takes it."""
        with suppress(Exception):
            self._batch = read_here(self._unread)
        self._done.set()


class _Reader:
    """One process, a thread that gives it pages, and one that takes its answers, in the same order."""

    def __init__(self, forked: Child | None, stopping: Said) -> None:
        self._stopping = stopping
        self._lock = threading.Condition()  # told of pages to send, and of the end
        self._in_hand: deque[tuple[_Page, int]] = deque()  # with the bytes of their requests
        self._requests: deque[bytes] = deque()  # of the last of these: they are not sent yet
        self._is_ready = forked is not None  # which lives already, and reads what it is given in its time
        self._is_over = False
        self._child: Child | None = None
        self._thread = threading.Thread(target=self._live, args=(forked,), name="reader", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # no thread can be had: everything is read by the writer
            self._is_over = True
            if forked is not None:
                forked.end()
                forked.close()

    @property
    def room(self) -> int:
        """Give how many pages it takes now."""
        with self._lock:
            if self._is_over or not self._is_ready or sum(size for _, size in self._in_hand) > MAX_PENDING_BYTES:
                return 0
            return MAX_PENDING - len(self._in_hand)

    @property
    def patience_s(self) -> float:
        """Give how long it may keep a page that somebody waits for."""
        return STOPPING_PATIENCE_S if self._stopping() else PATIENCE_S

    @property
    def is_busy(self) -> bool:
        """Tell whether it lives and has pages in hand."""
        return not self._is_over and self._is_ready and bool(self._in_hand)

    @property
    def pid(self) -> int:
        """Give the number of its process, 0 before it has one."""
        return 0 if self._child is None else self._child.pid

    def take(self, page: _Page) -> bool:
        """Put a page in the queue; False where the reader has ended."""
        request = request_of(page.unread)
        with self._lock:
            if self._is_over:
                return False
            self._in_hand.append((page, len(request)))
            self._requests.append(request)
            self._lock.notify()
            return True

    def take_back(self) -> _Page | None:
        """Give the last page in its queue, which it will not read; None where all are sent, or it is quicker to wait."""
        least = 1 if READING in sys.modules else WORTH_IMPORTING
        with self._lock:
            if self._is_over or len(self._requests) < least:
                return None
            self._requests.pop()
            return self._in_hand.pop()[0]

    def close(self) -> None:
        """End the process."""
        self.give_up()
        if self._thread.ident is not None:
            self._thread.join()

    def _live(self, forked: Child | None) -> None:
        try:
            own = forked or child.spawn()
        except OSError:  # no process can be had: everything is read by the writer
            self.give_up()
            return
        sending = threading.Thread(target=self._give_pages, args=(own,), name="reader-pages", daemon=True)
        try:
            if self._has_begun(own):
                sending.start()
                self._take_answers(own)
        except RuntimeError:  # no thread can be had
            pass
        finally:
            self.give_up()
            if sending.ident is not None:
                sending.join()
            own.close()

    def _has_begun(self, own: Child) -> bool:
        with self._lock:
            self._child = own
            is_over = self._is_over
        if is_over:
            own.end()
        return not is_over

    def _take_answers(self, own: Child) -> None:
        with suppress(
            Exception
        ):  # it died, or says what is no answer: whatever it is, its pages are read by the writer
            self._is_ready = read_frame(own.answers) == READY
            while self._is_ready and (answer := read_frame(own.answers)) is not None:
                page, _ = self._in_hand[0]
                page.settle(read_of(page.unread, answer))
                with self._lock:
                    if not self._is_over:
                        self._in_hand.popleft()

    def _give_pages(self, own: Child) -> None:
        with suppress(OSError):  # it died: what it was given is read by the writer
            while (request := self._next_request()) is not None:
                write_frame(own.requests, request)

    def _next_request(self) -> bytes | None:
        with self._lock:
            self._lock.wait_for(lambda: self._requests or self._is_over)
            return None if self._is_over else self._requests.popleft()

    def give_up(self) -> None:
        """End the process once; the pages in its hands are read where they are taken."""
        with self._lock:
            own = None if self._is_over else self._child
            self._is_over = True
            left = list(self._in_hand)
            self._lock.notify_all()
        if own is not None:
            own.end()
        for page, _ in left:
            if not page.ready():
                page.settle(None)
