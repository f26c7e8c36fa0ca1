"""Asking one page: request, answer, content gate, and the bounded patience with answers that are no OAI-PMH document.

ask -> parameters -> fetch (retries of the wire are net's) -> parse -> Answer[Reply] | Trouble
"""

from enum import StrEnum
from typing import NamedTuple

from harvester.engine.types import Ended, Interrupted, Outcome, Ports, Rules
from harvester.net.types import Fault, FaultKind, Reply
from harvester.oai.client import Answer, Client
from harvester.oai.page import NotOai
from harvester.oai.types import Ask, Form, Request


class TroubleKind(StrEnum):
    """What a page that cannot be had means for its list."""

    PAGE = "page"  # this page fails, another window may not: it is cut up
    TOO_LARGE = "too_large"  # the server refuses the size: it is cut up
    SERVER = "server"  # the server is away: the run ends


class Trouble(NamedTuple):
    """A page that cannot be had, after all patience."""

    kind: TroubleKind
    why: str
    attempts: int = 1


_TOO_LARGE = frozenset({413, 504})
_AWAY = frozenset(
    {
        FaultKind.NO_HOST,
        FaultKind.DNS,
        FaultKind.REFUSED,
        FaultKind.CONNECT_TIMEOUT,
        FaultKind.TLS,
        FaultKind.TLS_BROKEN,
        FaultKind.SILENT,
        FaultKind.BAD_REDIRECT,
        FaultKind.RATE_LIMITED,
    }
)


def ask_page(ask: Ask, form: Form, ports: Ports, rules: Rules) -> Answer[Reply] | Trouble:
    """Get the page that answers `ask`.

    Raises `Ended` when the server defers or blocks the program, `Interrupted` when the process is to stop.
    """
    wait_s = rules.retry_wait_s
    for attempt in range(1, rules.content_attempts + 1):
        got = _once(ask, form, ports)
        if isinstance(got, Answer | Trouble):
            return got
        if attempt == rules.content_attempts:
            return _hopeless(got, attempt)
        if got.kind == "gzip":
            form = form._replace(identity=True)
        else:
            ports.sleep(wait_s)
            wait_s *= 2
        if ports.stopping():
            raise Interrupted
    raise AssertionError("unreachable: the last attempt returns")


class _Unanswered(Exception):
    """A request brought no reply: the fault, on its way through the client."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


def client_of(ports: Ports) -> Client[Reply]:
    """Give the OAI-PMH client over what is handed in; made per page, it costs two microseconds."""

    def send(request: Request) -> Reply:
        got = ports.fetch(request)
        if isinstance(got, Fault):
            raise _Unanswered(got)
        return got

    return Client(send)


def _once(ask: Ask, form: Form, ports: Ports) -> Answer[Reply] | Trouble | NotOai:
    try:
        return client_of(ports).page(ask, form)
    except _Unanswered as unanswered:
        return _on_fault(unanswered.fault, ports)


def _on_fault(fault: Fault, ports: Ports) -> Trouble | NotOai:
    match fault.kind:
        case FaultKind.INTERRUPTED:
            raise Interrupted
        case FaultKind.DEFERRED:
            not_before = later(ports.now(), fault.retry_after_s or 0)
            why = f"the server asks not to be called before {not_before}"
            raise Ended(Outcome.DEFERRED, why, state="deferred", not_before=not_before)
        case FaultKind.BLOCKED:
            raise Ended(Outcome.FAILED, fault.detail, state="blocked")
        case FaultKind.BAD_ENCODING:
            return NotOai(kind="gzip", detail=fault.detail)
        case kind if kind in _AWAY:
            return Trouble(TroubleKind.SERVER, fault.detail, fault.attempts)
    if fault.status in _TOO_LARGE or fault.kind == FaultKind.TOO_LARGE:
        return Trouble(TroubleKind.TOO_LARGE, fault.detail, fault.attempts)
    return Trouble(TroubleKind.PAGE, fault.detail, fault.attempts)


def _hopeless(got: NotOai, attempts: int) -> Trouble:
    """After all attempts: a page of HTML is the server's, a broken document is this page's."""
    kind = TroubleKind.SERVER if got.kind in {"html", "not_oai"} else TroubleKind.PAGE
    return Trouble(kind, f"{got.detail} ({attempts} attempts)", attempts)


def later(now: str, seconds: float) -> str:
    """Give the instant `seconds` after `now`, both as UTC text."""
    from datetime import datetime, timedelta

    at = datetime.fromisoformat(now) + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
