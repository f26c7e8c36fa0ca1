"""One answer, parsed once: what is read of sound pages, what is mended with a note, what is refused (Q28 to Q62)."""

import socket
import threading
import time

import pytest

from harvester.oai.page import NotOai, OaiError, Page, Token, is_whole, looks_like_oai, parse, reopen
from harvester.oai.xml import text_of
from tests.harvester.oai.pages import DC, OAI, document, error, header, listing, record


def _page(body: bytes, **options: str) -> Page:
    got = parse(body, **options)
    assert isinstance(got, Page), got
    return got


def _ids(page: Page) -> list[str | None]:
    return [item.identifier for item in page.items]


def _codes(page: Page) -> list[str]:
    return [code for code, _ in page.notes]


def _title(page: Page, n: int = 0) -> str:
    return text_of(page.items[n].metadata)


def test_a_sound_page_is_read_whole() -> None:
    """Verb, dates, request, token and items with their own bytes; no note, nothing lost."""
    one, two = record(1), record(2, status="deleted")
    page = _page(listing(one, two, token="t", attributes=' completeListSize="7" cursor="0"'))
    assert page._replace(items=(), root=None) == Page(
        "ListRecords", "2026-01-02T03:04:05Z", "http://repository.test/oai", (), True, (),
        Token("t", "0", 7, None), (), (), None,
    )  # fmt: skip
    assert [(i.identifier, i.datestamp, i.deleted, i.has_metadata, i.problem, i.notes) for i in page.items] == [
        ("oai:r:1", "2026-01-01T00:00:00Z", False, True, None, ()),
        ("oai:r:2", "2026-01-01T00:00:00Z", True, False, None, ()),
    ]
    assert [item.xml for item in page.items] == [one.encode(), two.encode()]


def test_headers_and_single_records_are_read() -> None:
    """ListIdentifiers and GetRecord give items too; sets come once each."""
    page = _page(listing(header(1, sets=("a", " b ", "a", "")), verb="ListIdentifiers"))
    assert [(i.identifier, i.sets, i.metadata, i.xml) for i in page.items] == [("oai:r:1", ("a", "b"), None, b"")]
    assert _ids(_page(listing(record(9), verb="GetRecord"))) == ["oai:r:9"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b" " * 10_000, "empty"),
        (b"<html><body>Maintenance</body></html>", "html"),
        (b"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>x</body></html>", "html"),
        (b"<!doctype html>\n<title>OAI-PMH is down</title>", "html"),
        (b"<?xml version='1.0'?><rss/>", "not_oai"),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', "not_oai"),
        (b'{"error": "not found"}', "not_xml"),
        (b"Service temporarily unavailable, see OAI-PMH", "not_xml"),
        (b"\x00\x01\x02\xff\xfe", "not_xml"),
        (b"%PDF-1.7", "not_xml"),
    ],
)
def test_q28_q29_what_is_no_oai_pmh_document_is_refused(body: bytes, kind: str) -> None:
    """Empty answers, HTML in every shape, other XML, anything else."""
    got = parse(body)
    assert isinstance(got, NotOai)
    assert got.kind == kind


def test_an_html_page_tells_its_title() -> None:
    """A person recognises the page by it."""
    got = parse(b"<html><head><title>\n Under   maintenance </title></head><p>x</html>")
    assert got == NotOai("html", "an HTML page instead of OAI-PMH: Under maintenance")


@pytest.mark.parametrize("cut", [1, 2, 10, 60, 200, 400, 600])
def test_q30_a_page_that_breaks_off_is_never_repaired(cut: int) -> None:
    """Wherever it ends before its end."""
    got = parse(listing(record(1), record(2), record(3), token="t")[:-cut])
    assert isinstance(got, NotOai)
    assert got.kind == "truncated"


