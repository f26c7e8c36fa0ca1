"""Requests sent ahead: the answer that was expected is given without asking again, any other is dropped."""

import threading

from harvester.jobs.prompt import Prompt
from harvester.oai.types import Request

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
    prompt = Prompt(server.fetch, threading.Event())
    prompt.expect(ONE)
    assert server.begun.wait(10)
    assert (prompt.fetch(ONE), server.asked) == ("Identify", ["Identify"])
    prompt.close()
    assert not prompt.is_left_behind


def test_the_answer_to_another_request_is_dropped():
    """What was expected in vain never answers something else."""
    server = _Server()
    prompt = Prompt(server.fetch, threading.Event())
    prompt.expect(ONE)
    assert (prompt.fetch(TWO), prompt.fetch(ONE)) == ("ListSets", "Identify")
    assert server.asked == ["Identify", "ListSets", "Identify"]
    prompt.close()


def test_only_one_request_is_sent_ahead():
    """A second expectation waits until the first was fetched: one request at a time."""
    server = _Server()
    prompt = Prompt(server.fetch, threading.Event())
    prompt.expect(ONE)
    prompt.expect(TWO)
    assert (prompt.fetch(ONE), server.asked) == ("Identify", ["Identify"])
    prompt.close()


def test_nothing_is_sent_ahead_when_stopping():
    """After the wish to stop no new request goes out."""
    server, stopping = _Server(), threading.Event()
    stopping.set()
    prompt = Prompt(server.fetch, stopping)
    prompt.expect(ONE)
    prompt.close()
    assert (server.asked, prompt.is_left_behind) == ([], False)


def test_an_answer_that_nobody_fetched_is_left_behind():
    """The end does not wait for it; the connection is not closed under it."""
    held = threading.Event()
    prompt = Prompt(lambda request: held.wait(10), threading.Event())
    prompt.expect(ONE)
    prompt.close()
    held.set()
    assert prompt.is_left_behind


def test_what_the_sender_raises_is_raised_where_it_is_fetched():
    """An error ahead of time is told in its turn."""

    def fail(request: Request):
        raise ZeroDivisionError

    prompt = Prompt(fail, threading.Event())
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
    Prompt(lambda request: None, threading.Event(), end=unused.set).close()
    answered = Prompt(lambda request: None, threading.Event(), end=used.set)
    answered.fetch(ONE)
    answered.close()
    held, stopping = threading.Event(), threading.Event()
    stopping.set()
    abandoned = Prompt(lambda request: held.wait(10), stopping, end=late.set)
    abandoned.fetch(ONE)
    abandoned.close()
    assert (unused.is_set(), used.is_set(), late.is_set()) == (True, True, False)
    held.set()
    assert late.wait(10)
