"""Requests: parameters in their order, tokens alone, the forms that servers want."""

import pytest

from harvester.oai.types import Ask, Form, Request, ask_of, params, request_of

WHOLE = Ask("ListRecords", "oai_dc", "s", "2026-01-01", "2026-02-01")
TOKEN = WHOLE._replace(token="a/b c")


def test_arguments_go_by_their_names_in_the_specification() -> None:
    """In one order, absent ones not at all."""
    assert params(WHOLE) == (
        ("verb", "ListRecords"),
        ("metadataPrefix", "oai_dc"),
        ("set", "s"),
        ("from", "2026-01-01"),
        ("until", "2026-02-01"),
    )
    assert params(Ask("Identify")) == (("verb", "Identify"),)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form(), (("verb", "ListRecords"), ("resumptionToken", "a/b c"))),
        (
            Form(token_with_prefix=True),
            (("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("resumptionToken", "a/b c")),
        ),
        (Form(token_twice=True), (("verb", "ListRecords"), ("resumptionToken", "a%2Fb%20c"))),
    ],
)
def test_q13_q14_a_token_goes_alone_or_as_a_server_wants_it(form: Form, expected: tuple[tuple[str, str], ...]) -> None:
    """Section 3.5: exclusive; some want the prefix beside it, some decode it twice."""
    assert params(TOKEN, form) == expected


def test_a_form_becomes_a_request() -> None:
    """Verbatim concerns a token only."""
    form = Form(token_verbatim=True, identity=True)
    assert request_of(TOKEN, form, attempts=2) == Request(params(TOKEN), True, True, 2)
    assert request_of(WHOLE, form) == Request(params(WHOLE), True, False, None)


def test_sickles_arguments_are_understood() -> None:
    """By their names in the specification."""
    assert ask_of(dict(params(WHOLE))) == WHOLE
    assert ask_of({"verb": "ListRecords", "resumptionToken": "t"}) == Ask("ListRecords", token="t")
