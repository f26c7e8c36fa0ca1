"""Finding records in the known mirror."""

import pytest

from mirror_db.connection import open_reader
from mirror_db.site import fulltext
from mirror_db.site.asked import Asked, doi_in, match, read
from mirror_db.site.counting import _summed, counts
from mirror_db.site.picking import all_ids, live_rows, matching, newest_ids
from mirror_db.site.search import search, without_facets
from mirror_db.site.terms import terms


@pytest.fixture
def conn(mirror):
    """Open the known mirror."""
    return open_reader(mirror)


def ids(found):
    """Give the numbers of the records on a page of results."""
    return [row["id"] for row in found.rows]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(), [12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1]),
        (Asked(text="rivers"), [1, 5]),
        (Asked(text="Rivers NORTH"), [1, 5]),
        (Asked(text='"north rivers"'), []),
        (Asked(text="sedim*"), [1]),
        (Asked(text="berg"), [2, 1]),
        (Asked(text="mills", open=True), [2]),
        (Asked(text="mills", access="restricted"), [3]),
        (Asked(text="10.1000/FOUR"), [10, 4]),
        (Asked(text="https://doi.org/10.1000/four"), [10, 4]),
        (Asked(text="oai:alpha:6"), [6]),
        (Asked(text="oai:alpha:8"), []),
        (Asked(open=True), [10, 6, 5, 2, 1]),
        (Asked(cc_by_nc=True), [3, 2]),
        (Asked(repository="beta"), [12, 11, 10]),
        (Asked(license=""), [12, 11, 9, 4]),
        (Asked(year="2018", type="doctoral thesis"), [12]),
        (Asked(text="?!"), []),
        (Asked(text='a" OR title:"x'), []),
        (Asked(year="not a year"), []),
    ],
)
def test_a_search_finds_exactly(conn, asked, expected):
    """Words, phrases, prefixes, identifiers, ticks and facets, tombstones never."""
    found = search(conn, asked)
    assert sorted(ids(found)) == sorted(expected)
    assert found.total == len(expected)
    assert sorted(all_ids(conn, asked)) == sorted(expected)
    assert sorted(newest_ids(conn, asked, 50)) == sorted(expected)
    assert matching(conn, asked, tuple(range(1, 13))) == set(expected)


def test_facets_count_what_was_found(conn):
    """Each facet adds up to the total, and its address narrows."""
    found = search(conn, Asked(repository="alpha"))
    assert {one.value: one.records for one in found.facets["access"]} == {
        "open": 4,
        "unknown": 2,
        "restricted": 1,
        "embargoed": 1,
    }
    (chosen,) = found.facets["repository"]
    assert (chosen.value, chosen.records, chosen.address, chosen.chosen) == ("alpha", 8, "search", True)
    assert found.facets["year"][0].address == "search?repository=alpha&year=2025"


def test_a_facet_leads_to_as_many_records_as_it_says(conn):
    """Following a facet's address finds its count."""
    for asked in (Asked(), Asked(text="rivers"), Asked(open=True)):
        for name, values in search(conn, asked).facets.items():
            for one in values:
                assert search(conn, asked.with_facet(name, one.value)).total == one.records


def test_hits_are_marked(conn):
    """In the title, and in a piece of the abstract."""
    (row,) = search(conn, Asked(text="sediment")).rows
    assert row["snippet"] == "How rivers carry \x02sediment\x03."
    assert search(conn, Asked(text="tidal")).rows[0]["marked_title"] == "\x02Tidal\x03 mills"


def test_a_page_beyond_the_last_is_empty(conn):
    """It is no error."""
    assert ids(search(conn, Asked(page=7))) == []


def test_live_rows_leave_out_what_was_deleted(conn):
    """In the order asked."""
    assert [row["id"] for row in live_rows(conn, [5, 8, 1, 99])] == [5, 1]


@pytest.mark.parametrize(
    "address",
    ["search", "search?q=a+b", "search?q=%C3%A9&repository=x&year=2020&open=1&cc_by_nc=1&page=3", "search?license="],
)
def test_an_address_is_a_permalink(address):
    """Reading an address and writing it again gives the same."""
    from urllib.parse import parse_qsl

    asked = read(parse_qsl(address.partition("?")[2], keep_blank_values=True))
    assert asked.address() == address


def test_nonsense_in_an_address_is_left_out():
    """Unknown names, pages that are none, texts without end."""
    asked = read([("page", "-1"), ("colour", "red"), ("q", "x" * 1000), ("open", "yes")])
    assert asked == Asked(text="x" * 400)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two words", '"two" "words"'),
        ('"a phrase" word*', '"a phrase" "word"*'),
        ("a:b -c NOT OR (", '"a:b" "-c" "NOT" "OR"'),
        ('"unclosed', '"""unclosed"'),
        ("*", ""),
    ],
)
def test_every_term_is_quoted(text, expected):
    """Nothing in a question is an operator of the full-text index."""
    assert match(text) == expected


def test_a_doi_is_known_in_any_dress():
    """Bare, with a scheme, or as an address."""
    assert {doi_in(text) for text in ("10.1000/X", "doi:10.1000/x", "https://doi.org/10.1000/x")} == {"10.1000/x"}
    assert doi_in("see 10.1000/x") is None


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("counted", [1, 2, 1000])
def test_bounds_are_told(conn, monkeypatch, few, counted):
    """Where hits are not all counted, the page says that there are more; what it shows is right all the same."""
    monkeypatch.setattr(fulltext, "_FEW", few)
    monkeypatch.setattr(fulltext, "MAX_COUNTED", counted)
    narrowed = (
        Asked(text="mills", year="2021"),
        Asked(text="mil*", year="2021"),
        Asked(text="mills", repository="alpha"),
    )
    for asked in (Asked(text="mills"), Asked(text="mil*"), *narrowed):
        found = search(conn, asked)
        assert found.total == 2 or (found.more and found.total == counted)
        assert found.counted == min(counted, 2)
        assert sorted(ids(found), reverse=True) == [3, 2][:counted]
        assert found.ranked == ("*" not in asked.text or counted > 1)


@pytest.mark.parametrize("narrowed", [{}, {"repository": "alpha"}])
@pytest.mark.parametrize("text", ["rivers", "riv*", '"rivers"'])
def test_the_best_come_first_of_the_newest_that_are_ranked(conn, monkeypatch, text, narrowed):
    """A word that makes up more of the title counts more; beyond the bound only the newest are ranked."""
    every = search(conn, Asked(text=text, **narrowed))
    assert (ids(every), every.ranked) == ([5, 1], True)
    monkeypatch.setattr(fulltext, "MAX_COUNTED", 1)
    assert ids(search(conn, Asked(text=text, **narrowed))) == [5]


def test_a_search_without_facets_finds_the_same(conn):
    """For when counting takes too long."""
    for asked in (Asked(open=True), Asked(repository="alpha", license="")):
        assert ids(without_facets(conn, asked)) == ids(search(conn, asked))
        assert without_facets(conn, asked).total == search(conn, asked).total


@pytest.mark.parametrize(
    "asked",
    [
        Asked(open=True),
        Asked(cc_by_nc=True),
        Asked(license=""),
        Asked(license="CC-BY-4.0"),
        Asked(access="open"),
        Asked(repository="alpha"),
        Asked(year="2021"),
        Asked(type="journal article"),
        Asked(language="en"),
        Asked(repository="none"),
    ],
)
def test_counts_ahead_are_those_that_sql_gives(conn, asked):
    """Looked up in stats or summed: the same."""
    wanted = terms(asked)
    assert counts(conn, asked, wanted) == _summed(conn, wanted)
