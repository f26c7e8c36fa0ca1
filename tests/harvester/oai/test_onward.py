"""What follows a page, told from its last bytes: the request that the walk would make, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.onward import following
from harvester.oai.types import Ask, Form, Request, request_of
from harvester.oai.walk import More, begin, step
from tests.harvester.oai.pages import error, listing, page_of, record

FIRST = Ask("ListRecords", "oai_dc", "a", "2026-01-01", "2026-02-01")


def _walked(token: str, body: bytes, form: Form) -> Request | None:
    move = step(begin(FIRST, token), page_of(body))
    return request_of(move.walk.ask, form, attempts=2) if isinstance(move, More) else None


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<&>"), min_size=1, max_size=60),
    st.builds(Form, st.booleans(), st.booleans(), st.booleans(), st.just(False)),  # all that keep a token as it is
    st.sampled_from(["", ' cursor="100" completeListSize="3000"', ' expirationDate="2026-01-03T00:00:00Z"']),
)
def test_the_guess_is_what_the_walk_asks(token: str, form: Form, attributes: str) -> None:
    """In every form that keeps a token as it is, with every plain token."""
    body = listing(record(1), token=token, attributes=attributes)
    request = request_of(FIRST._replace(token="before"), form, attempts=2)
    assert following(request, body) == _walked("before", body, form)


@pytest.mark.parametrize(
    "body",
    [
        listing(record(1)),
        listing(record(1), token=""),
        listing(record(1), token="before"),
        listing(record(1), token="a&amp;b"),
        listing(record(1), token=" next "),
        listing(record(1), token="next")[:-3],
        listing(record(1, "<dc:title>&lt;resumptionToken>next&lt;/resumptionToken></dc:title>")),
        error("badResumptionToken", "<resumptionToken>next</resumptionToken>"),
        b"",
    ],
    ids=["no token", "empty", "the same", "reference", "white space", "broken off", "in a title", "error", "nothing"],
)
def test_whatever_is_not_plain_is_left_to_the_walk(body: bytes) -> None:
    """An end, a token that must be read, a page that is not whole: nothing is guessed."""
    assert following(request_of(FIRST._replace(token="before")), body) is None


def test_a_first_page_is_followed_by_nobody_but_the_walk() -> None:
    """Whether a token needs the prefix beside it is not known before it was asked once."""
    assert following(request_of(FIRST), listing(record(1), token="next")) is None


def test_a_long_page_is_not_searched() -> None:
    """Only the last bytes are looked at, however many there are."""
    body = listing(*[record(n) for n in range(40)], token="next")
    padded = body.replace(
        b"<resumptionToken>next</resumptionToken>", b"<resumptionToken>next</resumptionToken>" + b" " * 9000
    )
    assert following(request_of(FIRST._replace(token="before")), body) is not None
    assert following(request_of(FIRST._replace(token="before")), padded) is None
