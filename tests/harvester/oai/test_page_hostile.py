"""Hostile pages: entities, nothing fetched, depth, size and time (Q53, Q60; design rule 9)."""

import socket
import threading
import time

import pytest

from harvester.oai.page import NotOai, parse
from tests.harvester.oai.pages import codes_of, document, listing, page_of, record, title_of

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
    start = time.process_time()
    got = parse(text.encode(encoding))
    assert isinstance(got, NotOai)
    assert (got.kind, time.process_time() - start < 1.0) == ("dtd", True)


def test_a_doctype_that_declares_nothing_is_cut_away() -> None:
    """It is junk before the root; entities that it would have brought are text, not lost."""
    text = listing(record(1, "<dc:title>caf&eacute;</dc:title>"), token="t").decode()
    page = page_of(text.replace("?>", '?><!DOCTYPE OAI-PMH SYSTEM "http://r.test/oai.dtd">', 1).encode())
    assert (title_of(page), codes_of(page)) == ("café", ["junk", "ampersands"])


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
    page = page_of(listing(record(1, f"<dc:title>{big}</dc:title>"), deep, record(3), token="t"))
    assert ([(i.identifier, i.problem) for i in page.items], len(title_of(page))) == (
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


def test_what_a_server_says_is_bounded() -> None:
    """A page of text in an error or a name would be printed, kept and repeated."""
    text = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badArgument">' + "x" * 200_000
    page = page_of(f"{text}</error></OAI-PMH>".encode())
    assert [len(error.text) for error in page.errors] == [1_000]
