"""One answer, parsed once: what is read of sound pages, of tokens, errors and lists, and what is no OAI-PMH document (Q10 to Q18, Q28, Q29)."""

import pytest

from harvester.oai.page import OAI, NotOai, OaiError, Page, Token, is_whole, looks_like_oai, parse
from tests.harvester.oai.pages import codes_of, document, error, header, ids_of, listing, page_of, record


def test_a_sound_page_is_read_whole() -> None:
    """Verb, dates, request, token and items with their own bytes; no note, nothing lost."""
    one, two = record(1), record(2, status="deleted")
    page = page_of(listing(one, two, token="t", attributes=' completeListSize="7" cursor="0"'))
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
    page = page_of(listing(header(1, sets=("a", " b ", "a", "")), verb="ListIdentifiers"))
    assert [(i.identifier, i.sets, i.metadata, i.xml) for i in page.items] == [("oai:r:1", ("a", "b"), None, b"")]
    assert ids_of(page_of(listing(record(9), verb="GetRecord"))) == ["oai:r:9"]


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
    page = page_of(listing(record(1), sent))
    assert (page.token and page.token.value, page.lost) == (expected, ())


def test_q10_a_token_outside_the_list_counts() -> None:
    """A list that goes on must not be taken for one that ends."""
    page = page_of(document(f"<ListRecords>{record(1)}</ListRecords><resumptionToken>t</resumptionToken>"))
    assert page.token == Token("t", None, None, None)


def test_different_tokens_on_one_page_leave_a_doubt() -> None:
    """Whichever is taken, the list cannot count as proven."""
    page = page_of(listing(record(1), "<resumptionToken>a</resumptionToken>", token="b"))
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
    assert page_of(listing(record(1), token="t", attributes=attributes)).token == expected


def test_q18_all_errors_are_collected() -> None:
    """Several elements, codes in odd case, without a code, unknown ones."""
    page = page_of(
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
    assert (page.list_found, page.root, page_of(error("noRecordsMatch")).is_empty) == (False, None, True)


def test_two_list_elements_lose_no_record() -> None:
    """Their records are put together, with a note; another verb's element leaves a doubt."""
    twice = f"<ListRecords>{record(1)}</ListRecords><ListRecords>{record(2)}<resumptionToken>t</resumptionToken></ListRecords>"
    page = page_of(document(twice))
    mixed = page_of(document(f"<ListRecords>{record(1)}</ListRecords><ListIdentifiers>{header(2)}</ListIdentifiers>"))
    assert (ids_of(page), codes_of(page), page.token and page.token.value) == (["oai:r:1", "oai:r:2"], ["lists"], "t")
    assert (ids_of(mixed), mixed.lost) == (["oai:r:1"], ("the document also holds a ListIdentifiers",))


def test_elements_that_are_no_record_leave_a_doubt() -> None:
    """What is not understood in a list may have been a record."""
    assert page_of(listing(record(1), "<item/>", token="")).lost == ("1 elements in the list are no record",)


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


@pytest.mark.parametrize(("space", "comment"), [(" ", ""), ("", "<!-- a -- b -->"), ("\n", "<!-- <record/> ---->")])
def test_q54_q61_comments_and_namespaces_written_wrongly_are_mended(space: str, comment: str) -> None:
    """Nothing can be lost by either; what stands around the comment is kept."""
    record = "<record><header><identifier>a</identifier></header></record>"
    body = f'<OAI-PMH xmlns="{OAI}{space}"><ListRecords>{comment}{record}{comment}{record}</ListRecords></OAI-PMH>'
    page = parse(body.encode())
    assert isinstance(page, Page)
    assert [item.identifier for item in page.items] == ["a", "a"]
    assert "markup" in dict(page.notes)
