"""Reading a header from its bytes gives what reading it from its element gives; slices cut by closing tags are the elements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.items import _read_plainly, _read_record, items_of
from harvester.oai.page import Page, parse
from harvester.oai.slices import between_tags
from harvester.oai.xml import parse_strictly, text_of

_NAMES = st.text("oai:r.1/é \n&lt;", max_size=8).map(lambda text: text.replace("&", "&amp;"))
_SPACES = st.sampled_from(["", " ", "\n  "])
_HEADERS = st.builds(
    lambda opening, space, name, stamp, sets, closing: (
        f"{opening}{space}<identifier>{name}</identifier>{space}<datestamp>{stamp}</datestamp>"
        + "".join(f"{space}<setSpec>{one}</setSpec>" for one in sets)
        + f"{space}</header>{closing}"
    ),
    st.sampled_from(["<header>", '<header status="deleted">', '<header status="Deleted ">', "<header a='1'>"]),
    _SPACES,
    _NAMES,
    st.sampled_from(["2026-11-01", "2026-11-01T08:00:00Z", " 2026-11-01 ", "never", ""]),
    st.lists(_NAMES, max_size=3),
    st.sampled_from(
        [
            "",
            "<metadata/>",
            "<metadata></metadata>",
            "\n<metadata><a>x</a></metadata>",
            "<metadata x='1'><a>x</a><b/></metadata>",
            "<about>y</about><metadata><a>x</a></metadata>",
            "<metadata><header><identifier>inner</identifier></header></metadata>",
            "<header><identifier>second</identifier></header>",
        ]
    ),
)


@given(_HEADERS)
def test_a_header_read_from_its_bytes_is_that_of_its_element(header):
    """Whatever stands in it: identifier, datestamp, deletion, sets, and what is found inside the metadata."""
    xml = f"<record>{header}</record>"
    element = parse_strictly(xml.encode())
    plain, read = _read_plainly(element, xml.encode(), ""), _read_record(element, xml.encode(), "")
    assert plain == read
    assert plain.metadata is read.metadata


HEAD = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-23T08:00:00Z</responseDate>'
    "<request>x</request><ListRecords>"
)
TAIL = "</ListRecords></OAI-PMH>"
ONE = "<record><header><identifier>%s</identifier><datestamp>2026-11-01</datestamp></header><metadata>%s</metadata></record>"


def _page(*records: str) -> bytes:
    return (HEAD + "\n".join(records) + TAIL).encode()


@pytest.mark.parametrize(
    "inner",
    [
        "<record>x</record>",
        "<a/><record>x</record><record>y</record>",
        "<record/>",
        "<record><record>x</record></record>",
        "<recordings>x</recordings>",
    ],
)
def test_records_inside_records_are_not_cut_in_two(inner):
    """MARC calls its own root a record: the slices are the list's records and nothing else."""
    body = _page(ONE % ("a", inner), ONE % ("b", "<t>plain</t>"), ONE % ("c", inner))
    page = parse(body)
    assert isinstance(page, Page)
    assert [item.identifier for item in page.items] == ["a", "b", "c"]
    assert [item.xml.decode() for item in page.items] == [
        ONE % (name, what) for name, what in (("a", inner), ("b", "<t>plain</t>"), ("c", inner))
    ]


def test_a_cut_that_is_not_certain_is_none():
    """An element of the same name inside, another number of elements, CDATA, something between two records."""
    start = len(HEAD)
    sound = _page(ONE % ("a", "x"), ONE % ("b", "y"))
    assert len(between_tags(sound, b"record", start, 2) or ()) == 2
    for body, expected in (
        (sound, 3),
        (_page(ONE % ("a", "<record>x</record>")), 1),
        (_page(ONE % ("a", "<![CDATA[x]]>")), 1),
        (_page(ONE % ("a", "x"), "<other/>", ONE % ("b", "y")), 2),
    ):
        assert between_tags(body, b"record", start, expected) is None


def test_elements_that_are_no_records_are_counted():
    """They are noted as lost; the records around them are read."""
    body = _page(ONE % ("a", "<t>x</t>"), "<other/>", ONE % ("b", "<t>y</t>"))
    lists = [parse_strictly(body)[2]]
    items, strange = items_of(lists, body, "ListRecords")
    assert ([text_of(item.metadata) for item in items], strange) == (["x", "y"], 1)
