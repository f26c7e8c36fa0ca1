"""Asking one page: request, answer, content gate, and the bounded patience with answers that are no OAI-PMH document.

ask -> parameters -> fetch (retries of the wire are net's) -> parse -> Got | Trouble
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from harvester.engine.types import Ended, Interrupted, Outcome, Ports, Rules
from harvester.net.types import Fault, FaultKind, Reply
from harvester.oai.client import Answer, Client
from harvester.oai.page import NotOai, Page
from harvester.oai.types import Ask, Form, Request

LONGEST_DEFERRAL_S = 7 * 86_400  # a server that asks for more does not mean it, or is asked again in a week


class Got(NamedTuple):
    """A well-formed page, what it came in, and the form of request that brought it."""

    page: Page
    reply: Reply
    form: Form


class TroubleKind(StrEnum):
    """What a page that cannot be had means for its list."""

    PAGE = "page"  # this page fails, another window may not: it is cut up
    TOO_LARGE = "too_large"  # the server refuses the size: it is cut up
    SLOW = "slow"  # the list seems too much for the server, or the server is out of order: it is cut up, not for long
    UNSURE = "unsure"  # the end was seen, but less was listed than announced: asked again in two halves
    SERVER = "server"  # the server is away: the run ends


class Trouble(NamedTuple):
    """A page that cannot be had, after all patience."""

    kind: TroubleKind
    why: str
    attempts: int = 1
    status: int | None = None


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
        FaultKind.UNAVAILABLE,
        FaultKind.RATE_LIMITED,
    }
)
_SLOW = frozenset({FaultKind.READ_TIMEOUT, FaultKind.TOTAL_TIMEOUT})


def ask_page(ask: Ask, form: Form, ports: Ports, rules: Rules, *, attempts: int | None = None) -> Got | Trouble:
    """Get the page that answers `ask`; `attempts` bounds all attempts at it where a failure is expected.

    Raises `Ended` when the server defers or blocks the program, `Interrupted` when the process is to stop.
    """
    wait_s = rules.retry_wait_s
    most = rules.content_attempts if attempts is None else min(attempts, rules.content_attempts)
    for attempt in range(1, most + 1):
        got = _once(ask, form, ports, attempts)
        if isinstance(got, NotOai) and got.kind == "gzip" and not form.identity:
            form = form._replace(identity=True)
            got = _once(ask, form, ports, attempts)
        if isinstance(got, Got | Trouble):
            return got
        if attempt == most:
            return _hopeless(got, attempt)
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

    return Client(send, read=ports.parse)


def _once(ask: Ask, form: Form, ports: Ports, attempts: int | None) -> Got | Trouble | NotOai:
    try:
        got = client_of(ports).page(ask, form, attempts=attempts)
    except _Unanswered as unanswered:
        return _on_fault(unanswered.fault, ask, ports)
    if not isinstance(got, Answer):
        return got
    needs_identity = any(code == "identity_encoding" for code, _ in got.reply.notes)  # the door found it out (Q32)
    return Got(got.page, got.reply, form._replace(identity=True) if needs_identity else form)


def _on_fault(fault: Fault, ask: Ask, ports: Ports) -> Trouble | NotOai:
    match fault.kind:
        case FaultKind.INTERRUPTED:
            raise Interrupted
        case FaultKind.DEFERRED:
            not_before = later(ports.now(), min(fault.retry_after_s or 0, LONGEST_DEFERRAL_S))
            why = f"the server asks not to be called before {not_before}"
            raise Ended(Outcome.DEFERRED, why, state="deferred", not_before=not_before)
        case FaultKind.BLOCKED:
            raise Ended(Outcome.FAILED, fault.detail, state="blocked")
        case FaultKind.BAD_ENCODING:
            return NotOai(kind="gzip", detail=fault.detail)
    return Trouble(_kind(fault, ask), fault.detail, fault.attempts, fault.status)


def _kind(fault: Fault, ask: Ask) -> TroubleKind:
    """Tell what a fault means: the server is away, the list is too much for it, or only this page fails."""
    if fault.kind in _AWAY:
        return TroubleKind.SERVER
    if fault.status == 413 or fault.kind is FaultKind.TOO_LARGE:
        return TroubleKind.TOO_LARGE
    if fault.status == 504 or (fault.kind in _SLOW and ask.token is None):
        return TroubleKind.SLOW
    if fault.status is not None and 400 <= fault.status < 500 and ask.token is None:
        return TroubleKind.SERVER
    return TroubleKind.PAGE


def _hopeless(got: NotOai, attempts: int) -> Trouble:
    """After all attempts: a page of HTML is the server's, a broken document is this page's."""
    kind = TroubleKind.SERVER if got.kind in {"html", "not_oai"} else TroubleKind.PAGE
    tried = f" ({attempts} attempts)" if attempts > 1 else ""
    return Trouble(kind, f"{got.detail}{tried}", attempts)


def later(now: str, seconds: float) -> str:
    """Give the instant `seconds` after `now`, both as UTC text."""
    at = datetime.fromisoformat(now) + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
