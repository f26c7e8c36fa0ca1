"""Requests sent ahead: the answer that was expected is given without asking again, any other is dropped."""

import threading
import time

from harvester.jobs.prompt import AHEAD, AHEAD_BYTES, AHEAD_EVERY, Prompt
from harvester.net.types import Reply
from harvester.oai.types import Request
from harvester.stopping import Stopping

ONE, TWO = Request((("verb", "Identify"),)), Request((("verb", "ListSets"),))


class _Server:
    """Answers with the verb, and remembers who asked, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = threading.Event()

    def fetch(self, request: Request):
        self.asked.append(request.params[0][1])
        self.begun.set()
        return request.params[0][1]


def test_an_expected_request_is_sent_once_and_at_once():
    """It is on its way before it is fetched, and fetching it asks nothing more."""
    server = _Server()
    prompt = Prompt(server.fetch, Stopping())
    prompt.expect(ONE)
    assert server.begun.wait(10)
    assert (prompt.fetch(ONE), server.asked) == ("Identify", ["Identify"])
    prompt.close()
    assert not prompt.is_left_behind


def test_the_answer_to_another_request_is_dropped():
    """What was expected in vain never answers something else."""
    server = _Server()
    prompt = Prompt(server.fetch, Stopping())
    prompt.expect(ONE)
    assert (prompt.fetch(TWO), prompt.fetch(ONE)) == ("ListSets", "Identify")
    assert server.asked == ["Identify", "ListSets", "Identify"]
    prompt.close()


def test_only_one_request_is_expected():
    """A second expectation waits until the first was fetched: one request at a time."""
    server = _Server()
    prompt = Prompt(server.fetch, Stopping())
    prompt.expect(ONE)
    prompt.expect(TWO)
    assert (prompt.fetch(ONE), server.asked) == ("Identify", ["Identify"])
    prompt.close()


def test_nothing_is_sent_ahead_when_stopping():
    """After the wish to stop no new request goes out."""
    server, stopping = _Server(), Stopping()
    stopping.set()
    prompt = Prompt(server.fetch, stopping)
    prompt.expect(ONE)
    prompt.close()
    assert (server.asked, prompt.is_left_behind) == ([], False)


def test_an_answer_that_nobody_fetched_is_left_behind():
    """The end does not wait for it; the connection is not closed under it."""
    held = threading.Event()
    prompt = Prompt(lambda request: held.wait(10), Stopping())
    prompt.expect(ONE)
    prompt.close()
    held.set()
    assert prompt.is_left_behind


def test_what_the_sender_raises_is_raised_where_it_is_fetched():
    """An error ahead of time is told in its turn."""

    def fail(request: Request):
        raise ZeroDivisionError

    prompt = Prompt(fail, Stopping())
    prompt.expect(ONE)
    try:
        prompt.fetch(ONE)
    except ZeroDivisionError:
        prompt.close()
        return
    raise AssertionError("nothing was raised")


def test_the_connection_is_closed_by_whoever_uses_it_last():
    """At once where nothing was ever sent or all is answered; by the thread left behind once its answer came."""
    unused, used, late = threading.Event(), threading.Event(), threading.Event()
    Prompt(lambda request: None, Stopping(), end=unused.set).close()
    answered = Prompt(lambda request: None, Stopping(), end=used.set)
    answered.fetch(ONE)
    answered.close()
    held, stopping = threading.Event(), Stopping()
    stopping.set()
    abandoned = Prompt(lambda request: held.wait(10), stopping, end=late.set)
    abandoned.fetch(ONE)
    abandoned.close()
    assert (unused.is_set(), used.is_set(), late.is_set()) == (True, True, False)
    held.set()
    assert late.wait(10)


class _Pages:
    """Answers page after page, each with a body that names its token; `onward` counts up, to `wrong` where it is given."""

    def __init__(self, body_bytes: int = 1, wrong: int | None = None) -> None:
        self.asked: list[str] = []
        self.under_way = self.most = 0
        self._bytes = body_bytes
        self._wrong = wrong

    def fetch(self, request: Request) -> Reply:
        """Answer, and note how many were asked at the same time."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.asked.append(request.params[0][1])
        time.sleep(0.002)
        self.under_way -= 1
        return Reply(200, {}, request.params[0][1].encode().ljust(self._bytes), "")

    def onward(self, request: Request, reply: Reply) -> Request | None:
        """Guess the next page."""
        number = int(reply.body)
        return _page(self._wrong if self._wrong is not None else number + 1) if number < 30 else None


def _page(number: int) -> Request:
    return Request((("resumptionToken", str(number)),))


def _settled(pages: _Pages, count: int) -> bool:
    """Wait until so many were asked, and then whether more come."""
    deadline = time.monotonic() + 10
    while len(pages.asked) < count and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(0.1)
    return len(pages.asked) == count


def test_what_follows_is_asked_while_nobody_fetches_up_to_a_bound():
    """A busy writer keeps no server waiting, and memory is bounded; every page is asked once, one at a time."""
    pages = _Pages()
    prompt = Prompt(pages.fetch, Stopping(), onward=pages.onward)
    prompt.fetch(_page(1))
    prompt.expect(_page(2))
    assert _settled(pages, 2)  # a list is not asked for more before it has shown some pages
    bodies = []
    for number in range(2, 31):
        bodies.append(int(prompt.fetch(_page(number)).body))
        prompt.expect(_page(number + 1))
        if number == 3 * AHEAD_EVERY + 1:
            assert _settled(pages, number + AHEAD)
    prompt.close()
    assert bodies == list(range(2, 31))
    assert ([int(one) for one in pages.asked][:30], pages.most) == (list(range(1, 31)), 1)


def test_large_pages_wait_to_be_fetched():
    """As many bytes as may lie here unfetched are the bound, if they come before the number of pages."""
    pages = _Pages(AHEAD_BYTES // 2 + 1)
    prompt = Prompt(pages.fetch, Stopping(), onward=pages.onward)
    prompt.expect(_page(1))
    for number in range(1, 28):
        prompt.fetch(_page(number))
    assert _settled(pages, 29)
    prompt.close()


def test_a_wrong_guess_is_dropped_and_guessing_ends():
    """The page that was asked for is what comes; what follows is not guessed again, but still expected."""
    pages = _Pages(wrong=99)
    prompt = Prompt(pages.fetch, Stopping(), onward=pages.onward)
    prompt.expect(_page(1))
    got = [int(prompt.fetch(_page(number)).body) for number in (1, 2)]
    prompt.expect(_page(3))
    asked = list(pages.asked)  # the thread goes on meanwhile
    assert _settled(pages, len(asked) + (asked[-1] != "3"))
    got.append(int(prompt.fetch(_page(3)).body))
    prompt.close()
    assert (got, pages.asked.count("99") <= 2, pages.asked[-1]) == ([1, 2, 3], True, "3")


def test_a_plain_fetch_asks_nothing_further():
    """Only what was expected is followed: a list that may end here is not asked on."""
    pages = _Pages()
    prompt = Prompt(pages.fetch, Stopping(), onward=pages.onward)
    prompt.fetch(_page(1))
    assert _settled(pages, 1)
    prompt.close()


def test_nothing_follows_once_the_process_is_to_stop():
    """The page that is under way is the last."""
    pages, stopping = _Pages(), Stopping()
    prompt = Prompt(pages.fetch, stopping, onward=lambda request, reply: stopping.set() or pages.onward(request, reply))
    prompt.expect(_page(1))
    assert _settled(pages, 1)
    prompt.close()
    assert not prompt.is_left_behind
