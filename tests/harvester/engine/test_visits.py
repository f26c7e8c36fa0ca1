"""Where a visit may go, and what an answer means for the next one."""

import pytest

from harvester.engine.visits import answered, ends_the_run, headers_for, is_stale, refusal, rests, site_of
from harvester.net.types import Fault, FaultKind, Reply
from harvester.source import Manners, Pages, Source, read_hours
from mirror_db.item_pages import Visit, Wanted

NOW = "2026-11-24T08:00:00Z"
URL = "https://e.example.org/12"
NEW = Wanted(1, URL, 0, None, None, has_body=False)
KEPT = Wanted(1, URL, 0, '"1"', "Mon, 23 Nov 2026 08:00:00 GMT", has_body=True)
SOURCE = Source("x", "X", "https://e.example.org/oai")


def _inside(host: str) -> bool:
    return host in {"inside.example.org", "10.0.0.1"}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (URL, None),
        ("ftp://e.example.org/12", "it is no http(s) address"),
        ("javascript:alert(1)", "it is no http(s) address"),
        ("http://[::1", "it is no address"),
        (
            "https://other.example.org/12",
            "other.example.org is neither the repository's own host nor among pages.allowed_hosts",
        ),
    ],
)
def test_only_the_repositorys_own_hosts_are_visited(url: str, why: str | None) -> None:
    """http(s) on the base URL's host, unless others are allowed."""
    assert why == refusal(url, SOURCE, leads_inside=_inside)


def test_an_allowed_host_that_leads_inside_is_refused() -> None:
    """A public name may point into a private network; the repository itself may stand in one."""
    allowed = Source("x", "X", SOURCE.base_url, pages=Pages(allowed_hosts=("inside.example.org",)))
    assert (
        refusal("https://inside.example.org/1", allowed, leads_inside=_inside)
        == "inside.example.org leads into a private network"
    )
    home = Source("x", "X", "http://10.0.0.1/oai")
    assert refusal("http://10.0.0.1/1", home, leads_inside=_inside) is None


def test_a_visit_is_conditional_only_where_a_body_is_kept() -> None:
    """ETag and Last-Modified go back as they came."""
    assert [name for name, _ in headers_for(NEW)] == ["Accept"]
    assert list(headers_for(KEPT)[1:]) == [
        ("If-None-Match", '"1"'),
        ("If-Modified-Since", "Mon, 23 Nov 2026 08:00:00 GMT"),
    ]


def _reply(status: int, **headers: str) -> Reply:
    return Reply(status, headers, b"<html>", URL)


@pytest.mark.parametrize(
    ("one", "got", "expected"),
    [
        (
            NEW,
            _reply(200, etag='"1"'),
            Visit(URL, "read", None, 200, "2027-05-23T08:00:00Z", 0, None, '"1"', body=b"<html>"),
        ),
        (KEPT, _reply(304), Visit(URL, "unchanged", None, 304, "2027-05-23T08:00:00Z")),
        (NEW, _reply(304), Visit(URL, "failed", "the site answers 304", 304, "2026-11-25T08:00:00Z", 1)),
        (NEW, _reply(410), Visit(URL, "failed", "the site answers 410", 410, "2027-02-22T08:00:00Z", 1)),
        (
            NEW._replace(failures=3),
            Fault(FaultKind.RESET, "the connection was reset", URL),
            Visit(URL, "failed", "the connection was reset", None, "2026-12-02T08:00:00Z", 4),
        ),
    ],
)
def test_an_answer_says_when_to_come_again(one: Wanted, got: Reply | Fault, expected: Visit) -> None:
    """Pages that were read rest for half a year, those that fail are tried ever more rarely."""
    assert expected == answered(one, got, now=NOW, again_days=180)


def test_a_site_that_is_away_ends_the_run_and_a_page_that_fails_does_not() -> None:
    """One broken page says nothing of the others."""
    faults = [
        Fault(kind, "", URL) for kind in (FaultKind.RATE_LIMITED, FaultKind.DNS, FaultKind.TOO_LARGE, FaultKind.RESET)
    ]
    assert [ends_the_run(fault) for fault in faults] == [True, True, False, False]
    assert [ends_the_run(_reply(status)) for status in (503, 500)] == [True, False]


def test_a_site_is_its_scheme_host_and_port() -> None:
    """One robots.txt speaks for it, and it is asked for again each day."""
    assert site_of("https://user@E.example.org:8443/a?b") == "https://e.example.org:8443"
    assert [is_stale(NOW, now) for now in ("2026-11-25T07:59:59Z", "2026-11-25T08:00:00Z")] == [False, True]


def test_pages_keep_the_hours_of_their_repository() -> None:
    """allowed_hours hold for pages as for lists; without any, every hour is allowed."""
    at_night = Source("x", "X", SOURCE.base_url, manners=Manners(allowed_hours=(read_hours("22:00-06:00"),)))
    hours = ("2026-11-24T05:59:00Z", "2026-11-24T08:00:00Z")
    assert [rests(one, now) for one in (SOURCE, at_night) for now in hours] == [False, False, False, True]
