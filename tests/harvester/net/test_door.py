"""The door: attempts, waits, silence, encodings that fail, addresses that moved. The transport, clock and sleep are faked."""

import gzip
from collections.abc import Callable, Iterator

import pytest

from harvester.net.door import Door, Gate, Surroundings
from harvester.net.manners import Policy
from harvester.net.pace import Pace
from harvester.net.transport import Asked, Transport
from harvester.net.types import Fault, FaultKind, Hop, Reply
from tests.harvester.net.raw import CLOSE, RESET, http, serving

URL = "http://r.test/oai"
ASK = (("verb", "Identify"),)
ANSWER = b"<OAI-PMH>answer</OAI-PMH>"
POLICY = Policy(min_interval_s=0.0, max_attempts=4, total_timeout_s=600.0)
GATE = Gate(lambda body: body.startswith(b"<OAI-PMH"), lambda body: body.endswith(b"</OAI-PMH>"))
GOOD = Reply(200, {}, ANSWER, URL, wire_bytes=len(ANSWER))


class World:
    """A clock that sleeping and asking move, and a transport that answers in turn, the last for ever."""

    def __init__(self, *answers: Reply | Fault, takes_s: float = 0.5) -> None:
        self.answers = list(answers)
        self.takes_s = takes_s
        self.now = 0.0
        self.slept: list[float] = []
        self.asked: list[tuple[str, Asked]] = []
        self.stopping = False
        self.within: list[float] = []

    def get(self, url: str, asked: Asked) -> Reply | Fault:
        self.within.append(asked.within_s)
        self.asked.append((url, asked._replace(within_s=Asked().within_s)))
        self.now += self.takes_s
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def door(self, policy: Policy = POLICY, *, post: bool = False) -> Door:
        around = Surroundings(Pace(lambda: self.now), self.sleep, lambda: self.stopping, lambda: self.now, lambda: 1.0)
        return Door(URL, self, policy, gate=GATE, around=around, post=post)  # type: ignore[arg-type]


def _status(status: int, body: bytes = b"", **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, URL)


def _fault(kind: FaultKind, **more: object) -> Fault:
    return Fault(kind, "why", URL, **more)  # type: ignore[arg-type]


def test_an_answer_is_given_as_it_is_and_counted() -> None:
    """One request, no retry, its bytes."""
    world = World(GOOD)
    door = world.door()
    assert door.fetch(ASK) == GOOD
    assert door.figures.as_dict() == {"requests": 1, "retries": 0, "bytes_received": 25, "waited_s": 0.0}
    assert world.asked == [("http://r.test/oai?verb=Identify", Asked())]


@pytest.mark.parametrize("status", [400, 404, 422, 500, 503])
def test_q25_an_answer_under_any_status_is_an_answer(status: int) -> None:
    """The error in the body counts, not the status."""
    world = World(_status(status, ANSWER))
    assert world.door().fetch(ASK) == _status(status, ANSWER)
    assert len(world.asked) == 1


def test_q25_an_answer_with_retry_after_under_422_is_not_waited_for() -> None:
    """Only 429 and 503 mean that it is too early."""
    world = World(_status(422, ANSWER, retry_after="60"))
    assert isinstance(world.door().fetch(ASK), Reply)
    assert world.slept == []


@pytest.mark.parametrize(
    ("first", "slept"),
    [
        (_status(503, retry_after="7"), [7.0]),
        (_status(503, ANSWER, retry_after="7"), [7.0]),
        (_status(503), [1.0]),
        (_status(503, retry_after="-7"), [1.0]),
        (_status(429, retry_after="9"), [9.0]),
        (_status(500), [1.0]),
        (_fault(FaultKind.RESET), [1.0]),
        (_fault(FaultKind.TRUNCATED, status=200, body=b"<OAI-PMH>ans"), [1.0]),
    ],
)
def test_q26_what_may_pass_costs_one_more_request(first: Reply | Fault, slept: list[float]) -> None:
    """After the server's wish, else the back-off."""
    world = World(first, GOOD)
    door = world.door()
    assert door.fetch(ASK) == GOOD
    assert (world.slept, door.figures.requests, door.figures.retries) == (slept, 2, 1)


