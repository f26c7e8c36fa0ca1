"""The door to one repository: addresses, pace, attempts and figures around the transport.

parameters -> URL -> turn of the host -> transport -> answer, or wait and ask again, or a fault
"""

import random as _random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from harvester.net.manners import Policy, Wait, after, is_challenge
from harvester.net.pace import Pace
from harvester.net.transport import Transport, status_fault
from harvester.net.types import Fault, FaultKind, Reply

Params = Sequence[tuple[str, str]]


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
    """Asks one base URL. `is_answer` tells a body that counts whatever its status (Q25); `stopping` ends waits early."""

    def __init__(
        self,
        base_url: str,
        transport: Transport,
        policy: Policy,
        *,
        pace: Pace,
        sleep: Callable[[float], None],
        is_answer: Callable[[bytes], bool],
        stopping: Callable[[], bool],
        post: bool = False,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._base_url = base_url
        self._transport = transport
        self._policy = policy
        self._pace = pace
        self._sleep = sleep
        self._is_answer = is_answer
        self._stopping = stopping
        self._post = post
        self._random = random
        self._host = urlsplit(base_url).netloc.rpartition("@")[2].lower()
        self.figures = Figures()

    def fetch(
        self, params: Params, *, identity: bool = False, verbatim: bool = False, attempts: int | None = None
    ) -> Reply | Fault:
        """Send one request, again where that may help, and give the answer or the last fault."""
        policy = self._policy if attempts is None else self._policy._replace(max_attempts=attempts)
        attempt = 1
        while True:
            if self._stopping():
                return Fault(FaultKind.INTERRUPTED, "stopped as asked", self._base_url)
            got = self._judged(self._send(params, identity, verbatim))
            if isinstance(got, Reply):
                return got
            if got.status == 429 and got.retry_after_s is None:
                self._pace.slow_down(self._host)
            move = after(got, attempt, policy, self._random())
            if not isinstance(move, Wait):
                return move.fault
            self._wait(move.seconds)
            self.figures.retries += 1
            attempt += 1

    def _send(self, params: Params, identity: bool, verbatim: bool) -> Reply | Fault:
        url = merge(self._base_url, () if self._post else params, verbatim=verbatim)
        form = urlencode(list(params)) if self._post else None
        with self._pace.turn(self._host, self._policy.min_interval_s) as waited:
            self.figures.waited_s += waited
            if self._stopping():
                return Fault(FaultKind.INTERRUPTED, "stopped as asked", self._base_url)
            self.figures.requests += 1
            got = self._transport.get(url, identity=identity, form=form)
        if isinstance(got, Reply):
            self.figures.bytes_received += got.wire_bytes
        return got

    def _judged(self, got: Reply | Fault) -> Reply | Fault:
        """A 200 that wants a browser is a refusal; an answer under any status is an answer."""
        if isinstance(got, Fault):
            return got
        if self._is_answer(got.body) and "retry-after" not in got.headers:
            return got
        if got.status < 400 and not is_challenge(got.status, got.headers, got.body):
            return got
        return status_fault(got)

    def _wait(self, seconds: float) -> None:
        self.figures.waited_s += seconds
        self._sleep(seconds)


def merge(base_url: str, params: Params, *, verbatim: bool = False) -> str:
    """Put parameters behind a base URL that may have a query of its own (Q41); `verbatim` leaves the token as it is (Q14)."""
    parts = urlsplit(base_url)
    own = parse_qsl(parts.query, keep_blank_values=True)
    encoded = urlencode([*own, *((n, v) for n, v in params if not (verbatim and n == "resumptionToken"))])
    if verbatim:
        raw = "".join(f"&{n}={quote(v, safe=_SAFE)}" for n, v in params if n == "resumptionToken")
        encoded = f"{encoded}{raw}".lstrip("&")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, encoded, ""))


_SAFE = "!$&'()*+,-./:;=?@_~%|[]{}^`\\\""
