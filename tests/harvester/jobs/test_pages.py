"""Pages are visited politely, within a budget that no restart exceeds, and what they say is kept beside the record."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from harvester.config import Settings
from harvester.demo.server import Call, Reply, Server
from harvester.jobs import pages
from harvester.jobs.pages import visit
from harvester.source import Manners, Pages, Source
from harvester.stopping import Stopping
from mirror_db.connection import open_writer
from tests.harvester.engine.test_beside import Server as Repository
from tests.harvester.engine.test_beside import run as harvest
from tests.harvester.reading.formats.building import element

HTML = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))
CC = '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>'
TITLES = {n: f"A study of river number {n} and its fish" for n in range(1, 5)}


class Site:
    """A site in memory: its replies by path, and what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | Callable[[Call], Reply]] = {}
        self.asked: list[str] = []

    def __call__(self, call: Call) -> Reply:
        self.asked.append(call.path)
        found = self.replies.get(call.path, Reply(404, b"nothing here", HTML))
        return found if isinstance(found, Reply) else found(call)


def page(n: int, inside: str = CC) -> Reply:
    """Give the page of an item."""
    return Reply(200, f"<html><body><main><h1>{TITLES[n]}</h1>{inside}</main></body></html>".encode(), HTML)


class World:
    """A mirror with four records, and the site of their pages."""

    def __init__(self, db: Path, site: Site, url: str) -> None:
        self.db, self.site, self.url = db, site, url
        self.source = Source(
            "x",
            "X",
            f"{url}/oai",
            manners=Manners(min_interval_s=0),
            pages=Pages(enabled=True, per_day=100, interval_s=0),
        )
        records = [
            (
                f"oai:x:{n}",
                f"2026-01-0{n}T00:00:00Z",
                element("dc:title", title) + element("dc:identifier", f"{url}/{n}"),
            )
            for n, title in TITLES.items()
        ]
        with closing(open_writer(db)) as conn:
            harvest(conn, Repository(oai_dc=records), self.source)

    def visit(self, *, per_day: int = 100, inside: Callable[[str], bool] = lambda host: False) -> pages.Visited:
        """Visit once; nothing is asked twice on the way."""
        self.site.asked.clear()
        source = replace(self.source, pages=replace(self.source.pages, per_day=per_day))
        with closing(open_writer(self.db)) as conn:
            return visit(conn, source, Settings(), Stopping(), inside=inside)

    def rows(self, query: str) -> list[tuple]:
        """Ask the mirror."""
        with closing(open_writer(self.db)) as conn:
            return conn.execute(query).fetchall()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    site = Site()
    with Server(lambda url: site) as server:
        site.replies["/"] = Reply(200, b"<html><body><h1>Home</h1></body></html>", HTML)
        site.replies |= {f"/{n}": page(n) for n in TITLES}
        yield World(tmp_path / "mirror.db", site, server.url)


def test_pages_are_read_and_say_so_in_the_evidence(world):
    """Each record gets licence and access from its page; the run counts visits, requests and flags."""
    got = world.visit()
    assert (got.outcome, got.visits, got.read, got.flags_changed, got.requests) == ("complete", 5, 4, 4, 6)
    assert world.rows("SELECT DISTINCT license, access FROM records") == [("CC-BY-NC-4.0", "open")]
    origins = world.rows("SELECT DISTINCT substr(origin, 1, instr(origin, ' on ') - 1) FROM evidence ORDER BY 1")
    assert [(f"{world.url}/{n}",) for n in TITLES] == origins
    assert world.rows("SELECT kind, outcome, pages, requests, beside FROM runs WHERE kind = 'pages'") == [
        ("pages", "complete", 5, 6, 4)
    ]
    assert world.rows("SELECT DISTINCT why FROM flag_changes") == [("page",)]


def test_every_visit_is_told_of(world):
    """A daemon that ends runs which stand still hears from this one, pauses or not."""
    heard = []
    with closing(open_writer(world.db)) as conn:
        visit(conn, world.source, Settings(), Stopping(), inside=lambda host: False, tell=heard.append)
    assert [(tick.repository, tick.pages) for tick in heard] == [("x", n) for n in range(1, 6)]


def test_what_was_read_is_not_asked_again(world):
    """Records that are known now, and pages read a while ago, want no visit."""
    world.visit()
    assert (world.visit().visits, world.site.asked) == (0, [])


def test_the_days_budget_holds_across_restarts(world):
    """Home page and items count; a second run on the day finds the budget spent, and a later day goes on."""
    first, second = world.visit(per_day=3), world.visit(per_day=3)
    assert [(v.visits, v.read, v.outcome) for v in (first, second)] == [(3, 2, "partial"), (0, 0, "partial")]
    assert second.reason == "the day's budget of 3 pages is spent"
    with closing(open_writer(world.db)) as conn:
        conn.execute("UPDATE page_days SET day = '2020-01-01'")
    assert world.visit(per_day=3).read == 2


