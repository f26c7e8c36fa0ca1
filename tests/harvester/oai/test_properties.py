"""Properties: whatever bytes come, the parse never raises and never loses a record quietly; whatever pages come, a walk ends."""

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.oai.page import Item, NotOai, OaiError, Page, Token, parse, reopen
from harvester.oai.types import Ask
from harvester.oai.walk import Adapt, Again, Done, GiveUp, Limits, More, Restart, begin, step
from harvester.oai.xml import Refused
from tests.harvester.oai.pages import listing, record

RECORDS = 4
BODY = listing(*(record(n, f"<dc:title>Title {n} &amp; é</dc:title>") for n in range(RECORDS)), token="next")
pieces = st.sampled_from(
    [
        b"", b"&", b"&nbsp;", b"<", b">", b"\x00", b"\x0b", b"\xff", b"\xe9", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>",
        b"<?xml version='1.0' encoding='utf-16'?>", b"<record>", b"</record>", b"</ListRecords>", b"</OAI-PMH>", b"<!DOCTYPE a>",
        b"<resumptionToken>", b"<error code='badVerb'/>", b'"', b"'", b"<header status='deleted'>", b"xmlns='x'", b"&#0;", b"\xef\xbb\xbf",
    ]
)  # fmt: skip
mutations = st.lists(st.tuples(st.integers(0, len(BODY)), st.integers(0, 60), pieces), min_size=1, max_size=4)


def _mutated(changes: list[tuple[int, int, bytes]]) -> bytes:
    body = BODY
    for at, drop, piece in changes:
        body = body[:at] + piece + body[at + drop :]
    return body


@settings(max_examples=400, deadline=None)
@given(mutations)
def test_a_damaged_page_is_read_refused_or_says_what_it_lacks(changes: list[tuple[int, int, bytes]]) -> None:
    """A page that was mended says so; every record whose tags still stand is an item, sound or broken, or the page is refused."""
    body = _mutated(changes)
    got = parse(body)
    if isinstance(got, NotOai):
        return
    assert isinstance(got, Page)
    whole = [n for n in range(RECORDS) if record(n, f"<dc:title>Title {n} &amp; é</dc:title>").encode() in body]
    held = b"".join(item.xml for item in got.items)
    missing = [n for n in whole if f"oai:r:{n}<".encode() not in held]
    hides = any(piece in {b"<!--", b"<![CDATA[", b"<?", b"</ListRecords>", b"</OAI-PMH>"} for _, _, piece in changes)
    assert not missing or got.notes or got.lost or got.errors or hides


@settings(max_examples=300, deadline=None)
@given(mutations)
def test_what_is_kept_of_a_damaged_page_reads_back_the_same(changes: list[tuple[int, int, bytes]]) -> None:
    """`raw_records` holds these bytes, and renormalise starts from them."""
    got = parse(_mutated(changes))
    for item in got.items if isinstance(got, Page) else ():
        if item.problem == "not_well_formed":
            continue
        again = reopen(item.xml, item.context)
        assert (again.identifier, again.datestamp, again.deleted, again.sets, again.digest) == (
            item.identifier,
            item.datestamp,
            item.deleted,
            item.sets,
            item.digest,
        )


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(BODY) - 1))
def test_a_page_that_breaks_off_anywhere_is_refused(end: int) -> None:
    """Truncation is never repaired."""
    assert isinstance(parse(BODY[:end]), NotOai)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(noise: bytes) -> None:
    """Alone, before and behind a page, and as a record of their own."""
    for body in (noise, noise + BODY, BODY + noise, BODY.replace(b"Title 1", noise)):
        assert isinstance(parse(body), Page | NotOai)
    try:
        reopen(noise, 'xmlns="urn:x"')
    except Refused:
        return


ITEM = Item("oai:r:1", "2026-01-01", "2026-01-01", False, (), None, True, b"", "", b"")
tokens = st.one_of(st.none(), st.sampled_from(["", "a", "b", "c"]).map(lambda value: Token(value, None, None, None)))
codes = st.sampled_from(["badResumptionToken", "badArgument", "noRecordsMatch", "badVerb", "InternalException"])


@st.composite
def _pages(draw: st.DrawFn) -> Page:
    errors = tuple(OaiError(code, "") for code in draw(st.lists(codes, max_size=2)))
    found = draw(st.booleans())
    verb = draw(st.sampled_from(["ListRecords", "ListRecords", "ListRecords", "Identify"])) if found else None
    items = (ITEM,) * draw(st.integers(0, 2)) if found else ()
    token = draw(tokens) if found else None
    return Page(verb, None, None, errors, found, items, token, (), draw(st.sampled_from([(), (), ("x",)])), None)


@settings(max_examples=500, deadline=None)
@given(st.lists(_pages(), min_size=1, max_size=12))
def test_a_walk_ends_whatever_the_pages_and_is_done_only_by_the_rules(pages: list[Page]) -> None:
    """Pages in turn, over and over: with finitely many tokens every walk ends. Done means: the list element of the verb
    without a token and without a doubt that was not told, or noRecordsMatch."""
    walk = begin(Ask("ListRecords", "oai_dc", from_="2026-01-01"))
    told: set[str] = set()
    for number in range(200):
        page = pages[number % len(pages)]
        move = step(walk, page, Limits())
        match move:
            case More() | Again() | Adapt():
                if isinstance(move, More):
                    told |= set(page.lost)
                walk = move.walk
            case Done(_, doubts, empty, tail_missing):
                told |= set(page.lost) if page.list_found and not (page.errors and page.is_empty) else set()
                assert set(doubts) >= told
                if page.errors and page.is_empty:
                    assert "noRecordsMatch" in {error.code for error in page.errors}
                    assert (tail_missing, empty) == (walk.ask.token is not None, walk.ask.token is None)
                else:
                    assert page.list_found
                    assert page.verb == "ListRecords"
                    assert not (page.token and page.token.value)
                return
            case Restart() | GiveUp():
                return
    raise AssertionError("the walk did not end")
