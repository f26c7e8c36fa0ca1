"""Pages of items give evidence with their place; pages that lie or attack give none and do no harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.reading.pages import MAX_BYTES, Item, read_page, site_marks
from tests.harvester.reading.formats.building import element, evidence, told
from tests.harvester.reading.pages import samples
from tests.harvester.reading.pages.reading import RECORD, URL, judged, opened, values

NEWCASTLE = {
    "definition list": samples.NEWCASTLE_LIST,
    "plain paragraphs": samples.NEWCASTLE_PARAGRAPHS,
    "table": samples.NEWCASTLE_TABLE,
}


@pytest.mark.parametrize("page", NEWCASTLE.values(), ids=NEWCASTLE)
def test_newcastles_page_gives_what_it_prints_in_any_mark_up(page: str) -> None:
    """Open access, CC BY-NC 4.0, and every part of the publication, whatever the mark-up of the list."""
    record = judged(page)
    expected = {
        "license": "CC-BY-NC-4.0",
        "access": "open",
        "is_open_access": 1,
        "is_cc_by_nc": 1,
        "type": "journal article",
        "container": "British Journal of Pain",
        "container_volume": "18",
        "container_issue": "2",
        "first_page": "120",
        "last_page": "127",
        "publisher": "Sage Publications Ltd",
        "doi": samples.DOI,
        "creators": "Hartley C; Penlington C",
    }
    assert expected == told(record, *expected)
    assert [(one.element, one.role, one.edtf) for one in record.dates] == [
        ("page:date.print", "issued", "2024-04-01"),
        ("page:date.online", "issued", "2023-10-18"),
        ("page:date.accepted", "accepted", "2023-09-19"),
        ("page:date.deposited", "submitted", "2023-11-29"),
    ]
    assert [(one.identifier, one.qualifier, one.valid) for one in record.identifiers if one.scheme == "issn"] == [
        ("049-4637", "print", 0),
        ("2049-4645", "electronic", 1),
    ]
    assert ("page:issn.print", "issn_length") in [(one.element, one.code) for one in record.issues]


def test_every_row_of_evidence_names_the_page_the_place_and_the_day() -> None:
    """What a page said can be looked up: address, place in it, day."""
    rows = judged(samples.NEWCASTLE_PARAGRAPHS).evidence
    assert {f"{URL} on 2026-11-20"} == {one.origin for one in rows}
    assert {"page:sentence", "page:badge"} == {one.element for one in rows if one.used}


def test_eprints_prints_the_status_and_the_licence_of_its_documents() -> None:
    """full_text_status is the access, the link beside the document is the licence."""
    assert evidence(judged(samples.EPRINTS)) == [
        ("license", "page:a.creativecommons", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "page:meta.full_text_status", 1, "full-text-status", "open", 1),
    ]


def test_dspace_prints_metas_and_json_for_machines() -> None:
    """The work's own licence counts, not that of the website or of the book it is part of."""
    assert evidence(judged(samples.DSPACE)) == [
        ("license", "page:meta.rights", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("license", "page:jsonld.license", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "page:jsonld.isAccessibleForFree", 1, "accessible-for-free", "open", 1),
        ("access", "page:badge", 1, "coar-label", "open", 1),
    ]


def test_signposting_headers_name_licence_and_file() -> None:
    """A Link header speaks of the item, unless it is anchored to another resource."""
    page = f"<html><body><h1>{samples.TITLE}</h1></body></html>"
    link = (
        '<https://creativecommons.org/licenses/by-nc/4.0/>; rel="license", <https://e.example.org/12.pdf>; rel=item, '
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license"; anchor="https://e.example.org/other"'
    )
    record = judged(page, link=link)
    assert told(record, "license", "file_url") == {
        "license": "CC-BY-NC-4.0",
        "file_url": "https://e.example.org/12.pdf",
    }


def test_the_record_goes_before_its_page() -> None:
    """A licence and a status of the record itself are never overwritten; what it only implies is."""
    stated = (
        RECORD + element("dc:rights", "CC BY 4.0") + element("dc:rights", "info:eu-repo/semantics/restrictedAccess")
    )
    assert told(judged(samples.NEWCASTLE_LIST, record=stated), "license", "access") == {
        "license": "CC-BY-4.0",
        "access": "restricted",
    }
    closed = f'<html><body><h1>{samples.TITLE}</h1><span class="badge">Restricted access</span></body></html>'
    implied = RECORD + element("dc:rights", "CC BY 4.0")
    assert told(judged(closed, record=implied), "license", "access") == {"license": "CC-BY-4.0", "access": "restricted"}


CC = '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>'
LIES = {
    "footer": f"<footer>Site content: {CC}</footer>",
    "footer by name": f'<div class="site-footer"><p>{CC}</p></div>',
    "cookie banner": f'<div id="cookie-banner">This work is licensed under CC BY-NC 4.0 {CC}</div>',
    "related item": f'<section class="related-items"><h3>A second study</h3>{CC}<span class="badge">Open Access</span></section>',
    "related by heading": f"<h3>Related items</h3><ul><li>A second study {CC}</li></ul>",
    "side column": f"<aside>{CC}</aside>",
    "comment": f"<!-- {CC} Open Access -->",
    "script": f"<script>document.write('{CC}'); license = 'CC BY-NC 4.0'</script>",
    "template": f"<template>{CC}</template><noscript>{CC}</noscript>",
    "hidden": f'<div style="display:none">{CC}</div><p hidden>This work is licensed under CC BY-NC 4.0</p>',
    "abstract": "<p>We surveyed articles licensed under a Creative Commons Attribution-NonCommercial 4.0 licence.</p>",
    "policy link": '<p><a href="/policies/open-access">Open Access</a></p>',
    "other host": '<p><a rel="license" href="https://creativecommons.example/licenses/by-nc/4.0/">CC</a></p>',
    "menu": '<ul class="main-menu"><li>Open Access</li></ul>',
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_is_not_said_of_the_item_gives_no_flag(lie: str) -> None:
    """Furniture, other items, code and prose are no statement on this item."""
    page = f"<html><body><main><h1>{samples.TITLE}</h1></main>{lie}</body></html>"
    assert told(judged(page), "license", "access", "is_open_access", "is_cc_by_nc") == {
        "license": None,
        "access": "unknown",
        "is_open_access": 0,
        "is_cc_by_nc": 0,
    }


def test_what_was_not_used_says_why() -> None:
    """A licence in the footer is kept as evidence with the reason."""
    page = f"<html><body><h1>{samples.TITLE}</h1>{LIES['footer']}</body></html>"
    assert [(one.reason, one.used) for one in judged(page).evidence] == [("it stands in the footer", 0)]


def test_a_statement_of_the_home_page_is_the_sites() -> None:
    """A footer without any mark of one is recognised because the home page says the same."""
    footer = f"<div><p>{CC}</p></div>"
    site = site_marks(f"<html><body><h1>Welcome</h1>{footer}</body></html>".encode(), "https://e.example.org/", {})
    page = f"<html><body><h1>{samples.TITLE}</h1>{footer}</body></html>".encode()
    read = read_page(page, URL, {}, item=Item(samples.TITLE), site=site)
    assert {"unused" in dict(one.attributes) for one in read.fields} == {True}


REFUSED = {
    "login": '<html><body><h1>Sign in</h1><form><input type="password"></form><p>This work is licensed under CC BY-NC 4.0</p>',
    "search": f'<html><body><h1>No results</h1>{CC}<span class="badge">Open Access</span></body></html>',
    "empty": "",
    "not HTML": "%PDF-1.7",
}


@pytest.mark.parametrize("page", REFUSED.values(), ids=REFUSED)
def test_a_page_in_place_of_the_items_gives_nothing(page: str) -> None:
    """A page answered with 200 that does not name the item is not its page."""
    read = opened(page)
    assert (read.fields, bool(read.refused)) == ((), True)


def test_a_page_is_known_by_an_identifier_too() -> None:
    """A title too short to prove anything is helped by the DOI."""
    page = f'<html><body><h1>Pain</h1><a href="https://doi.org/{samples.DOI}">doi</a>{CC}</body></html>'.encode()
    assert read_page(page, URL, {}, item=Item("Pain again", (samples.DOI,))).refused is None


def test_what_is_too_large_is_not_read() -> None:
    """The bound holds before anything is parsed."""
    assert (
        read_page(b"x" * (MAX_BYTES + 1), URL, {}, item=Item(samples.TITLE)).refused == f"larger than {MAX_BYTES} bytes"
    )


def test_other_media_are_not_read() -> None:
    """A file in place of a page is no page."""
    read = read_page(b"<h1>x</h1>", URL, {"content-type": "application/pdf"}, item=Item("x"))
    assert read.refused == "no page but application/pdf"


@pytest.mark.parametrize(
    ("dates", "edtf"),
    [
        (("01/04/2024", "18/10/2023"), "2024-04-01"),
        (("01/04/2024", "10/18/2023"), "2024-01-04"),
        (("01/04/2024", "02/03/2024"), "2024"),
    ],
)
def test_one_page_writes_its_dates_in_one_way(dates: tuple[str, str], edtf: str) -> None:
    """A day above 12 anywhere proves the order; without a proof only the year is kept."""
    page = f"<html><body><h1>{samples.TITLE}</h1><p>Print publication date: {dates[0]}</p><p>Acceptance date: {dates[1]}</p>"
    assert edtf == judged(page).dates[0].edtf


def test_a_deep_page_is_read_without_recursion() -> None:
    """Nesting is bounded by the parser, and the walk does not recurse."""
    page = "<div>" * 20_000 + f"<h1>{samples.TITLE}</h1>" + CC
    assert opened(f"<html><body><h1>{samples.TITLE}</h1>{page}").refused is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/=\"'!-& abdhrtlcense:;#{}[]\x00é"), max_size=300))
