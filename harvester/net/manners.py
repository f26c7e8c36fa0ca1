"""Manners as arithmetic: what Retry-After means, how long to wait before another attempt, when to stop asking.

after(fault, attempt) -> Wait(seconds) | Stop(fault)
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from harvester.net.types import Fault, FaultKind

_CHALLENGES = (
    b"just a moment",
    b"cf-chl",
    b"challenge-platform",
    b"attention required",
    b"captcha",
    b"verify you are human",
    b"checking your browser",
    b"enable javascript and cookies",
    b"re not a bot",
    b"incapsula incident",
    b"ddos-guard",
    b"awswafintegration",
    b"datadome",
)
_CHALLENGE_HEADERS = ("cf-mitigated", "x-amzn-waf-action")

LONGEST_WAIT_S = 366 * 86_400.0  # nothing that a server asks for is believed beyond a year
_SECONDS = re.compile(r"([0-9]{1,15})(?:\.[0-9]+)?(?:\s*,.*)?")
_NOT_MET = frozenset({FaultKind.DNS, FaultKind.REFUSED, FaultKind.CONNECT_TIMEOUT})
_FEW = 3
_SELDOM_CURED = {FaultKind.TOTAL_TIMEOUT: 2, FaultKind.BAD_ENCODING: _FEW}


class Policy(NamedTuple):
    """The bounds that the operator sets; seconds, bytes and counts."""

    connect_timeout_s: float = 15.0
    read_timeout_s: float = 60.0
    total_timeout_s: float = 600.0
    max_attempts: int = 6
    max_retry_after_s: float = 120.0
    max_redirects: int = 5
    max_bytes: int = 67_108_864
    min_interval_s: float = 1.0
    at_once: int = 1  # requests to the host at the same time
    backoff_s: float = 1.0
    max_backoff_s: float = 120.0


class Wait(NamedTuple):
    """Ask again after so many seconds."""

    seconds: float


class Stop(NamedTuple):
    """Do not ask again."""

    fault: Fault


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Give the seconds that Retry-After asks for, from a number or an HTTP date; None for nonsense (Q26)."""
    text = (text or "").strip()
    if number := _SECONDS.fullmatch(text):
        return min(float(number[1]), LONGEST_WAIT_S)
    try:
        at = parsedate_to_datetime(text)
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, seconds), LONGEST_WAIT_S)


def back_off(attempt: int, policy: Policy, random: float) -> float:
    """Give the wait before attempt number `attempt` + 1: doubling, with jitter from `random` in [0, 1)."""
    ceiling = min(policy.max_backoff_s, policy.backoff_s * 2.0 ** (attempt - 1))
    return float(ceiling * (0.5 + random / 2))


def after(fault: Fault, attempt: int, policy: Policy, random: float, *, met: bool = True) -> Wait | Stop:
    """Decide what follows a fault at its `attempt` (from 1); `met` tells whether the server ever answered in this run.

    A longer wait than the cap becomes a deferral (design rule 7).
    """
    asked = fault.retry_after_s
    if asked is not None and asked > policy.max_retry_after_s:
        why = f"the server answers {fault.status} and asks to wait {asked:.0f} s, more than the {policy.max_retry_after_s:.0f} s allowed"
        return Stop(fault._replace(kind=FaultKind.DEFERRED, detail=why, attempts=attempt))
    if not fault.transient or attempt >= _attempts(fault.kind, policy, met):
        return Stop(fault._replace(attempts=attempt))
    return Wait(asked or back_off(attempt, policy, random))


def _attempts(kind: FaultKind, policy: Policy, met: bool) -> int:
    """What is seldom cured within a run is not tried for long: a host that never answered, an answer without end."""
    if kind in _SELDOM_CURED:
        return min(_SELDOM_CURED[kind], policy.max_attempts)
    return policy.max_attempts if met or kind not in _NOT_MET else min(_FEW, policy.max_attempts)


def is_challenge(status: int, headers: dict[str, str], body: bytes) -> bool:
    """Tell a page that wants a browser or a person from an ordinary refusal (Q28)."""
    if any(name in headers for name in _CHALLENGE_HEADERS):
        return True
    if "html" not in headers.get("content-type", "html"):
        return False
    start = body[:65_536].lower()
    return status in {200, 401, 403, 405, 429, 503} and any(mark in start for mark in _CHALLENGES)


def fault_of_status(status: int, headers: dict[str, str], body: bytes, url: str, now: datetime) -> Fault:
    """Give the fault that a status means, for a body that is no answer."""
    retry_after = parse_retry_after(headers.get("retry-after"), now)
    kind = FaultKind.HTTP_STATUS
    detail = f"the server answers {status}"
    if is_challenge(status, headers, body):
        kind, detail = FaultKind.BLOCKED, f"the server answers {status} with a page meant for browsers or people"
    elif status == 403 and retry_after is not None:
        kind = FaultKind.RATE_LIMITED
    elif status in {401, 403}:
        kind, detail = FaultKind.BLOCKED, f"the server answers {status}: it refuses this program, or wants credentials"
    elif status == 429:
        kind = FaultKind.RATE_LIMITED
    elif status == 503:
        kind = FaultKind.UNAVAILABLE
    return Fault(kind, detail, url, status, retry_after, headers, body[:65_536])
