"""The door to one repository: addresses, pace, attempts and figures around the transport.

parameters -> URL -> turn of the host -> transport -> answer, or wait and ask again, or a fault
"""

import random as _random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from harvester.net.addresses import Params, base_of, merge
from harvester.net.manners import Policy, Wait, after, is_challenge
from harvester.net.pace import Pace
from harvester.net.transport import Asked, Transport, status_fault
from harvester.net.types import Fault, FaultKind, Reply, masked_url

_BROKEN_OFF = frozenset({FaultKind.TRUNCATED, FaultKind.RESET, FaultKind.READ_TIMEOUT, FaultKind.TOTAL_TIMEOUT})
_WIDER = 2.0  # how much longer a server may be silent after it was silent for too long (Q35)


class Gate(NamedTuple):
    """What tells an answer by its body: one that counts whatever its status (Q25), and one that is whole to its end
    whatever its stated length (Q30)."""

    is_answer: Callable[[bytes], bool]
    is_whole: Callable[[bytes], bool]


class Surroundings(NamedTuple):
    """The outside, as a door sees it: `sleep` may return early when `stopping` becomes true."""

    pace: Pace
    sleep: Callable[[float], None]
    stopping: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    random: Callable[[], float] = _random.random


@dataclass(slots=True)
class Figures:
    """What a door has done so far: the names are columns of `runs`."""

    requests: int = 0
    retries: int = 0
    bytes_received: int = 0
    waited_s: float = 0.0

    def as_dict(self) -> dict[str, float]:
        """Give the figures by name."""
        return {
            "requests": self.requests,
            "retries": self.retries,
            "bytes_received": self.bytes_received,
            "waited_s": round(self.waited_s, 3),
        }


