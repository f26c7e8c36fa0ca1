"""Datasette's own pages on a mirror: described, searchable, faceted, safe."""

import asyncio
import re
import sqlite3

import pytest
from datasette.app import Datasette

from mirror_db.site import wire


@pytest.mark.parametrize(
    "table",
    [
        "records",
        "items",
        "live_records",
        "open_access",
        "cc_by_nc",
        "cc_by_nc_open",
        "repositories",
        "evidence",
        "raw_records",
        "creators",
        "stats",
    ],
)
def test_tables_open_with_their_description(get, table):
    """Each table opens and says what it holds."""
    answer = get(f"/mirror/{table}")
    assert answer.status_code == 200
    assert "column-descriptions" in answer.text
    assert len(answer.text) < 400_000  # a title of a megabyte is cut


def test_a_view_can_be_searched(get):
    """Full text finds records through the landing view."""
    found = get("/mirror/items.json?_search=rivers&_shape=array").json()
    assert sorted(row["id"] for row in found) == [1, 5]


def test_facets_count_live_items(get):
    """The facets of the landing view are there without being asked for, and counted."""
    facets = get("/mirror/items.json").json()["facet_results"]
    assert {one["value"]: one["count"] for one in facets["access"]["results"]} == {
        "open": 5,
        "unknown": 4,
        "embargoed": 1,
        "restricted": 1,
    }


def test_facets_are_not_guessed(get):
    """Guessing facets takes seconds at a million records."""
    assert get("/-/settings.json").json()["suggest_facets"] is False


def test_bookkeeping_tables_are_hidden(get):
    """What only the harvester needs is not listed."""
    shown = {one["name"] for one in get("/mirror.json").json()["tables"] if not one["hidden"]}
    assert not shown & {"seen", "leases", "alerts", "told", "contexts", "settings", "_sqlite_migrations", "records_fts"}


def test_hostile_values_are_text(get):
    """Harvested markup is escaped and only web addresses are links, on tables and rows."""
    for path in (
        "/mirror/records",
        "/mirror/items",
        "/mirror/records/7",
        "/mirror/evidence",
        "/mirror/open_by_year_and_repository?repository=",
    ):
        page = get(path).text
        assert "<script>window.hostile" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        assert 'href="javascript' not in page
        assert 'href="data' not in page


def test_every_answer_carries_a_policy(get):
    """No script runs that is not ours or Datasette's own, and robots are asked to stay away."""
    for path in ("/mirror/items", "/mirror?sql=select+1", "/nothing-here", "/-/static/app.css"):
        headers = get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' 'sha256-")
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["x-content-type-options"] == "nosniff"


def test_datasettes_own_scripts_are_known():
    """Datasette writes four inline scripts, one of them in two forms."""
    assert len(wire.inline_scripts()) == 4


def test_robots_are_asked_to_stay_away(get, mirror):
    """Unless the operator welcomes them."""
    assert get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    open_site = Datasette([str(mirror)], metadata={"plugins": {"oai-mirror": {"robots": True}}})
    assert asyncio.run(open_site.client.get("/robots.txt")).text == "User-agent: *\nDisallow:\n"


def test_other_databases_are_left_alone(tmp_path):
    """Without a mirror the plugin changes nothing."""
    (tmp_path / "other.db").touch()
    plain = Datasette([str(tmp_path / "other.db")])
    answer = asyncio.run(plain.client.get("/"))
    assert "content-security-policy" not in answer.headers
    assert asyncio.run(plain.client.get("/robots.txt")).status_code == 404
    assert asyncio.run(plain.client.get("/-/settings.json")).json()["suggest_facets"] is True


def test_the_database_page_says_what_each_table_is_for(get):
    """Queries with their sentence first, then views and tables with theirs."""
    text = get("/mirror").text
    for told in (
        "<span>Live items whose record states licences that disagree; the least open one was taken.",
        "<dd>Live records under CC BY-NC itself, whatever their access.</dd>",
        "<dd>The ledger: one row per list asked of a server, with the proof of its end.</dd>",
    ):
        assert told in text
    assert "/mirror/leases" not in text


def test_another_database_beside_a_mirror_keeps_its_page(tmp_path, mirror):
    """Datasette's own page, in the common frame."""
    with sqlite3.connect(tmp_path / "other.db") as conn:
        conn.execute("CREATE TABLE mine (a)")
    both = Datasette([str(mirror), str(tmp_path / "other.db")])
    text = asyncio.run(both.client.get("/other")).text
    assert 'href="/other/mine"' in text
    assert "Ready-made queries" not in text
    assert "Custom SQL query" in text


def test_the_site_can_stand_behind_a_path(mirror):
    """Every link and asset carries the base URL."""
    behind = Datasette([str(mirror)], settings={"base_url": "/oai/"})
    for path in (
        "/",  # the client puts the base before it
        "/search?open=1",
        "/record/1",
        "/repository/alpha",
        "/mirror",
        "/mirror/items",
    ):
        answer = asyncio.run(behind.client.get(path))
        assert answer.status_code == 200
        assert set(re.findall(r'(?:href|src|action)="(/(?!oai/)[^"]*)"', answer.text)) == set()


def test_arbitrary_sql_can_be_switched_off(mirror):
    """The ready-made queries still answer."""
    closed = Datasette([str(mirror)], settings={"default_allow_sql": False})
    assert asyncio.run(closed.client.get("/mirror.json?sql=select+1")).status_code == 403
    assert asyncio.run(closed.client.get("/mirror/license_conflicts.json")).status_code == 200


def test_nothing_can_be_written(get):
    """A statement that writes is refused."""
    assert get("/mirror.json?sql=delete+from+records").status_code == 400


def test_the_charts_library_comes_from_a_package(get):
    """Vega is served from the files of an installed package; other names are not found."""
    for name in ("vega5.js", "vega-lite5.js", "vega-embed6.js"):
        answer = get(f"/-/oai-mirror/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert get("/-/oai-mirror/nothing.js").status_code == 404
