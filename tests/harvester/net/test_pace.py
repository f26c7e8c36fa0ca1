"""Turns of hosts: pauses, slowing down, calming down, one at a time."""

import threading
import time

import pytest

from harvester.net.pace import Pace


class Clock:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def _ask(pace: Pace, clock: Clock, host: str = "r.test", interval_s: float = 1.0, takes_s: float = 0.25) -> None:
    with pace.turn(host, interval_s, clock.sleep):
        clock.now += takes_s


def test_a_pause_lies_between_two_requests_to_one_host() -> None:
    """Measured from the end of the one to the begin of the next; other hosts do not wait."""
    clock = Clock()
    pace = Pace(clock)
    for host in ("r.test", "r.test", "other.test", "r.test"):
        _ask(pace, clock, host)
    assert clock.slept == [1.0, 0.75]


def test_the_loopback_needs_no_pause() -> None:
    """An interval of 0 is none."""
    clock = Clock()
    pace = Pace(clock)
    for _ in range(3):
        _ask(pace, clock, interval_s=0.0)
    assert clock.slept == []


@pytest.mark.parametrize("interval_s", [0.0, 0.001])
def test_q43_a_host_has_one_request_at_a_time_with_a_pause_or_without(interval_s: float) -> None:
    """Several repositories on one host take turns (design rule 7)."""
    pace = Pace(time.monotonic)
    inside, most = 0, []

    def ask() -> None:
        nonlocal inside
        with pace.turn("r.test", interval_s, time.sleep):
            inside += 1
            most.append(inside)
            time.sleep(0.002)
            inside -= 1

    askers = [threading.Thread(target=ask) for _ in range(6)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert most == [1] * 6


def test_q37_a_host_that_says_too_many_is_asked_more_slowly_and_later_faster_again() -> None:
    """Doubling up to 16 times, even where there was no pause; twenty good answers halve it."""
    clock = Clock()
    pace = Pace(clock)
    assert [pace.slow_down("r.test") for _ in range(6)] == [2.0, 4.0, 8.0, 16.0, 16.0, 16.0]
    _ask(pace, clock, interval_s=0.0)
    _ask(pace, clock, interval_s=0.0)
    for _ in range(20):
        pace.went_well("r.test")
    _ask(pace, clock)
    _ask(pace, clock)
    assert clock.slept == [8.0, 8.0, 8.0]


def test_one_request_at_a_time_per_host() -> None:
    """Threads on one host take turns (design rule 7)."""
    pace = Pace(time.monotonic)
    inside: list[int] = []
    most: list[int] = []

    def ask() -> None:
        with pace.turn("r.test", 0.01, time.sleep):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1


def test_as_many_ask_at_once_as_the_host_has_agreed_to() -> None:
    """Three places; a fourth waits, and whoever has not agreed waits until the host is free."""
    pace = Pace(time.monotonic)
    inside: list[int] = []
    most: list[int] = []

    def ask(at_once: int) -> None:
        with pace.turn("r.test", 0.0, time.sleep, at_once=at_once):
            inside.append(at_once)
            most.append(len(inside) if at_once > 1 else 10 * len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=ask, args=(at_once,)) for at_once in (3, 3, 3, 3, 1, 3, 3, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(n for n in most if n < 10), [n for n in most if n >= 10]) == (3, [10])


def test_a_pause_is_kept_between_begins_where_several_ask_at_once() -> None:
    """More connections make no faster pace than was agreed."""
    clock = Clock()
    pace = Pace(clock)
    with pace.turn("r.test", 2.0, clock.sleep, at_once=2), pace.turn("r.test", 2.0, clock.sleep, at_once=2) as waited:
        assert (waited, clock.slept) == (2.0, [2.0])
