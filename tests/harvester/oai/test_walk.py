"""The walk along a list: what follows each answer (design rules 1 to 4; Q8 to Q18)."""

import pytest

from harvester.oai.page import OaiError, Page, Token, parse
from harvester.oai.types import Ask
from harvester.oai.walk import Adapt, Again, Done, GiveUp, Limits, More, Restart, Step, Walk, begin, step
from tests.harvester.oai.pages import document, error, listing, record

FIRST = Ask("ListRecords", "oai_dc", "s", "2026-01-01", None)
LIMITS = Limits(suspect_again=1, error_again=2, empty_pages=3)


def _page(body: bytes) -> Page:
    page = parse(body)
    assert isinstance(page, Page)
    return page


def _at(token: str | None = None, **changes: object) -> Walk:
    walk = begin(FIRST, token)
    return walk._replace(**changes)  # type: ignore[arg-type]


def _go(walk: Walk, body: bytes) -> Step:
    return step(walk, _page(body), LIMITS)


def test_a_token_leads_on_and_excludes_everything_else() -> None:
    """The next ask keeps the prefix for servers that want it repeated; the parameters leave it out."""
    move = _go(_at(), listing(record(1), token="t1"))
    assert isinstance(move, More)
    assert (move.walk.ask, move.walk.pages, move.walk.again) == (FIRST._replace(token="t1"), 1, 0)


@pytest.mark.parametrize("token", [None, ""])
def test_q10_a_list_ends_where_the_token_is_absent_or_empty(token: str | None) -> None:
    """In a well-formed document with the list element: rule 1."""
    assert _go(_at("t"), listing(record(1), token=token)) == Done("end of list")


def test_q16_size_and_cursor_never_stop_a_walk() -> None:
    """metha stops where the cursor equals the size; on EPrints the cursor is a record's number."""
    body = listing(
        record(1), token="t2", attributes=' completeListSize="1" cursor="1" expirationDate="2000-01-01T00:00:00Z"'
    )
    assert isinstance(_go(_at("t1"), body), More)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (document(""), "the answer holds no ListRecords element"),
        (document("<Identify/>"), "the answer holds no ListRecords element"),
        (document("<ListIdentifiers/>"), "the answer holds no ListRecords element"),
        (listing(), "the page holds no record and no token"),
        (listing(token=""), "the page holds no record and no token"),
        (error("InternalException", "x"), "InternalException: x"),
        (error("unknown"), "unknown"),
    ],
)
def test_what_is_suspicious_is_asked_again(body: bytes, why: str) -> None:
    """No list element, another verb's answer, an empty page without a token, an error that nobody knows (Q18, Q29)."""
    move = _go(_at("t"), body)
    assert isinstance(move, Again)
    assert (move.why, move.walk.again, move.walk.ask) == (why, 1, FIRST._replace(token="t"))


@pytest.mark.parametrize(
    ("body", "again", "expected"),
    [
        (document(""), 1, GiveUp("the answer holds no ListRecords element")),
        (error("InternalException"), 2, GiveUp("InternalException", code="InternalException")),
        (listing(), 1, Done("end of list, its last page empty")),
    ],
)
def test_patience_ends(body: bytes, again: int, expected: Step) -> None:
    """An empty last page is believed the second time; what is no list never is."""
    assert _go(_at("t", again=again), body) == expected


def test_an_empty_list_says_that_it_is() -> None:
    """noRecordsMatch at once; an empty first page after it was asked again (Q8)."""
    assert _go(_at(), error("noRecordsMatch")) == Done("no records match", empty=True)
    assert _go(_at(again=1), listing()) == Done("end of list, its last page empty", empty=True)


def test_q9_no_records_for_a_token_must_be_proven_by_the_count() -> None:
    """The tail vanished, or the token was lost: only the count can tell."""
    assert _go(_at("t"), error("noRecordsMatch")) == Done("no records match the token", tail_missing=True)


def test_empty_pages_with_tokens_go_on_but_not_for_ever() -> None:
    """Servers that hide records give empty pages in the middle (archivesspace 4279)."""
    walk = _at()
    for number in range(3):
        move = _go(walk, listing(token=f"t{number}"))
        assert isinstance(move, More)
        walk = move.walk
    assert _go(walk, listing(token="t9")) == GiveUp("4 pages in a row hold no record")
    again = _go(walk, listing(record(1), token="t9"))
    assert isinstance(again, More)
    assert again.walk.empty_pages == 0