def test_q26_a_day_of_waiting_defers_and_nobody_sleeps() -> None:
    """The engine keeps `not_before`."""
    world = World(_status(429, retry_after="86400"))
    got = world.door().fetch(ASK)
    assert isinstance(got, Fault)
    assert (got.kind, got.retry_after_s, world.slept) == (FaultKind.DEFERRED, 86_400.0, [])


def test_q37_too_many_without_a_number_slows_the_host_down() -> None:
    """The next requests keep a pause that grows."""
    world = World(_status(429), _status(429), GOOD)
    door = world.door()
    door.fetch(ASK)
    door.fetch(ASK)
    assert world.slept == [1.0, 2.0, 2.0]


def test_q28_a_challenge_blocks_at_once_whatever_its_status() -> None:
    """No attempt against a page that wants a browser; a page of HTML without a challenge is left to the content gate."""
    html = {"content_type": "text/html"}
    challenge = World(_status(200, b"<html>Just a moment...", **html))
    plain = World(_status(200, b"<html>Maintenance", **html))
    got = challenge.door().fetch(ASK)
    assert isinstance(got, Fault)
    assert (got.kind, len(challenge.asked)) == (FaultKind.BLOCKED, 1)
    assert isinstance(plain.door().fetch(ASK), Reply)


def test_q27_a_permanent_move_is_followed_once_and_remembered() -> None:
    """Later pages are asked at the new address; a temporary redirect is taken anew each time."""
    moved = GOOD._replace(redirects=(Hop(301, URL, "https://n.test/x?mode=oai&verb=Identify"),))
    world = World(moved, GOOD)
    door = world.door()
    got = door.fetch(ASK)
    assert isinstance(got, Reply)
    assert got.moved_to == "https://n.test/x?mode=oai"
    door.fetch(ASK)
    for_now = World(GOOD._replace(redirects=(Hop(302, URL, "https://n.test/x?verb=Identify"),)))
    other = for_now.door()
    other.fetch(ASK)
    other.fetch(ASK)
    assert (world.asked[1][0], for_now.asked[1][0]) == (
        "https://n.test/x?mode=oai&verb=Identify",
        "http://r.test/oai?verb=Identify",
    )


def test_q27_a_move_to_a_page_that_is_no_answer_is_not_remembered() -> None:
    """A redirect to a login page does not become the repository's address."""
    moved = _status(200, b"<html>login")._replace(redirects=(Hop(301, URL, "https://n.test/login?verb=Identify"),))
    world = World(moved)
    door = world.door()
    door.fetch(ASK)
    door.fetch(ASK)
    assert world.asked[1][0] == "http://r.test/oai?verb=Identify"


@pytest.mark.parametrize(
    "faults",
    [
        (_fault(FaultKind.BAD_ENCODING, status=200),),
        (_fault(FaultKind.TRUNCATED, status=200, headers={"content-encoding": "gzip"}),) * 2,
    ],
    ids=["broken", "short twice"],
)
def test_q32_broken_encodings_are_not_asked_for_again(faults: tuple[Fault, ...]) -> None:
    """The request is sent again without, a note says so once, and the door remembers."""
    world = World(*faults, GOOD)
    door = world.door()
    assert door.fetch(ASK) == GOOD._replace(notes=(("identity_encoding", "why"),))
    assert door.fetch(ASK) == GOOD
    assert [asked.identity for _, asked in world.asked] == [False] * len(faults) + [True, True]


def test_q30_a_document_that_ends_before_its_stated_length_is_whole() -> None:
    """What broke off behind the end of the document lost nothing: a note, no retry."""
    world = World(_fault(FaultKind.TRUNCATED, status=200, body=ANSWER, headers={"a": "b"}))
    got = world.door().fetch(ASK)
    assert isinstance(got, Reply)
    assert (got.body, [code for code, _ in got.notes], len(world.asked)) == (ANSWER, ["length_wrong"], 1)