MENDED = {
    "control character": ("<dc:title>a\x01b</dc:title>", "ab", "control_characters"),
    "vertical tab": ("<dc:title>a\x0bb</dc:title>", "a b", "control_characters"),
    "illegal reference": ("<dc:title>a&#0;&#x1F;b</dc:title>", "a b", "control_characters"),
    "surrogate reference": ("<dc:title>a&#xD800;b</dc:title>", "ab", "control_characters"),
    "far too large reference": ("<dc:title>a&#99999999;b</dc:title>", "ab", "control_characters"),
    "noncharacter": ("<dc:title>a\ufffeb</dc:title>", "ab", "control_characters"),
    "bare ampersand": ("<dc:title>Smith & Sons</dc:title>", "Smith & Sons", "ampersands"),
    "ampersand in an attribute": ('<dc:title a="x?a&b">t</dc:title>', "t", "ampersands"),
    "undefined entity": ("<dc:title>caf&eacute; &nbsp;x</dc:title>", "café \xa0x", "ampersands"),
    "unknown entity": ("<dc:title>&nosuch; here</dc:title>", "&nosuch; here", "ampersands"),
    "entity that is markup": ("<dc:title>a &LT; b &AMP; c</dc:title>", "a < b & c", "ampersands"),
    "protected beside broken": ("<dc:title><![CDATA[a&b]]> & c</dc:title>", "a&b & c", "ampersands"),
    "control character in CDATA": ("<dc:title><![CDATA[a\x02b & c]]></dc:title>", "ab & c", "control_characters"),
    "reference in CDATA": ("<dc:title>\x01<![CDATA[&#0;]]></dc:title>", "&#0;", "control_characters"),
    "comment": ("<!-- a & b &nbsp; --><dc:title>x & y</dc:title>", "x & y", "ampersands"),
    "instruction": ("<?p a & b?><dc:title>x & y</dc:title>", "x & y", "ampersands"),
}


@pytest.mark.parametrize("name", MENDED)
def test_q50_q52_what_can_be_mended_is_and_says_so_on_the_record_it_touched(name: str) -> None:
    """The text is saved, the page has a note, the touched record has it too, its neighbour has not."""
    inner, expected, code = MENDED[name]
    page = _page(listing(record(1, inner), record(2), token="t"))
    assert (_ids(page), _title(page), _codes(page)) == (["oai:r:1", "oai:r:2"], expected, [code])
    assert [item.notes for item in page.items] == [(code,), ()]
    assert page.token is not None


def test_what_is_fine_as_it_is_is_not_touched() -> None:
    """Ampersands in CDATA, comments, instructions; CDATA that looks like markup; entities of XML itself."""
    inner = "<dc:title><!-- & --><?p &?>&amp;<![CDATA[<record>&nbsp;</record>]]>&#233;</dc:title>"
    page = _page(listing(record(1, inner), record(2)))
    assert (_title(page), _codes(page), [len(i.xml) > 0 for i in page.items]) == (
        "&<record>&nbsp;</record>é",
        [],
        [True, True],
    )


ENCODED = {
    "latin-1 declared utf-8": (lambda t: t.encode("latin-1"), None, ["wrong_encoding"]),
    "latin-1 declared utf-8, told by HTTP": (lambda t: t.encode("latin-1"), "iso-8859-1", ["wrong_encoding"]),
    "cp1252 in one record only": (lambda t: t.encode().replace("é".encode(), b"\xe9", 1), None, ["wrong_encoding"]),
    "utf-16 with its mark": (lambda t: t.replace("UTF-8", "UTF-16").encode("utf-16"), None, []),
    "utf-16 declared utf-8": (lambda t: t.encode("utf-16"), None, []),
    "utf-16 without mark": (lambda t: t.replace("UTF-8", "UTF-16").encode("utf-16-le"), None, []),
    "big-endian without mark": (lambda t: t.replace("UTF-8", "UTF-16").encode("utf-16-be"), None, []),
    "declared utf-16, is utf-8": (lambda t: t.replace("UTF-8", "utf-16").encode(), None, ["wrong_encoding"]),
    "utf-8 with a mark": (lambda t: b"\xef\xbb\xbf" + t.encode(), None, []),
    "latin-1 as declared": (lambda t: t.replace("UTF-8", "ISO-8859-1").encode("latin-1"), None, []),
    "spaced declaration": (
        lambda t: t.replace('="UTF-8', " = 'latin-1").replace('"?>', "'?>").encode("latin-1"),
        None,
        [],
    ),
    "unknown name": (lambda t: t.replace("UTF-8", "x-user-defined").encode(), None, ["wrong_encoding"]),
    "hostile name": (lambda t: t.replace("UTF-8", "unicode_escape").encode(), None, ["wrong_encoding"]),
    "hostile charset": (lambda t: t.encode("latin-1"), "idna", ["wrong_encoding"]),
    "charset that is no text": (lambda t: t.encode("latin-1"), "zlib", ["wrong_encoding"]),
    "no declaration": (lambda t: t.partition("?>")[2].encode(), None, []),
}


