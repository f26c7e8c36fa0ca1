"""Visits to pages of items, decided: where one may go, when again, and what its answer means. Pure.

address allowed? -> robots.txt -> the day's budget -> ask, with what is known of the page -> Visit(outcome, when again)
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from harvester.net.types import Fault, FaultKind, Reply
from harvester.source import Source, is_open
from mirror_db.item_pages import Visit, Wanted

SITE_DAYS = 1  # robots.txt and the home page are asked for again after this (RFC 9309: not cached longer than 24 hours)
_FORBIDDEN_DAYS = 30
_REFUSED_DAYS = 60
_GONE_DAYS = 90
_MOST_DAYS = 60  # between two visits that fail
# The whole site is away or wants no visits: no further page is asked for in this run.
_OF_THE_SITE = frozenset(
    {
        FaultKind.DNS,
        FaultKind.REFUSED,
        FaultKind.TLS,
        FaultKind.CONNECT_TIMEOUT,
        FaultKind.UNAVAILABLE,
        FaultKind.RATE_LIMITED,
        FaultKind.DEFERRED,
        FaultKind.BLOCKED,
        FaultKind.INTERRUPTED,
    }
)


def site_of(url: str) -> str:
    """Give scheme, host and port of an address: the site that one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


def host_of(url: str) -> str:
    """Give the host whose turn a request takes: the same as for its OAI-PMH requests."""
    return site_of(url).partition("://")[2]


def refusal(url: str, source: Source, *, leads_inside: Callable[[str], bool]) -> str | None:
    """Say why an address is not visited, or give None: http(s) alone, the repository's own hosts, no private network.

    `leads_inside` tells whether a host name means this machine or a private network; the repository itself may stand there.
    """
    try:
        parts = urlsplit(url)
        host, home = (parts.hostname or "").lower(), (urlsplit(source.base_url).hostname or "").lower()
    except ValueError:
        return "it is no address"
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return "it is no http(s) address"
    allowed = {one.lower() for one in source.pages.allowed_hosts} or {home}
    if host not in allowed:
        return f"{host} is neither the repository's own host nor among pages.allowed_hosts"
    if leads_inside(host) and not (host == home and leads_inside(home)):
        return f"{host} leads into a private network"
    return None


def rests(source: Source, now: str) -> bool:
    """Tell whether the repository may not be asked at this hour (allowed_hours)."""
    at = datetime.fromisoformat(now).astimezone(ZoneInfo(source.manners.timezone))
    return not is_open(source.manners.allowed_hours, at.hour * 60 + at.minute)


def is_stale(asked_at: str, now: str) -> bool:
    """Tell whether what is known of a site must be asked for again."""
    return _later(asked_at, SITE_DAYS) <= now


def headers_for(one: Wanted) -> tuple[tuple[str, str], ...]:
    """Give the headers of a visit: HTML, and only if it changed since the body that is kept."""
    known = [("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1")]
    if one.has_body and one.etag:
        known.append(("If-None-Match", one.etag))
    if one.has_body and one.last_modified:
        known.append(("If-Modified-Since", one.last_modified))
    return tuple(known)


def forbidden(one: Wanted, why: str, now: str) -> Visit:
    """Give the visit that was not made."""
    return Visit(one.url, "forbidden", why, None, _later(now, _FORBIDDEN_DAYS), one.failures)


def answered(one: Wanted, got: Reply | Fault, *, now: str, again_days: int) -> Visit:
    """Give what an answer means for the page: kept, the same as before, or to be tried again ever more rarely."""
    if isinstance(got, Fault):
        return _failed(one, got.detail, got.status, now)
    if got.status == 304 and one.has_body:
        return Visit(one.url, "unchanged", None, 304, _later(now, again_days))
    if got.status in {404, 410}:
        return Visit(
            one.url, "failed", f"the site answers {got.status}", got.status, _later(now, _GONE_DAYS), one.failures + 1
        )
    if got.status != 200:
        return _failed(one, f"the site answers {got.status}", got.status, now)
    return Visit(
        one.url,
        "read",
        None,
        200,
        _later(now, again_days),
        0,
        got.url if got.url != one.url else None,
        got.headers.get("etag"),
        got.headers.get("last-modified"),
        got.headers.get("content-type"),
        got.headers.get("link"),
        got.body,
    )


def refused(visit: Visit, why: str, now: str) -> Visit:
    """Give the visit to a page that turned out not to be the item's: nothing of it is kept."""
    return visit._replace(outcome="refused", detail=why, next_at=_later(now, _REFUSED_DAYS), body=None)


def ends_the_run(got: Reply | Fault) -> bool:
    """Tell whether no further page should be asked for now."""
    if isinstance(got, Fault):
        return got.kind in _OF_THE_SITE
    return got.status in {429, 503}


def _failed(one: Wanted, why: str, status: int | None, now: str) -> Visit:
    failures = one.failures + 1
    days = min(_MOST_DAYS, 2 ** min(failures, 10) // 2)
    return Visit(one.url, "failed", why, status, _later(now, days), failures)


def _later(now: str, days: int) -> str:
    return (datetime.fromisoformat(now) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
