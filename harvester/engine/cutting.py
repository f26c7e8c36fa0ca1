"""Cutting windows of time: in the middle, at a datestamp, or into slices. Pure; no cut leaves a gap.

An open end stays open: what lies below the floor or after the ceiling stays inside (Q7, Q44). Neighbours share one unit of
time, for servers that take `until` as exclusive; only windows of two units are cut without, or they would never end (Q4).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from harvester.engine.types import ServerFacts
from harvester.oai.dates import Granularity, halve, to_granularity

_DAY = len("2026-11-23")
MAX_SLICES = 36_500  # a century of days


class Window(NamedTuple):
    """The `from` and `until` of a list, both inclusive; None: open."""

    from_: str | None
    until: str | None


def halves(window: Window, facts: ServerFacts, now: str) -> tuple[Window, ...]:
    """Cut a window in the middle of its time; nothing when it is one unit wide."""
    cut = halve(window.from_, window.until, facts.granularity, floor=facts.earliest, ceiling=now)
    return () if cut is None else around(window, cut[1][0] or "", facts.granularity)


def around(window: Window, at: str, granularity: Granularity) -> tuple[Window, ...]:
    """Cut a window at `at`; nothing when one of the parts would be the whole."""
    if (window.from_ is not None and at <= window.from_) or (window.until is not None and at > window.until):
        return ()
    if at == window.until:
        return apart(window, at, granularity)
    return Window(window.from_, at), Window(at, window.until)


def apart(window: Window, at: str, granularity: Granularity) -> tuple[Window, ...]:
    """Cut a window just before `at`, into parts that share nothing; nothing when one of them would be empty."""
    lower = _before(at, granularity)
    if (window.from_ is not None and lower < window.from_) or (window.until is not None and at > window.until):
        return ()
    return Window(window.from_, lower), Window(at, window.until)


def behind(window: Window, at: str, granularity: Granularity) -> tuple[Window, ...]:
    """Cut a window just behind `at`, into parts that share nothing; only the first where nothing lies behind."""
    upper = _shifted(at, granularity, 1)
    near = Window(window.from_, at)
    return (near,) if window.until is not None and upper > window.until else (near, Window(upper, window.until))


def slices(window: Window, days: int, facts: ServerFacts, now: str) -> tuple[Window, ...]:
    """Cut a window into slices of at most so many days, oldest first; what lies below the floor is a slice of its own."""
    start = window.from_ or facts.earliest
    if start is None:
        return (window,)
    shares = facts.granularity is Granularity.SECONDS or days > 1
    step = timedelta(days=days - 1 if shares and facts.granularity is Granularity.DAY else days)
    at = datetime.fromisoformat(start[:_DAY]) + (step if window.from_ is not None else timedelta())
    last = datetime.fromisoformat((window.until or now)[:_DAY])
    cuts: list[str] = []
    while at <= last and len(cuts) < MAX_SLICES:
        cuts.append(to_granularity(f"{at:%Y-%m-%d}", facts.granularity, end=False))
        at += step
    ends = [cut if shares else _before(cut, facts.granularity) for cut in cuts]
    return tuple(Window(*edges) for edges in zip((window.from_, *cuts), (*ends, window.until), strict=True))


def _before(at: str, granularity: Granularity) -> str:
    """Give the last unit of time before `at`, as the end of a window."""
    return _shifted(at, granularity, -1)


def _shifted(at: str, granularity: Granularity, units: int) -> str:
    if granularity is Granularity.DAY:
        return f"{datetime.fromisoformat(at[:_DAY]) + timedelta(days=units):%Y-%m-%d}"
    instant = datetime.fromisoformat(to_granularity(at, granularity, end=False)) + timedelta(seconds=units)
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