@pytest.mark.parametrize("name", ENCODED)
def test_q51_the_text_is_read_in_the_encoding_that_it_is_in(name: str) -> None:
    """Declared, marked, told by HTTP or neither: the same title comes out; a lie leaves a note."""
    encode, charset, codes = ENCODED[name]
    text = listing(record(1, "<dc:title>Café</dc:title>"), record(2, "<dc:title>Thé</dc:title>"), token="t").decode()
    got = parse(encode(text), charset=charset)
    assert isinstance(got, Page), got
    assert ([_title(got, n) for n in (0, 1)], [c for c in _codes(got) if c != "xml_declaration"]) == (
        ["Café", "Thé"],
        codes,
    )
    assert [text_of(reopen(i.xml, i.context).metadata) for i in got.items] == ["Café", "Thé"]


@pytest.mark.parametrize(
    "junk",
    [
        "\n\n  ",
        "<br />\n<b>Warning</b>: include(x.php) in /var/www on line 3<br />\n",
        "<!DOCTYPE html>\n<p>Notice: undefined",
        "\ufeff\ufeff",
        "﻿<!-- generator -->",
        "Deprecated: x <y> & z\n",
    ],
)
@pytest.mark.parametrize("where", ["before", "between", "behind"])
def test_q61_junk_around_a_document_is_cut_away(junk: str, where: str) -> None:
    """Notices of PHP, blank lines, marks twice: before the prolog, behind it, behind the root."""
    declaration, _, rest = listing(record(1), token="t").decode().partition("?>")
    text = {
        "before": f"{junk}{declaration}?>{rest}",
        "between": f"{declaration}?>{junk}{rest}",
        "behind": f"{declaration}?>{rest}{junk}",
    }[where]
    page = _page(text.encode())
    assert (_ids(page), page.token is not None) == (["oai:r:1"], True)
    assert set(_codes(page)) <= {"junk", "xml_declaration"}


def test_doubled_declarations_are_taken_out() -> None:
    """A record that brings its own prolog into the page, and a page that has two."""
    inner = '<?xml version="1.0" encoding="UTF-8"?><dc:title>x</dc:title>'
    page = _page(b'<?xml version="1.0"?>' + listing(record(1, inner), token=""))
    assert (_title(page), _codes(page)) == ("x", ["junk", "xml_declaration"])


@pytest.mark.parametrize(
    ("namespace", "prefix", "codes"),
    [
        (OAI, "", []),
        (OAI, "oai:", []),
        ("", "", ["namespace"]),
        ("http://www.openarchives.org/OAI/1.1/", "", ["namespace"]),
        ("http://www.openarchives.org/OAI/2.0", "o:", ["namespace"]),
    ],
)
def test_q54_any_namespace_or_none_is_understood(namespace: str, prefix: str, codes: list[str]) -> None:
    """By local names, with a note; the slices can be read again by themselves."""
    text = listing(record(1), record(2, status="deleted"), token="t").decode()
    text = text.replace(f' xmlns="{OAI}"', f' xmlns:{prefix[:-1]}="{namespace}"' if prefix else f' xmlns="{namespace}"')
    for name in (
        "OAI-PMH",
        "ListRecords",
        "record",
        "header",
        "identifier",
        "metadata",
        "resumptionToken",
        "datestamp",
    ):
        text = text.replace(f"<{name}", f"<{prefix}{name}").replace(f"</{name}", f"</{prefix}{name}")
    page = _page(text.encode())
    assert (_ids(page), _codes(page), page.token and page.token.value) == (["oai:r:1", "oai:r:2"], codes, "t")
    assert [reopen(i.xml, i.context).identifier for i in page.items] == ["oai:r:1", "oai:r:2"]


