"""Cutting windows of time: in the middle, at a datestamp, or into slices. Pure; no cut leaves a gap.

An open end stays open: what lies below the floor or after the ceiling stays inside (Q7, Q44).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from harvester.engine.types import ServerFacts
from harvester.oai.dates import Granularity, halve, to_granularity

_DAY = len("2026-11-23")


class Window(NamedTuple):
    """The `from` and `until` of a list, both inclusive; None: open."""

    from_: str | None
    until: str | None


def halves(window: Window, facts: ServerFacts, now: str) -> tuple[Window, ...]:
    """Cut a window in the middle of its time; nothing when it is one unit wide."""
    cut = halve(window.from_, window.until, facts.granularity, floor=facts.earliest, ceiling=now)
    return () if cut is None else tuple(Window(*one) for one in cut)


def around(window: Window, at: str, granularity: Granularity) -> tuple[Window, ...]:
    """Cut a window just before `at`; nothing when nothing would lie on one of the sides."""
    lower = _before(at, granularity)
    if (window.from_ is not None and lower < window.from_) or (window.until is not None and at > window.until):
        return ()
    return Window(window.from_, lower), Window(at, window.until)


def slices(window: Window, days: int, facts: ServerFacts, now: str) -> tuple[Window, ...]:
    """Cut a window into slices of at most so many days, oldest first; what lies below the floor is a slice of its own."""
    start = window.from_ or facts.earliest
    if start is None:
        return (window,)
    end = window.until or now
    cuts: list[str] = []
    at = datetime.fromisoformat(start[:_DAY])
    if window.from_ is not None:
        at += timedelta(days=days)
    last = datetime.fromisoformat(end[:_DAY])
    while at <= last and len(cuts) < 36_500:
        cuts.append(to_granularity(f"{at:%Y-%m-%d}", facts.granularity, end=False))
        at += timedelta(days=days)
    edges = [(window.from_, None), *((cut, None) for cut in cuts)]
    found = [
        Window(from_, _before(cuts[n], facts.granularity) if n < len(cuts) else window.until)
        for n, (from_, _) in enumerate(edges)
    ]
    return tuple(found)


def _before(at: str, granularity: Granularity) -> str:
    """Give the last unit of time before `at`, as the end of a window."""
    if granularity is Granularity.DAY:
        return f"{datetime.fromisoformat(at[:_DAY]) - timedelta(days=1):%Y-%m-%d}"
    instant = datetime.fromisoformat(to_granularity(at, granularity, end=False)) - timedelta(seconds=1)
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
