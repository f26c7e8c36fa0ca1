"""Visiting the pages of items: who is wanted, politely, within the day's budget, and each answer kept with the record read anew.

records wanted -> address allowed? -> site known? (robots.txt, home page) -> budget -> GET, conditional -> kept and read, one transaction
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from harvester import __version__
from harvester.config import Settings
from harvester.engine import visits
from harvester.engine.types import Tick
from harvester.jobs.clock import today
from harvester.jobs.door import PROGRAM, pace_of_process, policy_of, sleeper, user_agent
from harvester.jobs.unheard import LeftBehind, unless_stopped
from harvester.net import robots
from harvester.net.lookup import leads_inside
from harvester.net.transport import Asked, Transport
from harvester.net.types import Fault, Reply
from harvester.source import Source
from harvester.stopping import Stopping
from mirror_db import beside, item_pages, leases, runs
from mirror_db.connection import open_reader, open_writer, transaction
from mirror_db.entries import Counts
from mirror_db.errors import Held
from mirror_db.item_pages import Site, Visit, Wanted
from mirror_db.store import utc_now
from mirror_db.stored import of_number

MAX_BYTES = 4 * 1024 * 1024  # of one page, unpacked
MAX_S = 60.0  # of one page, from the request to its last byte
_LONGEST_DELAY_S = 120.0  # of a Crawl-delay: a longer one means few visits, not a run without an end
_BUNDLE = 50


class Visited(NamedTuple):
    """What visiting the pages of one repository brought: printed by `pages`, one object per repository with `--json`."""

    repository: str
    name: str
    outcome: str  # complete, partial, interrupted or held
    reason: str
    visits: int = 0
    read: int = 0
    unchanged: int = 0
    refused: int = 0
    forbidden: int = 0
    failed: int = 0
    flags_changed: int = 0
    requests: int = 0
    bytes_received: int = 0
    left_today: int = 0


class _Over(Exception):
    """No further page is asked for in this run: `str()` says why."""


@dataclass(slots=True)
class _Round:
    """One repository's visits under way."""

    conn: sqlite3.Connection
    source: Source
    transport: Transport
    day: date
    run: int
    stopping: Stopping
    inside: Callable[[str], bool]
    tell: Callable[[Tick], None]
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by


def run(settings: Settings, sources: Sequence[Source], *, db: Path, stopping: Stopping) -> list[Visited]:
    """Visit the pages of `sources`, one repository after another; budgets and pauses are theirs. Raises `MirrorMissing`."""
    open_reader(db).close()  # a mirror that is not there is not made by this
    with closing(open_writer(db)) as conn:
        return [visit(conn, source, settings, stopping) for source in sources]


def visit(
    conn: sqlite3.Connection,
    source: Source,
    settings: Settings,
    stopping: Stopping,
    *,
    inside: Callable[[str], bool] = leads_inside,
    tell: Callable[[Tick], None] = lambda tick: None,
) -> Visited:
    """Visit what is wanted of one repository until nothing is, the budget is spent, or the site asks for rest.

    `tell` hears of every visit: whoever watches the run sees that it lives, however long its pauses are.
    """
    holder = leases.this_process()
    if not item_pages.knows(conn, source.id):
        return Visited(source.id, source.name, "complete", "the mirror holds nothing of it yet: harvest it first")
    try:
        with transaction(conn):
            leases.take(conn, source.id, holder, now=utc_now())
            number = runs.begin_upkeep(conn, source.id, "pages", now=utc_now(), holder=holder.name, version=__version__)
    except Held as held:
        return Visited(source.id, source.name, "held", str(held))
    transport = _transport(source, inside)
    around = _Round(conn, source, transport, today(settings), number, stopping, inside, tell)
    outcome, reason = "failed", "unexpected error"
    try:
        outcome, reason = _go_round(around)
    finally:
        transport.close()
        with transaction(conn):
            figures = {name: around.counts.get(name, 0) for name in ("requests", "bytes_received")}
            runs.add(conn, number, {**figures, "pages": around.counts.get("visits", 0)})
            runs.end(conn, number, outcome=outcome, reason=reason, now=utc_now())
            leases.release(conn, source.id, holder)
    left = item_pages.visits_left(conn, source.id, day=utc_now()[:10], per_day=source.pages.per_day)
    known = {name: value for name, value in around.counts.items() if name in Visited._fields}
    return Visited(source.id, source.name, outcome, reason, left_today=left)._replace(**known)  # type: ignore[arg-type]


def _transport(source: Source, inside: Callable[[str], bool]) -> Transport:
    """No credentials go to pages; a redirect is judged as any other address."""
    policy = policy_of(source.manners)._replace(max_bytes=MAX_BYTES, total_timeout_s=MAX_S)
    return Transport(
        policy,
        home=source.base_url,
        user_agent=user_agent(source.manners.contact),
        contact=source.manners.contact,
        verify=source.manners.verify_tls,
        refuse=lambda url: visits.refusal(url, source, leads_inside=inside),
    )


def _go_round(around: _Round) -> tuple[str, str]:
    seen: set[int] = set()
    try:
        while True:
            bundle = item_pages.wanted(around.conn, around.source.id, now=utc_now(), limit=_BUNDLE + len(seen))
            fresh = [one for one in bundle if one.record not in seen][:_BUNDLE]
            if not fresh:
                return "complete", "no further page is wanted now"
            for one in fresh:
                seen.add(one.record)
                _visit_one(around, one)
    except _Over as over:
        return "interrupted" if around.stopping.is_set() else "partial", str(over)


