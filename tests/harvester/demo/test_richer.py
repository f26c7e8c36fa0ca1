"""The richer formats and the pages of items say what the data file says, and a reader takes it from them."""

from datetime import date

import pytest
from lxml import etree

from harvester.demo import pages, world
from harvester.demo.manners import dspace, eprints, newcastle
from harvester.reading.beside import placed
from harvester.reading.formats import extract
from harvester.reading.pages import Item as Known
from harvester.reading.pages import read_page, site_marks
from harvester.reading.pages.visit import seen_on
from harvester.reading.profile import Profile
from harvester.reading.record import read_record

TODAY = date(2026, 11, 24)
ROOT = "http://127.0.0.1:1"
PAGES = {newcastle: pages.newcastle, eprints: pages.eprints, dspace: pages.dspace}
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def metadata(text):
    return etree.fromstring(f"<m {XSI}>{text}</m>")[0]


def page_fields(manner, item):
    url = ROOT + manner.landing(item)
    page = PAGES[manner](item, url)
    headers = {name.lower(): value for name, value in page.headers} | {"content-type": "text/html; charset=utf-8"}
    site = site_marks(pages.home().html.encode(), ROOT, {"content-type": "text/html; charset=utf-8"})
    got = read_page(page.html.encode(), url, headers, item=Known(item.title, (url,)), site=site)
    return seen_on(got.fields, url, "2026-11-20")


def flags(manner, item, *, with_pages):
    repository = manner.build(ROOT, TODAY)
    held = next(one for one in repository.records if one.identifier == manner.identifier_of(item))
    extra = [
        field
        for prefix, text in held.metadata.items()
        if prefix != "oai_dc"
        for field in placed(extract(metadata(text), prefix).fields)
    ]
    record = read_record(
        held.identifier,
        held.datestamp,
        False,
        held.sets,
        metadata(held.metadata["oai_dc"]),
        prefix="oai_dc",
        profile=Profile(),
        today=TODAY,
        extra=(*extra, *(page_fields(manner, item) if with_pages else ())),
    )
    return bool(record.fields.is_open_access), bool(record.fields.is_cc_by_nc)


def one_of_each(manner):
    """Give an item for every statement of a platform."""
    live = [item for item in manner.everything(TODAY) if not item.deleted]
    return list({item.statement: item for item in live}.values())


@pytest.mark.parametrize("manner", [eprints, dspace])
def test_the_formats_together_give_the_flags_of_the_data_file(manner):
    """oai_dc with RIOXX, or with OpenAIRE and DataCite: dated licences and stated access settle what oai_dc left open."""
    items = one_of_each(manner)
    expected = [(item.statement.rights, (item.statement.open_in_all, item.statement.cc_by_nc_in_all)) for item in items]
    assert [(item.statement.rights, flags(manner, item, with_pages=False)) for item in items] == expected


def test_the_page_gives_what_the_newcastle_record_leaves_out():
    """A record without a word about rights is open and CC BY-NC by its page; the footer of every page is not used."""
    items = one_of_each(newcastle)
    expected = [(item.statement.rights, (item.statement.open_in_all, item.statement.cc_by_nc_in_all)) for item in items]
    assert [(item.statement.rights, flags(newcastle, item, with_pages=True)) for item in items] == expected


@pytest.mark.parametrize("manner", PAGES)
def test_a_page_stands_at_every_landing_address(manner):
    """The site serves the page of each live item, and it escapes what stands in a title."""
    site = world.site(ROOT, TODAY, lambda: None)
    live = [item for item in manner.everything(TODAY) if not item.deleted]
    assert {manner.landing(item) for item in live} <= set(site.pages)
    assert "<i>Vicia" not in "".join(PAGES[manner](item, ROOT).html for item in live)


def test_formats_are_told_and_offered():
    """ListMetadataFormats of each repository names what its live records can be had in."""
    told = {one.name: [f.prefix for f in one.formats] for one in world.repositories(ROOT, TODAY)}
    assert told == {
        "Newcastle-like ePrints (demo)": ["oai_dc"],
        "EPrints of the North (demo)": ["oai_dc", "rioxx"],
        "DSpace of Everywhere (demo)": ["oai_dc", "oai_openaire", "oai_datacite"],
    }
    for one in world.repositories(ROOT, TODAY):
        offered = {f.prefix for f in one.formats}
        assert all(set(record.metadata) == offered for record in one.records if not record.deleted)
