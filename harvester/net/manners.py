"""Manners as arithmetic: what Retry-After means, how long to wait before another attempt, when to stop asking.

after(fault, attempt) -> Wait(seconds) | Stop(fault)
"""

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
)
_CHALLENGE_HEADERS = ("cf-mitigated", "x-amzn-waf-action")


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
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(min(int(text[:12]), 10**9))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return max(0.0, seconds)


def back_off(attempt: int, policy: Policy, random: float) -> float:
    """Give the wait before attempt number `attempt` + 1: doubling, with jitter from `random` in [0, 1)."""
    ceiling = min(policy.max_backoff_s, policy.backoff_s * 2.0 ** (attempt - 1))
    return float(ceiling * (0.5 + random / 2))


def after(fault: Fault, attempt: int, policy: Policy, random: float) -> Wait | Stop:
    """Decide what follows a fault at its `attempt` (from 1). A longer wait than the cap becomes a deferral (design rule 7)."""
    asked = fault.retry_after_s
    if asked is not None and asked > policy.max_retry_after_s:
        why = f"the server answers {fault.status} and asks to wait {asked:.0f} s, more than the {policy.max_retry_after_s:.0f} s allowed"
        return Stop(fault._replace(kind=FaultKind.DEFERRED, detail=why, attempts=attempt))
    if not fault.transient or attempt >= policy.max_attempts:
        return Stop(fault._replace(attempts=attempt))
    wait = back_off(attempt, policy, random)
    return Wait(wait if asked is None else max(asked, 0.0))


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
    elif status in {401, 403}:
        kind, detail = FaultKind.BLOCKED, f"the server answers {status}: it refuses this program, or wants credentials"
    elif status == 429:
        kind = FaultKind.RATE_LIMITED
    elif status == 503:
        kind = FaultKind.UNAVAILABLE
    return Fault(kind, detail, url, status, retry_after, headers, body[:65_536])