def test_undeclared_prefixes_are_bound_where_everybody_knows_them() -> None:
    """xsi without its declaration is a classic."""
    page = _page(listing(record(1, '<dc:title xsi:type="x">t</dc:title>'), token=""))
    assert (_title(page), _codes(page)) == ("t", ["prefix_unbound"])


NESTED = (
    f'<x:wrap xmlns:x="urn:x" xmlns="{OAI}"><OAI-PMH><ListRecords><record><header status="deleted"><identifier>oai:inner:1'
    "</identifier></header></record><resumptionToken>inner</resumptionToken></ListRecords><error code='badVerb'/></OAI-PMH></x:wrap>"
)


@pytest.mark.parametrize("token", ["", None, "outer"])
def test_q55_a_payload_that_looks_like_oai_pmh_fools_nobody(token: str | None) -> None:
    """Records, headers, tokens, errors and status inside metadata are metadata."""
    one = f"<record>{header(1)}<metadata>{NESTED}</metadata></record>"
    page = _page(listing(one, record(2), token=token))
    assert (_ids(page), page.errors, [i.deleted for i in page.items]) == (["oai:r:1", "oai:r:2"], (), [False, False])
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
    page = _page(listing(*records, token="t"))
    assert [item.xml for item in page.items] == [one.encode() for one in records]
    assert [reopen(item.xml, item.context).identifier for item in page.items] == ["oai:r:1", "oai:r:2", "oai:r:3"]


def test_comments_and_instructions_beside_records_are_no_records() -> None:
    """Decoys between the records, before the list and in the prolog."""
    decoy = f"<!-- <ListRecords>{record(7)} --><?php {record(8)} ?>"
    body = document(f"{decoy}<ListRecords>{decoy}{record(1)}{decoy}</ListRecords>{decoy}")
    page = _page(body)
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
    page = _page(listing(one, record(2), token="t"))
    item = page.items[0]
    assert (item.problem, item.deleted, item.has_metadata, item.metadata) == expected
    assert page.items[1].identifier == "oai:r:2"


def test_q57_identifiers_are_taken_as_they_are() -> None:
    """White space around is dropped, comments inside do not cut it, 10 kB stay 10 kB, anything goes as a name."""
    names = ["\n oai:x:1\t", "oai:<!-- c -->x:2", "o" * 10_000, "../../etc/passwd", "&lt;script&gt;", "x' OR 1=1 --"]
    page = _page(listing(*(record(0).replace("oai:r:0", name) for name in names), token=""))
    assert _ids(page) == ["oai:x:1", "oai:x:2", "o" * 10_000, "../../etc/passwd", "<script>", "x' OR 1=1 --"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("<resumptionToken>\n  a b+c/=&amp;\t</resumptionToken>", "a b+c/=&"),
        ("<resumptionToken><![CDATA[a&b]]></resumptionToken>", "a&b"),
        ("<resumptionToken>a<!-- x -->b</resumptionToken>", "ab"),
        ("<resumptionToken/>", ""),
        ("<resumptionToken>  </resumptionToken>", ""),
        ("<resumptiontoken>t</resumptiontoken>", "t"),
        ("<resumptionToken/><resumptionToken>t</resumptionToken>", "t"),
        ("<resumptionToken>t</resumptionToken><resumptionToken/>", "t"),
    ],
)
def test_q15_tokens_are_understood_however_they_stand(sent: str, expected: str) -> None:
    """Pretty-printed, in CDATA, around comments, in odd case, beside an empty one."""
    page = _page(listing(record(1), sent))
    assert (page.token and page.token.value, page.lost) == (expected, ())


def test_q10_a_token_outside_the_list_counts() -> None:
    """A list that goes on must not be taken for one that ends."""
    page = _page(document(f"<ListRecords>{record(1)}</ListRecords><resumptionToken>t</resumptionToken>"))
    assert page.token == Token("t", None, None, None)