def test_q35_a_slow_server_is_given_more_time_before_it_is_given_up() -> None:
    """The second attempt allows twice the silence."""
    world = World(_fault(FaultKind.READ_TIMEOUT), GOOD)
    world.door().fetch(ASK)
    assert [asked.patience for _, asked in world.asked] == [1.0, 2.0]


def test_a_server_that_never_says_a_word_is_away() -> None:
    """After its attempts the fault is not the page's but the server's."""
    got = World(_fault(FaultKind.READ_TIMEOUT)).door().fetch(ASK)
    assert isinstance(got, Fault)
    assert (got.kind, got.attempts) == (FaultKind.SILENT, 4)


def test_silence_is_bounded_over_all_attempts_and_requests() -> None:
    """No run without a byte from the server lasts longer than the longest answer may; a byte begins a new count."""
    world = World(GOOD, _fault(FaultKind.READ_TIMEOUT), takes_s=200.0)
    door = world.door()
    door.fetch(ASK)
    first = door.fetch(ASK)
    assert isinstance(first, Fault)
    assert (first.kind, first.attempts, world.within) == (FaultKind.SILENT, 3, [600.0, 600.0, 399.0, 197.0])


def test_a_host_that_never_answered_is_not_knocked_at_for_long() -> None:
    """Three attempts where nothing listens; all of them once it has answered."""
    never, once = World(_fault(FaultKind.REFUSED)), World(GOOD, _fault(FaultKind.REFUSED))
    door = once.door()
    door.fetch(ASK)
    got = [never.door().fetch(ASK), door.fetch(ASK)]
    assert [one.attempts for one in got if isinstance(one, Fault)] == [3, 4]


def test_a_stop_ends_waits_and_attempts() -> None:
    """SIGTERM during a back-off is not followed by a request."""
    world = World(_fault(FaultKind.RESET))
    door = world.door()

    def stop(seconds: float) -> None:
        world.stopping = True

    world.sleep = stop  # type: ignore[method-assign]
    door = world.door()
    got = door.fetch(ASK)
    assert isinstance(got, Fault)
    assert (got.kind, len(world.asked)) == (FaultKind.INTERRUPTED, 1)


def test_fewer_attempts_can_be_asked_for() -> None:
    """Where a failure is expected."""
    world = World(_fault(FaultKind.RESET))
    assert isinstance(world.door().fetch(ASK, attempts=1), Fault)
    assert len(world.asked) == 1


def test_a_post_carries_the_parameters_in_its_body() -> None:
    """The address stays the base URL."""
    world = World(GOOD)
    world.door(post=True).fetch((("verb", "ListRecords"), ("resumptionToken", "a b")))
    assert world.asked == [(URL, Asked(form="verb=ListRecords&resumptionToken=a+b"))]


@pytest.mark.parametrize(
    "first",
    [
        (RESET,),
        (CLOSE,),
        (http(ANSWER)[:-9], CLOSE),
        http(b"\x1f\x8b\x08 broken", headers={"Content-Encoding": "gzip"}),
        http(status=503),
    ],
    ids=["reset", "closed", "truncated", "broken gzip", "busy"],
)
def test_q36_over_a_real_connection_one_fault_costs_one_request(
    first: object, real_door: Callable[[str], Door]
) -> None:
    """The whole stack: whatever goes wrong once is asked once more."""
    with serving(http(ANSWER), first, http(gzip.compress(ANSWER))) as server:  # type: ignore[arg-type]
        door = real_door(server.url)
        got = [door.fetch(ASK) for _ in range(2)]
    assert [one.body for one in got] == [ANSWER, ANSWER]
    assert (len(server.seen), door.figures.retries) == (3, 1)


@pytest.fixture
def real_door() -> Iterator[Callable[[str], Door]]:
    """Give doors over real connections whose waits take no time."""
    transports: list[Transport] = []

    def make(url: str) -> Door:
        transport = Transport(POLICY, home=url, user_agent="tester")
        transports.append(transport)
        around = Surroundings(Pace(lambda: 0.0), lambda seconds: None, lambda: False)
        return Door(url, transport, POLICY, gate=GATE, around=around)

    yield make
    for transport in transports:
        transport.close()
