"""What is mended with a note: broken characters, encodings, junk, namespaces; never a page that breaks off (Q30, Q50 to Q54, Q61)."""

import pytest

from harvester.oai.page import NotOai, Page, parse, reopen
from harvester.oai.xml import text_of
from tests.harvester.oai.pages import OAI, codes_of, ids_of, listing, page_of, record, title_of


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
    page = page_of(listing(record(1, inner), record(2), token="t"))
    assert (ids_of(page), title_of(page), codes_of(page)) == (["oai:r:1", "oai:r:2"], expected, [code])
    assert [item.notes for item in page.items] == [(code,), ()]
    assert page.token is not None


def test_what_is_fine_as_it_is_is_not_touched() -> None:
    """Ampersands in CDATA, comments, instructions; CDATA that looks like markup; entities of XML itself."""
    inner = "<dc:title><!-- & --><?p &?>&amp;<![CDATA[<record>&nbsp;</record>]]>&#233;</dc:title>"
    page = page_of(listing(record(1, inner), record(2)))
    assert (title_of(page), codes_of(page), [len(i.xml) > 0 for i in page.items]) == (
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
    assert ([title_of(got, n) for n in (0, 1)], [c for c in codes_of(got) if c != "xml_declaration"]) == (
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
    page = page_of(text.encode())
    assert (ids_of(page), page.token is not None) == (["oai:r:1"], True)
    assert set(codes_of(page)) <= {"junk", "xml_declaration"}


def test_doubled_declarations_are_taken_out() -> None:
    """A record that brings its own prolog into the page, and a page that has two."""
    inner = '<?xml version="1.0" encoding="UTF-8"?><dc:title>x</dc:title>'
    page = page_of(b'<?xml version="1.0"?>' + listing(record(1, inner), token=""))
    assert (title_of(page), codes_of(page)) == ("x", ["junk", "xml_declaration"])


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
    page = page_of(text.encode())
    assert (ids_of(page), codes_of(page), page.token and page.token.value) == (["oai:r:1", "oai:r:2"], codes, "t")
    assert [reopen(i.xml, i.context).identifier for i in page.items] == ["oai:r:1", "oai:r:2"]


def test_undeclared_prefixes_are_bound_where_everybody_knows_them() -> None:
    """xsi without its declaration is a classic."""
    page = page_of(listing(record(1, '<dc:title xsi:type="x">t</dc:title>'), token=""))
    assert (title_of(page), codes_of(page)) == ("t", ["prefix_unbound"])
