"""A door to one repository, in the form the engine asks for."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from harvester import __version__
from harvester.jobs.prompt import Prompt
from harvester.net.door import Door, Gate, Surroundings
from harvester.net.manners import Policy
from harvester.net.pace import Pace
from harvester.net.transport import Transport
from harvester.net.types import Fault, Reply
from harvester.oai.large import LARGE
from harvester.oai.onward import following
from harvester.oai.page import is_whole, looks_like_oai
from harvester.oai.types import Request
from harvester.source import Manners, Source
from harvester.stopping import Stopping

PROGRAM = "oai-mirror"


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """What the engine needs of `harvester.net`: one function, and the figures at the end."""

    door: Door
    prompt: Prompt
    lanes: list["OpenDoor"] = field(default_factory=list)  # doors to the same repository that were opened beside it

    def fetch(self, request: Request) -> Reply | Fault:
        """Send one request; soon after the wish to stop it gives INTERRUPTED, whatever the server does."""
        return self.prompt.fetch(request)

    def expect(self, request: Request) -> None:
        """Send ahead the request that will be fetched next."""
        self.prompt.expect(request)

    def figures(self) -> dict[str, float]:
        """Give requests, retries, bytes and waits so far, by the names of `runs`' columns; those of its lanes are counted in."""
        told = [one.door.figures.as_dict() for one in (self, *self.lanes)]
        return {name: sum(one[name] for one in told) for name in told[0]}


@cache
def pace_of_process() -> Pace:
    """Give the one pace of this process: repositories on one host share its turns."""
    return Pace(time.monotonic)


@contextmanager
def open_door(source: Source, stopping: Stopping) -> Iterator[OpenDoor]:
    """Open a door with the source's manners; closed with the block."""
    policy = policy_of(source.manners)
    contact = source.manners.contact
    transport = Transport(
        policy,
        home=source.base_url,
        user_agent=user_agent(contact),
        contact=contact,
        headers={secret.name: secret.value for secret in source.secret_headers},
        verify=source.manners.verify_tls,
    )
    door = Door(
        source.base_url,
        transport,
        policy,
        gate=Gate(looks_like_oai, is_whole),
        around=Surroundings(pace_of_process(), sleeper(stopping), stopping.is_set),
        post=source.manners.post,
    )
    prompt = Prompt(_sender(door), stopping, end=transport.close, onward=_onward)
    try:
        yield OpenDoor(door, prompt)
    finally:
        prompt.close()


def _sender(door: Door) -> Callable[[Request], Reply | Fault]:
    def send(request: Request) -> Reply | Fault:
        return door.fetch(
            request.params, identity=request.identity, verbatim=request.verbatim, attempts=request.attempts
        )

    return send


def _onward(request: Request, reply: Reply) -> Request | None:
    """Give what follows from a page that came as it should; behind a large one nothing is asked before it is read."""
    is_plain = reply.status == 200 and not reply.notes and len(reply.body) < LARGE
    return following(request, reply.body) if is_plain else None


def sleeper(stopping: Stopping) -> Callable[[float], None]:
    """Give a sleep that ends at once when the process is to stop."""

    def sleep(seconds: float) -> None:
        stopping.wait(seconds)

    return sleep


def user_agent(contact: str) -> str:
    """Name the program, its version and whom to write to (design rule 8)."""
    whom = f"mailto:{contact}" if "@" in contact else contact
    return f"{PROGRAM}/{__version__}" + (f" (+{whom})" if whom else "")


def policy_of(manners: Manners) -> Policy:
    """Give the transport's bounds from what was agreed."""
    return Policy(
        connect_timeout_s=manners.connect_timeout_s,
        read_timeout_s=manners.timeout_s,
        total_timeout_s=manners.max_response_s,
        max_attempts=manners.max_attempts,
        max_retry_after_s=manners.max_retry_after_s,
        max_redirects=manners.max_redirects,
        max_bytes=manners.max_page_bytes,
        min_interval_s=manners.min_interval_s,
        at_once=manners.at_once,
    )