class Door:
    """Asks one base URL, or the one that it has moved to for good, as long as the door is open."""

    def __init__(
        self,
        base_url: str,
        transport: Transport,
        policy: Policy,
        *,
        gate: Gate,
        around: Surroundings,
        post: bool = False,
    ) -> None:
        self._base_url = base_url
        self._transport = transport
        self._policy = policy
        self._gate = gate
        self._around = around
        self._post = post
        self._identity: str | None = None  # why encodings are not asked for any more (Q32)
        self._silent_s = 0.0  # since the last byte from the server, within requests and waits
        self._met = False
        self.figures = Figures()
        self.was_slowed = False  # the server said too many in this run (Q37)

    @property
    def slower(self) -> float:
        """Give by how much the host is asked more slowly than agreed; 1: not at all."""
        return self._around.pace.slower(_host(self._base_url))

    def keep_slow(self, factor: float) -> None:
        """Ask as slowly as an earlier run had to."""
        self._around.pace.keep_slow(_host(self._base_url), factor)

    def fetch(
        self, params: Params, *, identity: bool = False, verbatim: bool = False, attempts: int | None = None
    ) -> Reply | Fault:
        """Send one request, again where that may help, and give the answer or the last fault."""
        policy = self._policy if attempts is None else self._policy._replace(max_attempts=attempts)
        asked = Asked(identity or self._identity is not None, urlencode(list(params)) if self._post else None)
        why_identity: str | None = None
        attempt = 1
        while True:
            got = self._judged(self._send(params, asked, verbatim=verbatim))
            if isinstance(got, Reply):
                return self._accepted(got, why_identity)
            move = after(got, attempt, policy, self._around.random(), met=self._met)
            if not isinstance(move, Wait):
                return self._unheard(move.fault)
            if self._silent_s and self._silent_s + move.seconds >= policy.total_timeout_s:
                return self._unheard(got._replace(attempts=attempt), over=True)
            self._wait(move.seconds)
            next_asked = _next_form(asked, got, attempt)
            if next_asked.identity and not asked.identity:
                why_identity = got.detail
            self._slowed(got)
            asked = next_asked
            self.figures.retries += 1
            attempt += 1

    def _send(self, params: Params, asked: Asked, *, verbatim: bool) -> Reply | Fault:
        url = merge(self._base_url, () if self._post else params, verbatim=verbatim)
        host = _host(url)
        around = self._around
        with around.pace.turn(host, self._policy.min_interval_s, around.sleep, at_once=self._policy.at_once) as waited:
            self.figures.waited_s += waited
            if around.stopping():
                return Fault(FaultKind.INTERRUPTED, "stopped as asked", masked_url(self._base_url))
            self.figures.requests += 1
            begun = around.clock()
            left_s = max(1.0, self._policy.total_timeout_s - self._silent_s)
            got = self._transport.get(url, asked._replace(within_s=left_s))
        self._heard(got, around.clock() - begun)
        if isinstance(got, Fault) or not got.redirects:
            return got
        return self._moved(got, params)

    def _heard(self, got: Reply | Fault, took_s: float) -> None:
        """Keep count of the server's silence: the last byte from it ends one."""
        if isinstance(got, Reply):
            self.figures.bytes_received += got.wire_bytes
            self._met = True
        self._silent_s = self._silent_s + took_s if got.status is None else 0.0

    def _moved(self, got: Reply, params: Params) -> Reply:
        """Go straight to where the server has moved to for good, instead of being sent there at every page (Q27)."""
        if not all(hop.permanent for hop in got.redirects) or not self._gate.is_answer(got.body):
            return got
        self._base_url = base_of(got.redirects[-1].to_url, params)
        return got._replace(moved_to=self._base_url)

    def _judged(self, got: Reply | Fault) -> Reply | Fault:
        """A 200 that wants a browser is a refusal; an answer under any status is an answer; so is a whole one that
        broke off where its stated length was not reached."""
        if isinstance(got, Fault):
            if got.kind in _BROKEN_OFF and got.status is not None and self._gate.is_whole(got.body):
                note = ("length_wrong", "the connection broke off behind the end of the document")
                return Reply(got.status, got.headers, got.body, got.url, notes=(note,), wire_bytes=len(got.body))
            return got
        asks_to_wait = got.status in {429, 503} and "retry-after" in got.headers
        if self._gate.is_answer(got.body) and not asks_to_wait:
            return got
        if got.status < 400 and not is_challenge(got.status, got.headers, got.body):
            return got
        return status_fault(got)

    def _accepted(self, got: Reply, why_identity: str | None) -> Reply:
        self._around.pace.went_well(_host(got.url))
        if why_identity is None:
            return got
        self._identity = why_identity
        return got._replace(notes=(*got.notes, ("identity_encoding", why_identity)))

    def _slowed(self, fault: Fault) -> None:
        """Ask more slowly from now on, where the server says too many but not how many (Q37)."""
        if fault.status == 429 and fault.retry_after_s is None:
            self._around.pace.slow_down(_host(fault.url))
            self.was_slowed = True

    def _unheard(self, fault: Fault, *, over: bool = False) -> Fault:
        """A server that never said a word in this run, or none for as long as the longest answer may take, is away."""
        if fault.kind in _BROKEN_OFF and fault.status is None and (not self._met or over):
            return fault._replace(kind=FaultKind.SILENT, detail=f"{fault.detail} ({counted(fault.attempts)})")
        return fault

    def _wait(self, seconds: float) -> None:
        self.figures.waited_s += seconds
        self._silent_s += seconds if self._silent_s else 0.0
        self._around.sleep(seconds)


def counted(attempts: int) -> str:
    """Say how often something was tried."""
    return f"{attempts} attempt{'' if attempts == 1 else 's'}"


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _next_form(asked: Asked, fault: Fault, attempt: int) -> Asked:
    """Learn from a fault how to ask next: without encodings (Q32), with more patience (Q35)."""
    encoded = fault.kind is FaultKind.TRUNCATED and attempt > 1 and "content-encoding" in fault.headers
    if fault.kind is FaultKind.BAD_ENCODING or encoded:
        return asked._replace(identity=True)
    if fault.kind is FaultKind.READ_TIMEOUT:
        return asked._replace(patience=_WIDER)
    return asked