def test_different_tokens_on_one_page_leave_a_doubt() -> None:
    """Whichever is taken, the list cannot count as proven."""
    page = _page(listing(record(1), "<resumptionToken>a</resumptionToken>", token="b"))
    assert (page.token and page.token.value, page.lost) == ("b", ("2 different resumptionTokens on one page",))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (' completeListSize="12" cursor="3"', Token("t", "3", 12, None)),
        (' completeListSize="many" cursor="-1"', Token("t", "-1", None, None)),
        (' completeListSize="-5"', Token("t", None, None, None)),
        (' completeListSize=""', Token("t", None, None, None)),
        (' completeListSize="99999999999999999999"', Token("t", None, None, None)),
        (' completeListSize="٣"', Token("t", None, None, None)),
        (' expirationDate="2026-01-01T00:00:00Z"', Token("t", None, None, "2026-01-01T00:00:00Z")),
        (' expirationDate="never"', Token("t", None, None, None)),
    ],
)
def test_q16_q17_what_a_token_says_of_itself_is_read_leniently(attributes: str, expected: Token) -> None:
    """Hints only; nonsense is none."""
    assert _page(listing(record(1), token="t", attributes=attributes)).token == expected


def test_q18_all_errors_are_collected() -> None:
    """Several elements, codes in odd case, without a code, unknown ones."""
    page = _page(
        document(
            '<error code="badArgument">a</error><error code=" badresumptiontoken "/><error>b</error><error code="InternalException">c</error>'
        )
    )
    assert page.errors == (
        OaiError("badArgument", "a"),
        OaiError("badResumptionToken", ""),
        OaiError("unknown", "b"),
        OaiError("InternalException", "c"),
    )
    assert (page.list_found, page.root, _page(error("noRecordsMatch")).is_empty) == (False, None, True)


def test_two_list_elements_lose_no_record() -> None:
    """Their records are put together, with a note; another verb's element leaves a doubt."""
    twice = f"<ListRecords>{record(1)}</ListRecords><ListRecords>{record(2)}<resumptionToken>t</resumptionToken></ListRecords>"
    page = _page(document(twice))
    mixed = _page(document(f"<ListRecords>{record(1)}</ListRecords><ListIdentifiers>{header(2)}</ListIdentifiers>"))
    assert (_ids(page), _codes(page), page.token and page.token.value) == (["oai:r:1", "oai:r:2"], ["lists"], "t")
    assert (_ids(mixed), mixed.lost) == (["oai:r:1"], ("the document also holds a ListIdentifiers",))