def test_an_unchanged_page_is_not_sent_again(world):
    """The next visit is conditional; 304 keeps what was read, and the day of the evidence moves."""
    world.visit()
    seen = []

    def conditional(call: Call) -> Reply:
        seen.append(call.headers.get("if-none-match"))
        return Reply(304, b"", (("ETag", '"1"'),))

    world.site.replies |= {f"/{n}": conditional for n in TITLES}
    with closing(open_writer(world.db)) as conn:
        conn.execute("UPDATE pages SET next_at = '2020-01-01T00:00:00Z'")
    assert (world.visit().unchanged, world.visit().visits) == (4, 0)
    assert seen == ['"1"'] * 4
    assert world.rows("SELECT license, count(*) FROM records GROUP BY 1") == [("CC-BY-NC-4.0", 4)]


def test_a_changed_page_is_read_again(world):
    """What a page does not say any more does not count any more."""
    world.visit()
    world.site.replies |= {f"/{n}": page(n, "") for n in TITLES}
    with closing(open_writer(world.db)) as conn:
        conn.execute("UPDATE pages SET next_at = '2020-01-01T00:00:00Z'")
    assert world.visit().flags_changed == 4
    assert world.rows("SELECT DISTINCT license, access FROM records") == [(None, "unknown")]


def test_robots_txt_is_obeyed(world):
    """A forbidden page is not asked for, and costs nothing of the budget."""
    world.site.replies["/robots.txt"] = Reply(200, b"User-agent: oai-mirror\nDisallow: /2\nDisallow: /3\n", HTML)
    got = world.visit()
    assert (got.read, got.forbidden, [path for path in world.site.asked if path in {"/2", "/3"}]) == (2, 2, [])


def test_without_a_robots_txt_that_can_be_had_nothing_is_visited(world):
    """An error of the server on robots.txt means: not now (RFC 9309)."""
    world.site.replies["/robots.txt"] = Reply(503, b"", HTML)
    got = world.visit()
    assert (got.outcome, got.visits, world.site.asked) == ("partial", 0, ["/robots.txt"])


def test_a_page_in_place_of_the_items_gives_no_flag(world):
    """A login answered with 200 is refused, kept nowhere, and tried again much later."""
    login = b'<html><body><h1>Sign in</h1><input type="password"><p>This work is licensed under CC BY-NC 4.0</p></body></html>'
    world.site.replies |= {f"/{n}": Reply(200, login, HTML) for n in TITLES}
    assert ((got := world.visit()).read, got.refused, got.flags_changed) == (0, 4, 0)
    assert world.rows("SELECT DISTINCT outcome, body IS NOT NULL FROM pages") == [("refused", 0)]


def test_what_the_home_page_says_is_the_sites(world):
    """A licence in an unmarked footer of every page is not the item's."""
    world.site.replies["/"] = Reply(200, f"<html><body><h1>Home</h1><div>{CC}</div></body></html>".encode(), HTML)
    assert world.visit().flags_changed == 0
    reasons = world.rows("SELECT DISTINCT used, reason FROM evidence")
    assert reasons == [(0, "the home page of the site says the same: it is the site's statement, not the item's")]


def test_a_site_that_asks_for_rest_ends_the_run(world):
    """503 on one page: no further page is asked for now, and the next run begins with it."""
    world.site.replies["/4"] = Reply(503, b"busy", HTML)  # the newest record comes first
    got = world.visit()
    assert (got.outcome, got.failed, got.read, got.reason) == ("partial", 1, 0, "the site answers 503")
    world.site.replies["/4"] = page(4)
    assert world.visit().read == 3


def test_a_redirect_is_judged_as_any_other_address(world):
    """Neither another host nor a private network is followed."""
    world.site.replies |= {f"/{n}": Reply(302, b"", (("Location", "http://localhost:1/secret"),)) for n in TITLES}
    got = world.visit()
    assert (got.failed, got.read, got.flags_changed) == (4, 0, 0)
    details = world.rows("SELECT DISTINCT detail FROM pages")
    assert [row[0] for row in details] == [
        "localhost is neither the repository's own host nor among pages.allowed_hosts"
    ]


def test_a_page_without_end_is_cut_off(world, monkeypatch):
    """The size is bounded while it comes in."""
    monkeypatch.setattr(pages, "MAX_BYTES", 10_000)
    world.site.replies |= {f"/{n}": page(n, "x" * 20_000) for n in TITLES}
    assert ((got := world.visit()).failed, got.read) == (4, 0)


def test_an_address_of_another_host_is_not_asked(world):
    """Records may point anywhere: only the repository's own hosts are visited."""
    with closing(open_writer(world.db)) as conn:
        conn.execute("UPDATE records SET landing_url = 'http://10.0.0.1/admin'")
    assert (world.visit().forbidden, world.site.asked) == (4, [])


def test_a_repository_that_is_being_harvested_is_left_alone(world):
    """The lease tells."""
    with closing(open_writer(world.db)) as conn:
        conn.execute(
            "INSERT INTO leases SELECT 'x', 'other', 1, 'elsewhere', '', '2999-01-01T00:00:00Z', '2999-01-01T00:00:00Z'"
        )
    assert world.visit().outcome == "held"


def test_a_stop_is_heard_before_the_next_page(world):
    """Ctrl-C ends the run after the page in hand; what was read is kept."""
    stopping = Stopping()

    def stops(call: Call) -> Reply:
        stopping.set()
        return page(4)

    world.site.replies["/4"] = stops
    with closing(open_writer(world.db)) as conn:
        got = visit(conn, world.source, Settings(), stopping, inside=lambda host: False)
    assert (got.outcome, got.read) == ("interrupted", 1)
