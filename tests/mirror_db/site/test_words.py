"""Figures, states and evidence in words."""

import pytest

from mirror_db.site import text, words
from mirror_db.site.cells import web
from mirror_db.site.verdicts import verdicts


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 3, "33.3 %"),
        (1, 5000, "< 0.1 %"),
        (4999, 5000, "> 99.9 %"),
        (1, 0, "–"),
        (1, 2, "50 %"),
    ],
)
def test_shares(part, whole, said):
    """None and all are said only where that is exact."""
    assert words.percent(part, whole) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CC-BY-NC-4.0", "CC BY-NC 4.0"),
        ("CC-BY-NC-2.0-UK", "CC BY-NC 2.0 UK"),
        ("CC-BY-NC", "CC BY-NC"),
        ("CC0-1.0", "CC0 1.0"),
        ("LicenseRef-AllRightsReserved", "All Rights Reserved"),
        ("MIT", "MIT"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_licences(name, said):
    """As people write them."""
    assert words.licence(name) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"element": "dc:rights", "ordinal": 2}, "the 2nd dc:rights"),
        ({"element": "dc:rights", "ordinal": 11, "origin": "rioxx"}, "the 11th dc:rights, read in rioxx"),
        ({"element": "setSpec", "ordinal": 1}, "a set of the record"),
        ({"element": "", "ordinal": 0}, "the record as a whole"),
    ],
)
def test_places(row, said):
    """Where a value stood, in the record or beside it."""
    assert words.place(row) == said


def test_witnesses():
    """What others know, and that they know nothing."""
    row = {"found": 1, "is_open_access": 1, "route": "gold", "license": "CC-BY-4.0", "license_text": "cc-by"}
    assert words.witness(row) == "holds it to be open (gold), under CC-BY-4.0"
    assert (
        words.witness({**row, "is_open_access": None, "license": None, "license_text": None, "route": None})
        == "says nothing of access"
    )
    assert words.witness({**row, "found": 0}) == "does not know this DOI"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.example/1", "https://a.example/1"),
        (" HTTP://a.example/ ", "HTTP://a.example/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://a.example/\nx", None),
        ('https://a.example/"onclick=', None),
        ("//a.example", None),
        ("ftp://a.example", None),
        (None, None),
        ("https://a.example/" + "x" * 5000, None),
    ],
)
def test_only_web_addresses_are_links(address, link):
    """Everything else is text."""
    assert web(address) == link


def test_text_that_turns_a_page_round():
    """Overrides go, marks of right-to-left scripts stay; in a raw record they are spelt out."""
    assert text.plain("a\u202eb\u2066c\x07d\u200fe\nf") == "abcd\u200fe\nf"
    assert text.visible("a\u202eb") == "a⟨U+202E⟩b"


def test_marks_of_a_snippet():
    """Hits become <mark>, all else is escaped, a mark without its fellow is dropped."""
    assert str(text.marked("<b> \x02hit\x03 & \x02lost")) == "&lt;b&gt; <mark>hit</mark> &amp; lost"


def test_reasons_become_sentences():
    """A capital, and one full stop."""
    assert text.sentence("the server answers 503") == "The server answers 503."
    assert text.sentence("Done. ") == "Done."


RECORD = {
    "deleted": 0,
    "access": "open",
    "access_confidence": 0.9,
    "access_conflict": 0,
    "oa_route": "licensed",
    "is_open_access": 1,
    "partial_open": 0,
    "embargo_end": None,
    "license": "CC-BY-NC-ND-4.0",
    "license_family": "by-nc-nd",
    "license_confidence": 0.95,
    "license_conflict": 0,
    "is_cc_by_nc": 0,
    "is_nc_family": 1,
}


def test_verdicts():
    """Access with its reason, the licence, and why the flag is not set."""
    assert verdicts(RECORD) == (
        "Access is open (confidence 0.90): its licence says so.",
        "The licence is CC-BY-NC-ND-4.0 (confidence 0.95).",
        "CC BY-NC-ND is of the NC family, but it is not CC BY-NC itself: that flag is not set.",
    )


def test_verdicts_that_know_nothing():
    """Unknown is called unknown."""
    nothing = {
        **RECORD,
        "access": "unknown",
        "is_open_access": 0,
        "license": None,
        "is_nc_family": 0,
        "embargo_end": "2027-01-01",
    }
    assert verdicts(nothing) == (
        "Access is unknown: nothing in the record says whether it is open.",
        "An embargo with the first open day 1 January 2027 is stated.",
        "No licence is stated that a rule understands: how it may be used is unknown.",
    )
