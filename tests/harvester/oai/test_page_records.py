"""Records as they stand: payloads that look like OAI-PMH, odd and broken ones, exact slices (Q55 to Q59)."""

import pytest

from harvester.oai.page import NotOai, parse, reopen
from tests.harvester.oai.pages import DC, OAI, codes_of, document, header, ids_of, listing, page_of, record

NESTED = (
    f'<x:wrap xmlns:x="urn:x" xmlns="{OAI}"><OAI-PMH><ListRecords><record><header status="deleted"><identifier>oai:inner:1'
    "</identifier></header></record><resumptionToken>inner</resumptionToken></ListRecords><error code='badVerb'/></OAI-PMH></x:wrap>"
)


@pytest.mark.parametrize("token", ["", None, "outer"])
def test_q55_a_payload_that_looks_like_oai_pmh_fools_nobody(token: str | None) -> None:
    """Records, headers, tokens, errors and status inside metadata are metadata."""
    one = f"<record>{header(1)}<metadata>{NESTED}</metadata></record>"
    page = page_of(listing(one, record(2), token=token))
    assert (ids_of(page), page.errors, [i.deleted for i in page.items]) == (["oai:r:1", "oai:r:2"], (), [False, False])
    assert (page.token and page.token.value, page.items[0].xml) == (token, one.encode())


@pytest.mark.parametrize(
    "decoy",
    [
        "<!-- <record><header><identifier>oai:decoy:1</identifier></header></record> -->",
        "<![CDATA[</record><record>]]>",
        "<![CDATA[<record>]]>",
        "<![CDATA[</record>]]>",
        "<?decoy <record> ?>",
        '<dc:relation a="/>" b="&lt;record>">x</dc:relation>',
        "<recordList><records/></recordList>",
        '<record xmlns="urn:x"><record/></record>',
        "<!-- --><!-- </record> -->",
    ],
)
def test_slices_are_exact_whatever_a_record_holds(decoy: str) -> None:
    """The bytes kept are those of the record, even where comments and CDATA hold its tags."""
    records = [record(1, f"<dc:title>one</dc:title>{decoy}"), record(2), record(3, decoy)]
    page = page_of(listing(*records, token="t"))
    assert [item.xml for item in page.items] == [one.encode() for one in records]
    assert [reopen(item.xml, item.context).identifier for item in page.items] == ["oai:r:1", "oai:r:2", "oai:r:3"]


def test_comments_and_instructions_beside_records_are_no_records() -> None:
    """Decoys between the records, before the list and in the prolog."""
    decoy = f"<!-- <ListRecords>{record(7)} --><?php {record(8)} ?>"
    body = document(f"{decoy}<ListRecords>{decoy}{record(1)}{decoy}</ListRecords>{decoy}")
    page = page_of(body)
    assert [(item.identifier, item.xml) for item in page.items] == [("oai:r:1", record(1).encode())]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (f"<record>{header(1)}</record>", (None, False, False, None)),
        (f"<record>{header(1)}<metadata/></record>", (None, False, True, None)),
        (f"<record>{header(1)}<metadata> \n<!-- x --></metadata></record>", (None, False, True, None)),
        (f"<record><metadata>{DC.format('')}</metadata></record>", ("no_header", False, False, None)),
        ("<record/>", ("no_header", False, False, None)),
        ("<record><header><identifier> </identifier></header></record>", ("no_identifier", False, False, None)),
        ("<record><header><datestamp>2026-01-01</datestamp></header></record>", ("no_identifier", False, False, None)),
        (f'<record status="deleted">{header(1)}</record>', (None, True, False, None)),
        (record(1, status=" Deleted "), (None, True, False, None)),
        (record(1, status="DELETED"), (None, True, False, None)),
        (record(1, status="active"), (None, False, False, None)),
        (
            f"<record>{header(1, status='deleted')}<metadata>{DC.format('x')}</metadata></record>",
            (None, True, True, None),
        ),
    ],
)
def test_q56_to_q59_odd_records_are_items_with_what_is_wrong(one: str, expected: tuple[object, ...]) -> None:
    """No metadata, no header, no identifier, deleted in odd ways; the page goes on."""
    page = page_of(listing(one, record(2), token="t"))
    item = page.items[0]
    assert (item.problem, item.deleted, item.has_metadata, item.metadata) == expected
    assert page.items[1].identifier == "oai:r:2"


def test_q57_identifiers_are_taken_as_they_are() -> None:
    """White space around is dropped, comments inside do not cut it, 10 kB stay 10 kB, anything goes as a name."""
    names = ["\n oai:x:1\t", "oai:<!-- c -->x:2", "o" * 10_000, "../../etc/passwd", "&lt;script&gt;", "x' OR 1=1 --"]
    page = page_of(listing(*(record(0).replace("oai:r:0", name) for name in names), token=""))
    assert ids_of(page) == ["oai:x:1", "oai:x:2", "o" * 10_000, "../../etc/passwd", "<script>", "x' OR 1=1 --"]


BROKEN = {
    "a tag that is not closed": record(2).replace("</dc:title>", ""),
    "an end tag of another name": record(2).replace("</dc:title>", "</dc:creator>"),
    "an attribute without quotes": record(2, "<dc:title lang=en>t</dc:title>"),
    "an unknown prefix": record(2, "<zz:title>t</zz:title>"),
    "a less-than sign": record(2, "<dc:title>p < 0.05</dc:title>"),
    "an attribute twice": record(2, '<dc:title a="1" a="2">t</dc:title>'),
    "a comment that does not end": record(2, "<!-- <dc:title>t</dc:title>"),
    "an open CDATA section": record(2, "<dc:title><![CDATA[t</dc:title>"),
    "a record that does not end": record(2).replace("</record>", ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_record_stops_no_page(name: str) -> None:
    """It is handed over with its bytes and its identifier; its neighbours and the token are read (design rule 6)."""
    page = page_of(listing(record(1), BROKEN[name], record(3), token="t"))
    assert [(item.identifier, item.problem) for item in page.items] == [
        ("oai:r:1", None),
        ("oai:r:2", "not_well_formed"),
        ("oai:r:3", None),
    ]
    assert page.items[1].xml.strip() == BROKEN[name].encode()
    assert (page.token and page.token.value, codes_of(page)[-1]) == ("t", "record_by_record")


@pytest.mark.parametrize(
    "broken",
    [
        listing(record(1), token="t").replace(b"</ListRecords>", b""),
        listing(record(1), token="t").replace(b"<responseDate>", b"<responseDate"),
        listing(record(1), record(2), token="t") * 2,
        document("<Identify><repositoryName>x</Identify>"),
    ],
)
def test_a_broken_envelope_is_refused(broken: bytes) -> None:
    """Nothing is guessed where the document itself is unsound."""
    got = parse(broken)
    assert isinstance(got, NotOai)
    assert got.kind == "not_xml"
