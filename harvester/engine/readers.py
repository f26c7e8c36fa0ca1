"""Processes that read pages beside the writer; what they have no time for is read here.

    page -> is a reader free? -> its process, the batch comes later, in its turn
                 `- no -> read in this process at once: both cores work, and nobody waits

A small job starts none; a reader that dies costs only the time of reading its pages again. Measured: threads lose a
quarter of the processor to the interpreter's lock, a process beside the writer gains up to the other core.
"""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from harvester.engine.pages import Unread, finished, read_here
from harvester.engine.reader import READY, Read, read_frame, read_of, request_of, write_frame
from mirror_db.entries import Batch, Coming

START_AFTER = 5  # pages read here before the first process is started: it takes half a second of a core
MAX_PENDING = 3  # pages per reader, the one in its hands included: a bound on memory
MAX_READERS = 4  # beside one writer, more only wait for it
PATIENCE_S = 120.0  # for one page: a reader that was stopped or hangs holds nobody up for ever
_START = "import sys; sys.path[:] = sys.argv[1:]; from harvester.engine.reader import serve; serve()"


def chosen(processes: int) -> int:
    """Give how many readers a setting means: 1 is this process alone, 0 one reader per core beside the writer's."""
    wanted = processes or os.cpu_count() or 1
    return min(MAX_READERS, wanted - 1)


class Readers:
    """A pool of reader processes, shared by the threads of all runs; safe for threads."""

    def __init__(self, count: int, *, start_after: int = START_AFTER) -> None:
        self._count = count
        self._start_after = start_after
        self._lock = threading.Lock()
        self._pages = 0
        self._readers: list[_Reader] = []
        self._closed = False

    def read(self, unread: Unread) -> Batch | Coming:
        """Give the batch of a page, or the promise of one."""
        reader = self._free() if unread.items else None
        if reader is None:
            return read_here(unread)
        page = _Page(unread)
        return page if reader.take(page) else read_here(unread)

    def close(self) -> None:
        """End the processes; pages in their hands are read where they are taken."""
        with self._lock:
            self._closed = True
            readers = list(self._readers)
        for reader in readers:
            reader.close()

    def _free(self) -> "_Reader | None":
        with self._lock:
            self._pages += 1
            if self._pages > self._start_after and not self._readers and not self._closed:
                self._readers = [_Reader() for _ in range(self._count)]
            free = [reader for reader in self._readers if reader.room > 0]
            return max(free, key=lambda reader: reader.room, default=None)


@contextmanager
def open_readers(count: int) -> Iterator[Readers]:
    """Give a pool of at most `count` readers; they end with the block."""
    readers = Readers(count)
    try:
        yield readers
    finally:
        readers.close()


class _Page:
    """A page in the hands of a reader: `mirror_db.entries.Coming`."""

    def __init__(self, unread: Unread) -> None:
        self._unread = unread
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
        """Take the reader's answer; None where it failed."""
        self._read = read
        self._done.set()

    def take(self) -> Batch:
        """Wait for the batch; a page that its reader has lost, or keeps for too long, is read here."""
        self._done.wait(PATIENCE_S)
        if self._batch is None:
            self._batch = read_here(self._unread) if self._read is None else finished(self._unread, *self._read)
        return self._batch


class _Reader:
    """One process and the thread that talks to it, page by page."""

    def __init__(self) -> None:
        self._waiting: deque[_Page] = deque()
        self._changed = threading.Condition()
        self._in_hand = 0
        self._is_ready = False
        self._is_over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    @property
    def room(self) -> int:
        """Give how many pages it takes now."""
        if self._is_over or not self._is_ready:
            return 0
        return MAX_PENDING - len(self._waiting) - self._in_hand

    def take(self, page: _Page) -> bool:
        """Put a page in the queue; False where the reader has ended."""
        with self._changed:
            if self._is_over:
                return False
            self._waiting.append(page)
            self._changed.notify()
            return True

    def close(self) -> None:
        """End the process."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        if self._process is not None:
            self._process.kill()  # it holds nothing that is not here too
        self._thread.join()

    def _work(self) -> None:
        try:
            with self._started() as process:
                self._serve(process)
        except OSError:
            pass  # no process can be had, or it died: everything is read by the writer
        finally:
            self._give_up()

    @contextmanager
    def _started(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-c", _START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # whatever ends it, its pages are read by the writer, which tells what is wrong
            start_new_session=True,  # a Ctrl-C at the terminal is for the writer, which ends it
        )
        self._process = process
        try:
            yield process
        finally:
            process.kill()
            with suppress(OSError):
                process.communicate()

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._is_ready = read_frame(process.stdout) == READY
        while self._is_ready and (page := self._next()) is not None:
            read = None
            try:
                write_frame(process.stdin, request_of(page.unread))
                answer = read_frame(process.stdout)
                read = None if answer is None else read_of(answer)
            finally:
                page.settle(read)
                self._in_hand = 0
            if read is None:
                return

    def _next(self) -> _Page | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            if self._is_over:
                return None
            self._in_hand = 1
            return self._waiting.popleft()

    def _give_up(self) -> None:
        with self._changed:
            self._is_over = True
            left, self._waiting = self._waiting, deque()
        for page in left:
            page.settle(None)
