"""Manners as arithmetic: Retry-After, back-off, challenges, what a status means."""

from datetime import UTC, datetime

import pytest

from harvester.net.manners import (
    LONGEST_WAIT_S,
    Policy,
    Stop,
    Wait,
    after,
    back_off,
    fault_of_status,
    is_challenge,
    parse_retry_after,
)
from harvester.net.types import Fault, FaultKind

NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)
POLICY = Policy(max_attempts=6, max_retry_after_s=120.0)
HTML = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("5", 5.0),
        (" 120 ", 120.0),
        ("1.5", 1.0),
        ("7, 7", 7.0),
        ("0", 0.0),
        ("-5", None),
        ("soon", None),
        ("٥", None),
        ("86400", 86_400.0),
        ("9" * 15, LONGEST_WAIT_S),
        ("9" * 500, None),
        ("Tue, 24 Nov 2026 07:01:00 GMT", 60.0),
        ("Tuesday, 24-Nov-26 07:01:00 GMT", 60.0),
        ("Tue Nov 24 07:01:00 2026", 60.0),
        ("Tue, 24 Nov 2026 06:00:00 GMT", 0.0),
        ("Tue, 24 Nov 9999 06:00:00 GMT", LONGEST_WAIT_S),
        ("Tue, 99 Nov 2026 06:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
    ],
)
def test_q26_retry_after_is_read_in_both_forms_and_bounded(text: str | None, expected: float | None) -> None:
    """Seconds or a date; nonsense and negative numbers are as if it were absent; nothing is believed beyond a year."""
    assert parse_retry_after(text, NOW) == expected


def test_back_off_doubles_with_jitter_up_to_its_ceiling() -> None:
    """Half of the ceiling at least, never more than it."""
    assert [back_off(n, POLICY, 0.0) for n in (1, 2, 3, 20)] == [0.5, 1.0, 2.0, 60.0]
    assert [back_off(n, POLICY, 1.0) for n in (1, 2, 3, 20)] == [1.0, 2.0, 4.0, 120.0]


def _fault(kind: FaultKind, status: int | None = None, retry_after_s: float | None = None) -> Fault:
    return Fault(kind, "why", "http://r.test/", status, retry_after_s)


@pytest.mark.parametrize(
    ("fault", "attempt", "expected"),
    [
        (_fault(FaultKind.UNAVAILABLE, 503, 5.0), 1, Wait(5.0)),
        (_fault(FaultKind.UNAVAILABLE, 503, 0.0), 1, Wait(0.5)),
        (_fault(FaultKind.UNAVAILABLE, 503), 2, Wait(1.0)),
        (_fault(FaultKind.RESET), 5, Wait(8.0)),
        (_fault(FaultKind.HTTP_STATUS, 500), 1, Wait(0.5)),
        (_fault(FaultKind.HTTP_STATUS, 408), 1, Wait(0.5)),
    ],
)
def test_what_may_pass_is_waited_for(fault: Fault, attempt: int, expected: Wait) -> None:
    """A server's own wish counts, else the back-off; a wish of nothing does not mean at once."""
    assert after(fault, attempt, POLICY, 0.0) == expected


@pytest.mark.parametrize(
    ("fault", "attempt", "met"),
    [
        (_fault(FaultKind.RESET), 6, True),
        (_fault(FaultKind.HTTP_STATUS, 404), 1, True),
        (_fault(FaultKind.TLS), 1, True),
        (_fault(FaultKind.NO_HOST), 1, True),
        (_fault(FaultKind.BLOCKED, 403), 1, True),
        (_fault(FaultKind.REFUSED), 3, False),
        (_fault(FaultKind.TOTAL_TIMEOUT), 2, True),
        (_fault(FaultKind.BAD_ENCODING), 3, True),
    ],
)
def test_what_does_not_pass_is_not_asked_again(fault: Fault, attempt: int, met: bool) -> None:
    """Final faults stop at once, others at the last attempt; a host that never answered is given up sooner."""
    assert after(fault, attempt, POLICY, 0.0, met=met) == Stop(fault._replace(attempts=attempt))


def test_a_wait_beyond_the_cap_defers_the_run() -> None:
    """No worker sleeps on it (design rule 7)."""
    stop = after(_fault(FaultKind.RATE_LIMITED, 429, 86_400.0), 1, POLICY, 0.0)
    assert isinstance(stop, Stop)
    assert (stop.fault.kind, stop.fault.retry_after_s) == (FaultKind.DEFERRED, 86_400.0)


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", True),
        (202, {"x-amzn-waf-action": "challenge"}, b"", True),
        (200, HTML, b"<html><title>Just a moment...</title>", True),
        (503, {}, b"<html>Checking your browser before accessing", True),
        (200, HTML, b"<html><h1>Making sure you&#39;re not a bot!</h1>", True),
        (200, HTML, b"<html>Maintenance until noon", False),
        (200, {"content-type": "text/xml"}, b"<p>captcha</p>", False),
        (404, HTML, b"captcha", False),
    ],
)
def test_q28_a_challenge_is_told_from_a_refusal(
    status: int, headers: dict[str, str], body: bytes, expected: bool
) -> None:
    """By the headers that the big ones send, else by what such pages say; XML about captchas is none."""
    assert is_challenge(status, headers, body) is expected


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (401, {}, FaultKind.BLOCKED),
        (403, {}, FaultKind.BLOCKED),
        (403, {"retry-after": "60"}, FaultKind.RATE_LIMITED),
        (429, {}, FaultKind.RATE_LIMITED),
        (503, {}, FaultKind.UNAVAILABLE),
        (500, {}, FaultKind.HTTP_STATUS),
        (404, {}, FaultKind.HTTP_STATUS),
    ],
)
def test_a_status_without_an_answer_is_a_fault(status: int, headers: dict[str, str], expected: FaultKind) -> None:
    """Each status has its meaning; Retry-After beside 403 is a limit, not a ban."""
    assert fault_of_status(status, headers, b"", "http://r.test/", NOW).kind is expected
