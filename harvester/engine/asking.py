"""Asking one page: request, answer, content gate, and the bounded patience with answers that are no OAI-PMH document.

ask -> parameters -> fetch (retries of the wire are net's) -> parse -> Answer | Trouble
"""

from enum import StrEnum
from typing import NamedTuple

from harvester.engine.types import Ended, Interrupted, Outcome, Ports, Request, Rules
from harvester.net.types import Fault, FaultKind, Reply
from harvester.oai.page import NotOai, Page, parse
from harvester.oai.types import Ask, params


class Form(NamedTuple):
    """The forms of a request that this server needs: learnt, or set in the configuration."""

    token_with_prefix: bool = False
    token_verbatim: bool = False
    identity: bool = False


class Answer(NamedTuple):
    """A well-formed page."""

    page: Page
    reply: Reply


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
_AWAY = frozenset({FaultKind.DNS, FaultKind.REFUSED, FaultKind.TLS, FaultKind.BAD_REDIRECT, FaultKind.RATE_LIMITED})


def ask_page(ask: Ask, form: Form, ports: Ports, rules: Rules) -> Answer | Trouble:
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


def _once(ask: Ask, form: Form, ports: Ports) -> Answer | Trouble | NotOai:
    request = Request(
        params(ask, token_with_prefix=form.token_with_prefix),
        identity=form.identity,
        verbatim=form.token_verbatim and ask.token is not None,
    )
    got = ports.fetch(request)
    if isinstance(got, Fault):
        return _on_fault(got, ports)
    page = parse(got.body, charset=got.charset)
    return page if isinstance(page, NotOai) else Answer(page, got)


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