def test_broken_mark_up_never_raises(noise: str) -> None:
    """Whatever stands on a page, reading it ends."""
    assert isinstance(values(f"<html><body><h1>{samples.TITLE}</h1>{noise}"), list)


@pytest.mark.parametrize(
    ("line", "access"),
    [
        ("Embargoed until 2030-01-01", "embargoed"),
        ("This item is under embargo until 1 January 2030.", "embargoed"),
        ("Full text restricted until 2030-01-01", "embargoed"),
        ("The embargo of goods in 1807 was lifted until it failed", "open"),
    ],
)
def test_an_embargo_on_the_page_keeps_a_licensed_item_closed(line: str, access: str) -> None:
    """A licence beside an embargo does not open the item before its day; prose about embargoes says nothing."""
    page = f"<html><body><main><h1>{samples.TITLE}</h1><p>{line}</p>{CC}</main></body></html>"
    assert told(judged(page), "license", "access") == {"license": "CC-BY-NC-4.0", "access": access}


@pytest.mark.parametrize(
    ("status", "access"), [("public", "open"), ("restricted", "restricted"), ("none", "metadata-only")]
)
def test_eprints_status_of_the_full_text_goes_before_what_a_licence_implies(status: str, access: str) -> None:
    """A licence of a file that nobody may read opens nothing."""
    page = samples.EPRINTS.replace('content="public"', f'content="{status}"')
    assert told(judged(page), "access") == {"access": access}
