"""Large pages: the same items as any other page gives, in flat memory, part by part (Q60)."""

import tracemalloc

import pytest

from harvester.oai import page as pages
from harvester.oai.large import MAX_RECORD, Records
from harvester.oai.page import NotOai, Page, parse
from tests.harvester.oai.pages import OAI, document, header, listing, record


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every page as if it were a large one."""
    monkeypatch.setattr(pages, "LARGE", 0)


def _page(body: bytes) -> Page:
    got = parse(body)
    assert isinstance(got, Page)
    return got


DECOY = f"<!-- {record(7)} --><![CDATA[<record>]]><?p <record> ?>"
BODIES = {
    "plain": listing(record(1), record(2, status="deleted"), record(3), token="t", attributes=' completeListSize="9"'),
    "the end": listing(record(1), token=""),
    "decoys": listing(record(1, DECOY), DECOY.replace("<![CDATA[<record>]]>", ""), record(2), token="t"),
    "nested": listing(f'<record>{header(1)}<metadata><record xmlns="urn:x"/></metadata></record>', record(2)),
    "prefixed": listing(record(1))
    .replace(b"<ListRecords", b'<o:ListRecords xmlns:o="' + OAI.encode() + b'"')
    .replace(b"</ListRecords", b"</o:ListRecords"),
    "no namespace": listing(record(1), token="t").replace(f' xmlns="{OAI}"'.encode(), b""),
}


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("name", BODIES)
def test_a_large_page_gives_what_a_small_one_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items, token, notes; and the parts together are the page."""
    large = _page(BODIES[name])
    monkeypatch.setattr(pages, "LARGE", 10**9)
    small = _page(BODIES[name])
    assert isinstance(large.items, Records)
    assert [item._replace(record=None) for item in large.items] == [item._replace(record=None) for item in small.items]
    assert (large.verb, large.token, large.notes, large.lost, large.is_empty) == (
        small.verb,
        small.token,
        small.notes,
        small.lost,
        False,
    )
    assert [item.identifier for part in large.parts() for item in part.items] == [i.identifier for i in small.items]


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize(
    "body",
    [
        document(f'<ListRecords a="{record(1).replace(chr(34), chr(39))}"></ListRecords>'),
        document(f"<ListRecords><wrap>{record(1)}</wrap></ListRecords>"),
        listing(record(1))[:-30],
        listing(record(1)).replace(b"<responseDate>", b"<responseDate"),
        b"<html>" + listing(record(1)) + b"</html>",
    ],
)
def test_what_is_no_sound_page_is_none_because_it_is_large(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records in attributes or elsewhere, pages that break off: the answer is that of the ordinary parse."""
    large = parse(body)
    monkeypatch.setattr(pages, "LARGE", 10**9)
    small = parse(body)
    assert (type(large), getattr(large, "kind", None)) == (type(small), getattr(small, "kind", None))
    assert not isinstance(large, Page) or not isinstance(large.items, Records)


@pytest.mark.usefixtures("everything_is_large")
def test_each_record_is_mended_or_broken_by_itself() -> None:
    """A control character costs a note on its record, an open tag its record."""
    page = _page(listing(record(1, "<dc:title>a\x01 & b</dc:title>"), record(2).replace("</dc:title>", ""), record(3)))
    assert [(item.identifier, item.problem, item.notes) for item in page.items] == [
        ("oai:r:1", None, ("control_characters", "ampersands")),
        ("oai:r:2", "not_well_formed", ()),
        ("oai:r:3", None, ()),
    ]


def test_a_giant_record_goes_to_quarantine_alone() -> None:
    """Its beginning is kept; its neighbours are read; the page is never held as a tree."""
    giant = record(2, f"<dc:description>{'word ' * (MAX_RECORD // 5 + 1)}</dc:description>")
    body = listing(record(1), giant, record(3), token="t")
    tracemalloc.start()
    page = _page(body)
    found = [(item.identifier, item.problem, len(item.xml)) for item in page.items]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [
        ("oai:r:1", None, len(record(1))),
        ("oai:r:2", "too_large", 65_536),
        ("oai:r:3", None, len(record(3))),
    ]
    assert (page.token and page.token.value, peak < 2_000_000) == ("t", True)


def test_a_large_page_comes_in_parts_of_a_quarter_of_a_megabyte() -> None:
    """None is empty; notes come with the first."""
    text = f"<dc:description>{'word ' * 17_000}</dc:description>"
    page = _page(listing(*(record(n, text) for n in range(100)), token="t"))
    counts = [len(part.items) for part in page.parts()]
    assert (sum(counts), max(counts), min(counts) > 0) == (100, 3, True)
    small = _page(listing(record(1)))
    assert list(small.parts()) == [small]


def test_a_large_page_that_is_broken_outside_its_records_is_refused_not_mended() -> None:
    """Mending would take several times its size in memory; the harvest asks for less instead."""
    body = listing(record(1, f"<dc:description>{'word ' * 3_500_000}</dc:description>")).replace(
        b"<responseDate>", b"<responseDate>&nbsp;"
    )
    got = parse(body)
    assert isinstance(got, NotOai)
    assert got.kind == "not_xml"