def test_the_same_token_and_circles_are_given_up() -> None:
    """Rule 3: stop, partial, say so."""
    assert _go(_at("t"), listing(record(1), token="t")) == GiveUp("the server gave the same resumptionToken again")
    walk = _at()
    for token in "abcdefg":
        move = _go(walk, listing(record(token), token=token))
        assert isinstance(move, More)
        walk = move.walk
    for token in "abcdef":
        assert _go(walk, listing(record(1), token=token)) == GiveUp("the server's resumptionTokens go in a circle")


def test_the_tokens_of_a_long_list_cost_little() -> None:
    """They are kept in bundles that double, so that no page copies them all."""
    walk = _at()
    page = _page(listing(record(1), token="x"))
    for number in range(1000):
        move = step(walk, page._replace(token=Token(f"t{number}", None, None, None)), LIMITS)
        assert isinstance(move, More)
        walk = move.walk
    assert (len(walk.tokens) <= 10, sum(map(len, walk.tokens))) == (True, 1000)


@pytest.mark.parametrize("token", ["a", None])
def test_q11_a_lost_token_begins_the_list_anew(token: str | None) -> None:
    """Never complete; without a token the server is merely odd."""
    move = _go(_at(token, pages=5), error("badResumptionToken", "expired"))
    expected = (
        Restart("badResumptionToken: expired")
        if token
        else GiveUp("badResumptionToken: expired", code="badResumptionToken")
    )
    assert move == expected


def test_q14_a_token_refused_right_away_is_sent_in_other_forms_first() -> None:
    """As it stands, then encoded twice, then the list begins anew."""
    walk = _at("t", pages=1)
    topics = []
    while isinstance(move := _go(walk, error("badResumptionToken")), Adapt):
        topics.append(move.topic)
        walk = move.walk
    assert (topics, move) == (["token_verbatim", "token_twice"], Restart("badResumptionToken"))


def test_q13_a_token_that_is_a_bad_argument_is_sent_with_the_prefix() -> None:
    """OSTI wants metadataPrefix beside it."""
    move = _go(_at("t", pages=9), error("badArgument", "metadataPrefix is required"))
    assert isinstance(move, Adapt)
    assert move.topic == "token_with_prefix"
    assert _go(move.walk, error("badArgument")) == Restart("badArgument")


def test_q1_a_window_that_is_a_bad_argument_is_said_in_the_other_granularity_once() -> None:
    """Then it is a bad argument."""
    move = _go(_at(), error("badArgument", "granularity"))
    assert isinstance(move, Adapt)
    assert move.topic == "granularity"
    assert _go(move.walk, error("badArgument", "no")) == GiveUp("badArgument: no", final=True, code="badArgument")


@pytest.mark.parametrize("code", ["badVerb", "cannotDisseminateFormat", "noSetHierarchy", "idDoesNotExist"])
def test_what_cannot_be_helped_is_final(code: str) -> None:
    """Asking again, or for less, changes nothing."""
    assert _go(_at(), error(code)) == GiveUp(code, final=True, code=code)


def test_q18_the_gravest_of_several_errors_decides() -> None:
    """In whatever order they stand."""
    several = document('<error code="noRecordsMatch">a</error><error code="badArgument">b</error>')
    assert _go(_at(), several) == _go(_at(), error("badArgument", "b"))


def test_q18_errors_beside_records_leave_a_doubt() -> None:
    """The records stand, the list goes on, but it is not believed to be whole."""
    body = listing(record(1), token="t").replace(b"<ListRecords>", b'<error code="noRecordsMatch"/><ListRecords>')
    move = _go(_at(), body)
    assert isinstance(move, More)
    assert _go(move.walk, listing(record(2))) == Done(
        "end of list", ("the server says noRecordsMatch beside its records",)
    )


def test_what_a_page_lost_is_a_doubt_of_the_list() -> None:
    """Once, however often it happens."""
    move = _go(_at(), listing(record(1), "<item/>", token="t"))
    assert isinstance(move, More)
    assert _go(move.walk, listing(record(2), "<item/>")) == Done(
        "end of list", ("1 elements in the list are no record",)
    )


def test_a_page_of_sets_is_not_empty() -> None:
    """Its entries are no items; the last page is asked once."""
    page = _page(listing("<set><setSpec>a</setSpec></set>", verb="ListSets"))
    assert step(begin(Ask("ListSets")), page, LIMITS) == Done("end of list")


def test_errors_without_a_code_are_unknown_ones() -> None:
    """Asked again like any other that nobody knows."""
    page = _page(document("<error>broken</error>"))
    assert page.errors == (OaiError("unknown", "broken"),)
    assert isinstance(step(begin(FIRST), page, LIMITS), Again)
