"""The demo end to end: our own provider, real HTTP, the real mirror; every flag is what the data files say it must be."""

from contextlib import closing
from datetime import date

import pytest

from harvester.config import load
from harvester.demo import world
from harvester.demo.manners import dspace, eprints, newcastle
from harvester.jobs.demo import harvest_demo, provider
from harvester.jobs.harvest import Hooks
from harvester.stopping import Stopping
from mirror_db.connection import open_reader

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def settings():
    return load(None, environ={"OAI_MIRROR_TODAY": TODAY.isoformat()}).settings


def demo(db, settings):
    with provider(db, settings) as server:
        found = harvest_demo(server.url, settings, db=db, hooks=Hooks(Stopping()))
        return found, server.url


@pytest.fixture(scope="module")
def mirror(tmp_path_factory, settings):
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    found, _ = demo(db, settings)
    return db, found


def rows(db, query, *values):
    with closing(open_reader(db)) as conn:
        return conn.execute(query, values).fetchall()


def test_every_repository_is_complete_and_nothing_is_quarantined(mirror):
    """All records of all three arrive, tombstones included."""
    db, found = mirror
    held = [len(one.records) for one in world.repositories("", TODAY)]
    assert [(report.outcome, report.listed, report.quarantined) for report in found.reports] == [
        ("complete", count, 0) for count in held
    ]
    assert rows(db, "SELECT count(*) FROM records") == [(sum(held),)]


@pytest.mark.parametrize("manner", [newcastle, eprints, dspace])
def test_every_flag_is_what_the_data_file_says(mirror, manner):
    """Each item's two flags follow from its statement, whatever its language or platform."""
    db, _ = mirror
    expected = {
        manner.identifier_of(item): (int(item.statement.open_in_all), int(item.statement.cc_by_nc_in_all))
        for item in manner.everything(TODAY)
        if not item.deleted
    }
    flags = rows(db, "SELECT oai_identifier, is_open_access, is_cc_by_nc FROM live_records")
    assert {name: pair for name, *pair in flags if name in expected} == {
        name: list(pair) for name, pair in expected.items()
    }


def test_the_newcastle_item_is_read_as_agreed(mirror):
    """Open, CC BY-NC 4.0, DOI, both dates, the electronic ISSN; the print ISSN of seven digits is kept as an issue."""
    db, _ = mirror
    name = world.newcastle_item()
    number = "(SELECT id FROM records WHERE oai_identifier = ?)"
    assert rows(
        db,
        "SELECT license, access, is_open_access, is_cc_by_nc, doi, creators FROM records WHERE oai_identifier = ?",
        name,
    ) == [("CC-BY-NC-4.0", "open", 1, 1, "10.1177/20494637231208", "Hartley C; Penlington C")]
    assert rows(db, f"SELECT edtf FROM dates WHERE record = {number} ORDER BY edtf", name) == [
        ("2023-10-18",),
        ("2024-04-01",),
    ]
    assert rows(
        db, f"SELECT identifier, qualifier, valid FROM identifiers WHERE scheme = 'issn' AND record = {number}", name
    ) == [("049-4637", "print", 0), ("2049-4645", "electronic", 1)]
    assert rows(db, f"SELECT code, detail FROM issues WHERE code LIKE 'issn%' AND record = {number}", name) == [
        ("issn_length", "ISSN (print): 049-4637")
    ]
    assert rows(db, f"SELECT family, given FROM creators WHERE record = {number} ORDER BY seq", name) == [
        ("Hartley", "C"),
        ("Penlington", "C"),
    ]


def test_what_is_shown_is_there(mirror):
    """The demo shows the Newcastle item, one that its page flags, and one under embargo."""
    _, found = mirror
    shown = {name: (one.record["access"], one.record["is_cc_by_nc"]) for name, one in found.shown.items()}
    assert shown == {"newcastle": ("open", 1), "page": ("open", 1), "embargoed": ("embargoed", 1)}


def test_richer_formats_and_pages_flag_what_records_leave_out(mirror):
    """The evidence of one item stands on its page alone; one query tells what the extra sources brought."""
    db, found = mirror
    used = [(row["element"], row["origin"]) for row in found.shown["page"].evidence if row["used"]]
    page = f"{found.shown['page'].record['landing_url']} on "
    assert {name for name, _ in used} == {"page:sentence", "page:badge"}
    assert all(origin.startswith(page) for _, origin in used)
    compared = rows(db, "SELECT repository, open_access - open_access_without > 0 FROM extra_sources ORDER BY 1")
    assert compared == [("demo-dspace", 1), ("demo-eprints", 1), ("demo-newcastle", 1)]
    assert rows(db, "SELECT kind, outcome, pages > 0 FROM runs WHERE kind = 'pages'") == [("pages", "complete", 1)]


def test_a_second_demo_changes_nothing_and_keeps_the_address(tmp_path, settings):
    """The port of the last demo is taken again, so base URLs and the addresses in the records stay."""
    db = tmp_path / "demo.db"
    _, first_url = demo(db, settings)
    before = rows(db, "SELECT * FROM records ORDER BY id")
    found, second_url = demo(db, settings)
    assert second_url == first_url
    assert [(r.outcome, r.created, r.updated, r.deleted) for r in found.reports] == [("complete", 0, 0, 0)] * 3
    assert rows(db, "SELECT * FROM records ORDER BY id") == before


def test_a_taken_port_is_replaced(tmp_path, settings):
    """Where another program has the old port the demo takes a free one, under the same ids."""
    db = tmp_path / "demo.db"
    demo(db, settings)
    with provider(db, settings):
        found, _ = demo(db, settings)
    assert [(r.repository, r.outcome) for r in found.reports] == [(told.id, "complete") for told in world.REPOSITORIES]