def test_elements_that_are_no_record_leave_a_doubt() -> None:
    """What is not understood in a list may have been a record."""
    assert _page(listing(record(1), "<item/>", token="")).lost == ("1 elements in the list are no record",)


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
    "a comment with two hyphens": record(2, "<!-- a -- b --><dc:title>t</dc:title>"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_record_stops_no_page(name: str) -> None:
    """It is handed over with its bytes and its identifier; its neighbours and the token are read (design rule 6)."""
    page = _page(listing(record(1), BROKEN[name], record(3), token="t"))
    assert [(item.identifier, item.problem) for item in page.items] == [
        ("oai:r:1", None),
        ("oai:r:2", "not_well_formed"),
        ("oai:r:3", None),
    ]
    assert page.items[1].xml.strip() == BROKEN[name].encode()
    assert (page.token and page.token.value, _codes(page)[-1]) == ("t", "record_by_record")


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


BOMB = (
    "<!DOCTYPE b [<!ENTITY a0 'lol'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        "<!DOCTYPE b [<!ENTITY x 'y'>]>",
        '<!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!-- c --><?p p?><!DOCTYPE OAI-PMH [<!ELEMENT a ANY>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("place", ["<dc:title>&a9;&x;</dc:title>", '<dc:title a="&a9;">t</dc:title>', "<dc:title/>"])
def test_q53_a_doctype_with_declarations_is_refused(doctype: str, encoding: str, place: str) -> None:
    """Bombs in text and attributes, in whatever encoding, are refused at once."""
    text = listing(record(1, place)).decode().replace("UTF-8", encoding).replace("?>", f"?>{doctype}", 1)
    start = time.perf_counter()
    got = parse(text.encode(encoding))
    assert isinstance(got, NotOai)
    assert (got.kind, time.perf_counter() - start < 1.0) == ("dtd", True)


def test_a_doctype_that_declares_nothing_is_cut_away() -> None:
    """It is junk before the root; entities that it would have brought are text, not lost."""
    text = listing(record(1, "<dc:title>caf&eacute;</dc:title>"), token="t").decode()
    page = _page(text.replace("?>", '?><!DOCTYPE OAI-PMH SYSTEM "http://r.test/oai.dtd">', 1).encode())
    assert (_title(page), _codes(page)) == ("café", ["junk", "ampersands"])


def test_nothing_outside_is_ever_fetched() -> None:
    """A listener that external entities, DTDs, schemas, stylesheets and includes point to is never called."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.3)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    called: list[object] = []

    def listen() -> None:
        try:
            called.append(listener.accept())
        except TimeoutError:
            return

    thread = threading.Thread(target=listen)
    thread.start()
    text = listing(
        record(1, f'<dc:title xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}"/>&x;</dc:title>')
    ).decode()
    for prolog in (
        f'<!DOCTYPE a SYSTEM "{url}">',
        f'<!DOCTYPE a PUBLIC "p" "{url}">',
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]>',
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{url}"> %p;]>',
        f'<?xml-stylesheet href="{url}"?>',
    ):
        parse(text.replace("?>", f"?>{prolog}", 1).encode())
        parse(text.replace("&x;", "").replace("?>", f"?>{prolog}", 1).encode("utf-16"))
    thread.join()
    listener.close()
    assert called == []


@pytest.mark.parametrize(("depth", "kind"), [(200, None), (300, "too_deep"), (100_000, "too_deep")])
def test_depth_is_bounded(depth: int, kind: str | None) -> None:
    """256 levels are more than any record has."""
    got = parse(listing(record(1, "<a>" * depth + "</a>" * depth)))
    assert (got.kind if isinstance(got, NotOai) else None) == kind


def test_q60_a_text_of_more_than_ten_megabytes_is_read() -> None:
    """sickle cuts such a page silently (sickle 55); a neighbour that is nested too deeply goes to quarantine alone."""
    big = "x y " * 2_700_000
    deep = record(2, "<a>" * 3000 + "</a>" * 3000)
    page = _page(listing(record(1, f"<dc:title>{big}</dc:title>"), deep, record(3), token="t"))
    assert ([(i.identifier, i.problem) for i in page.items], len(_title(page))) == (
        [("oai:r:1", None), ("oai:r:2", "not_well_formed"), ("oai:r:3", None)],
        len(big),
    )


@pytest.mark.parametrize(
    "filler",
    ["<?a?>", "<!--", "<![CDATA[", "<?xml ", "<record ", "</record ", "&", "<record a='", "<a:", " a:", "<identifier "],
)
def test_hostile_repetition_takes_linear_time(filler: str) -> None:
    """No pattern goes over the same bytes again and again."""
    start = time.perf_counter()
    parse(document("<ListRecords>" + filler * (1_000_000 // len(filler)) + "</ListRecords>"))
    parse((filler * (1_000_000 // len(filler))).encode() + listing(record(1)))
    assert time.perf_counter() - start < 10.0


def test_answers_are_told_from_pages_that_only_speak_of_them() -> None:
    """By the root's tag; a maintenance page that names the protocol is none."""
    yes = (listing(record(1)), listing(record(1)).decode().encode("utf-16"), b"<oai:OAI-PMH xmlns:oai='x'>")
    no = (b"<html>Our OAI-PMH server is down", b"OAI-PMH", b"")
    assert [looks_like_oai(body) for body in (*yes, *no)] == [True, True, True, False, False, False]


def test_a_whole_document_is_told_by_its_end() -> None:
    """White space may follow, nothing else."""
    body = listing(record(1))
    assert [is_whole(b) for b in (body, body + b" \n", body[:-1], body + b"<p>", b"")] == [
        True,
        True,
        False,
        False,
        False,
    ]
