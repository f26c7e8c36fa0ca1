"""A request that ends when the process is asked to stop, however long the server keeps silent, and that may be sent ahead.

    fetch  -> a thread of its own sends and waits -> answer, or INTERRUPTED soon after the wish to stop, the thread left behind
    expect -> the same, and behind each answer what follows from it, until a few answers lie here that nobody has fetched

What is known to come next is on its way while the page before it is read and written, one request at a time all the same:
a writer that is busy with a thousand records does not keep a slow server waiting.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from harvester.net.types import Fault, FaultKind, Reply
from harvester.oai.types import Request
from harvester.stopping import Stopping

Fetch = Callable[[Request], Reply | Fault]
Onward = Callable[[Request, Reply], Request | None]

LOOK_EVERY_S = 0.2
GRACE_S = 2.0  # an answer that is about to come is still taken
AHEAD = 4  # answers that nobody has fetched yet: one more for
AHEAD_EVERY = 8  # pages of a list, so that a short one or one that goes wrong at once is not asked for more, and
AHEAD_BYTES = 2 * 1024 * 1024  # so much of them, beyond which nothing more is sent ahead


class _Answer(NamedTuple):
    request: Request
    got: Reply | Fault | Exception
    is_guessed: bool


def _nothing(request: Request, reply: Reply) -> None:
    """Nothing is known to follow."""


class Prompt:
    """Sends requests one after the other in a daemon thread; `is_left_behind` tells that one was not waited for.

    `onward` tells what follows from an answer to what was expected. Once that was wrong, it is not asked again.
    """

    def __init__(
        self,
        fetch: Fetch,
        stopping: Stopping,
        *,
        end: Callable[[], None] = lambda: None,
        onward: Onward = _nothing,
    ) -> None:
        self._fetch = fetch
        self._end = end  # closes what `fetch` works with, once nothing is under way
        self._stopping = stopping
        self._onward = onward
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()  # guards all that follows
        self._next: tuple[Request, bool] | None = None  # what the thread is to send, and whether others may follow
        self._is_busy = False  # the thread sends, or waits for room to send what follows
        self._is_sending = False
        self._is_dropped = False  # it is to send nothing that follows
        self._is_over = False
        self._followed = 0  # requests since the last one that was handed in
        self._answers: deque[_Answer] = deque()
        self.is_left_behind = False

    def expect(self, request: Request) -> None:
        """Send a request now: it will be fetched next. Where something else is fetched, its answer is dropped."""
        with self._changed:
            if not self._is_busy and not self._answers and not self._stopping.is_set():
                self._send(request, is_ahead=True)

    def fetch(self, request: Request) -> Reply | Fault:
        """Send a request, if it was not sent ahead. What the sender raises is raised here."""
        with self._changed:
            if not self._was_sent_ahead(request):
                self._send(request, is_ahead=False)
                self._await(lambda: bool(self._answers))
            if self.is_left_behind:
                return Fault(FaultKind.INTERRUPTED, "stopped as asked, without waiting for the server", "")
            got = self._answers.popleft().got
            self._changed.notify_all()
        if isinstance(got, Exception):
            raise got
        return got

    def close(self) -> None:
        """Let the thread end and close what it works with; an answer that nobody fetched is not waited for."""
        with self._changed:
            self._is_over = self._is_dropped = True
            self._changed.notify_all()
            self.is_left_behind = self.is_left_behind or self._is_sending
        if self._thread is None:
            self._end()
        elif not self.is_left_behind:
            self._thread.join(GRACE_S)

    def _was_sent_ahead(self, request: Request) -> bool:
        """Wait for what was sent ahead; tells whether it is this request that was answered, or drops it all."""
        self._await(lambda: bool(self._answers) or not self._is_busy)
        if self.is_left_behind or (self._answers and self._answers[0].request == request):
            return True
        if self._answers and self._answers[0].is_guessed:
            self._onward = _nothing
        self._is_dropped = True
        self._changed.notify_all()
        self._await(lambda: not self._is_busy)
        self._answers.clear()
        return self.is_left_behind

    def _send(self, request: Request, *, is_ahead: bool) -> None:
        self._next, self._is_busy, self._is_sending, self._is_dropped = (request, is_ahead), True, True, False
        self._followed = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="fetch", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _await(self, is_so: Callable[[], bool]) -> None:
        grace_s = GRACE_S
        while not is_so() and not self.is_left_behind:
            if not self._changed.wait(LOOK_EVERY_S) and self._stopping.is_set():
                grace_s -= LOOK_EVERY_S
                self.is_left_behind = grace_s <= 0

    def _work(self) -> None:
        while (asked := self._asked()) is not None:
            request, is_ahead = asked
            following: Request | None = request
            is_guessed = False
            while following is not None:
                answer = _Answer(following, self._got(following), is_guessed)
                following = self._kept(answer, is_ahead=is_ahead)
                is_guessed = True
        self._end()

    def _asked(self) -> tuple[Request, bool] | None:
        """Wait for what is to be sent; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._is_over)
            asked, self._next = self._next, None
            return asked

    def _got(self, request: Request) -> Reply | Fault | Exception:
        try:
            return self._fetch(request)
        except Exception as error:
            return error

    def _kept(self, answer: _Answer, *, is_ahead: bool) -> Request | None:
        """Lay an answer down, and give what to send next, once there is room for its answer."""
        with self._changed:
            self._is_sending = False
            self._answers.append(answer)
            following = self._onward(answer.request, answer.got) if is_ahead and isinstance(answer.got, Reply) else None
            self._is_busy = following is not None and not self._is_dropped
            self._changed.notify_all()
            if self._is_busy:
                self._changed.wait_for(lambda: self._is_dropped or self._has_room())
            if self._is_dropped or self._stopping.is_set():
                following = None
            self._is_busy = self._is_sending = following is not None
            self._followed += 1
            self._changed.notify_all()
            return following

    def _has_room(self) -> bool:
        held = sum(len(one.got.body) for one in self._answers if isinstance(one.got, Reply))
        return len(self._answers) < min(AHEAD, 1 + self._followed // AHEAD_EVERY) and held <= AHEAD_BYTES