def _visit_one(around: _Round, one: Wanted) -> None:
    why = visits.refusal(one.url, around.source, leads_inside=around.inside)
    if why is None:
        site = _site(around, one.url)
        if not robots.may_visit(site.robots, one.url, PROGRAM):
            why = "robots.txt asks programs not to visit it"
    if why is not None:
        _keep(around, one, visits.forbidden(one, why, utc_now()))
        return
    _take_budget(around)
    got = _get(around, one.url, visits.headers_for(one), pause_s=robots.delay_s(site.robots, PROGRAM))
    _keep(around, one, visits.answered(one, got, now=utc_now(), again_days=around.source.pages.again_days))
    if visits.ends_the_run(got):
        raise _Over(got.detail if isinstance(got, Fault) else f"the site answers {got.status}")


def _site(around: _Round, url: str) -> Site:
    """Give what is known of a site, asked for again each day: robots.txt first, then the home page, if that is allowed."""
    host, source = visits.site_of(url), around.source
    known = item_pages.site(around.conn, source.id, host)
    if known is not None and not visits.is_stale(known.asked_at, utc_now()):
        return known
    got = _get(around, f"{host}/robots.txt", ())
    if isinstance(got, Fault) or got.status >= 500:
        raise _Over(f"robots.txt of {host} cannot be had: {got.detail if isinstance(got, Fault) else got.status}")
    text = got.body[: robots.MAX_BYTES].decode("utf-8", "replace") if got.status == 200 else None
    marks = known.marks if known is not None else ()
    if robots.may_visit(text, f"{host}/", PROGRAM):
        _take_budget(around)
        marks = _marks(_get(around, f"{host}/", (), pause_s=robots.delay_s(text, PROGRAM))) or marks
    site = Site(text, got.status, marks, utc_now())
    item_pages.keep_site(around.conn, source.id, host, site)
    return site


def _marks(got: Reply | Fault) -> tuple[tuple[str, str], ...]:
    from harvester.reading.pages import site_marks  # lxml.html: only where pages are read

    if isinstance(got, Fault) or got.status != 200:
        return ()
    return tuple(sorted(site_marks(got.body, got.url, got.headers)))


def _take_budget(around: _Round) -> None:
    source = around.source
    if around.stopping.is_set():
        raise _Over("stopped as asked")
    if visits.rests(source, utc_now()):
        raise _Over("it may not be asked at this hour (allowed_hours)")
    if not item_pages.take_visit(around.conn, source.id, day=utc_now()[:10], per_day=source.pages.per_day):
        raise _Over(f"the day's budget of {source.pages.per_day} pages is spent")
    around.count("visits")
    made = around.counts["visits"]
    around.tell(Tick(source.id, 0, made, made, None))


def _get(around: _Round, url: str, headers: tuple[tuple[str, str], ...], *, pause_s: float = 0.0) -> Reply | Fault:
    interval = max(around.source.pages.interval_s, min(pause_s, _LONGEST_DELAY_S))
    with pace_of_process().turn(visits.host_of(url), interval, sleeper(around.stopping)):
        if around.stopping.is_set():
            raise _Over("stopped as asked")
        around.count("requests")
        try:
            got = unless_stopped(lambda: around.transport.get(url, Asked(headers=headers)), around.stopping)
        except LeftBehind as left:
            raise _Over("stopped as asked, without waiting for the answer") from left
    if isinstance(got, Reply):
        around.count("bytes_received", got.wire_bytes)
    return got


def _keep(around: _Round, one: Wanted, visited: Visit) -> None:
    """Write the visit and, where it brought a page, the record read anew with it: one transaction, safe from a kill."""
    visited = _checked(around, one, visited)
    counts = Counts()
    now = utc_now()
    with transaction(around.conn):
        item_pages.keep(around.conn, one.record, visited, now=now)
        if visited.outcome in {"read", "refused"}:
            counts = _read_anew(around, one.record, now)
        runs.count(around.conn, around.run, counts)
    around.count(visited.outcome)
    around.count("flags_changed", counts.flags_changed)


def _checked(around: _Round, one: Wanted, visited: Visit) -> Visit:
    """Tell a page of the item from one that only answers in its place."""
    from harvester.engine.whole import why_refused

    if visited.body is None:
        return visited
    stored = of_number(around.conn, one.record)
    why = None if stored is None else why_refused(stored, visited.body, visited.final_url or one.url, _headers(visited))
    return visited if why is None else visits.refused(visited, why, utc_now())


def _headers(visited: Visit) -> dict[str, str]:
    return {"content-type": visited.content_type or "text/html", "link": visited.link or ""}


def _read_anew(around: _Round, number: int, now: str) -> Counts:
    from harvester.engine.reread import read_again

    stored = of_number(around.conn, number)
    record = None if stored is None else read_again(stored, around.source.profile, around.day)
    return Counts() if record is None else beside.add_page(around.conn, number, record, run=around.run, now=now)


def with_pages(sources: Sequence[Source]) -> list[Source]:
    """Give those of the sources whose pages may be visited."""
    return [source for source in sources if source.pages.enabled]
