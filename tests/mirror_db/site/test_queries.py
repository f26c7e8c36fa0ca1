"""Every ready-made query gives the rows that the known mirror holds."""

import pytest

from mirror_db.connection import open_reader
from mirror_db.site.mirrors import queries

SQL = {one.name: one.sql for one in queries()}
EMPTY = {"repository": "", "day": "2026-11-23", "type": ""}


def rows(mirror, name, columns, **values):
    """Give chosen columns of a query's rows."""
    conn = open_reader(mirror)
    cursor = conn.execute(SQL[name], {**EMPTY, **values})
    names = [one[0] for one in cursor.description]
    return [tuple(dict(zip(names, row, strict=True))[column] for column in columns) for row in cursor]


def test_open_by_year_and_repository(mirror):
    """Open and all live items are counted for each year of each repository."""
    found = rows(mirror, "open_by_year_and_repository", ("repository", "year", "items", "open_items", "cc_by_nc"))
    assert found == [
        ("alpha", 2025, 1, 0, 0),
        ("alpha", 2024, 1, 0, 0),
        ("alpha", 2023, 1, 0, 0),
        ("alpha", 2021, 2, 1, 2),
        ("alpha", 2020, 2, 2, 0),
        ("alpha", 2019, 1, 1, 0),
        ("beta", 2025, 1, 1, 0),
        ("beta", 2018, 2, 0, 0),
    ]


def test_open_by_year_of_one_repository(mirror):
    """Naming a repository leaves the others out."""
    found = rows(mirror, "open_by_year_and_repository", ("repository", "year"), repository="beta")
    assert found == [("beta", 2025), ("beta", 2018)]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("cc_by_nc_items", [3, 2]),
        ("cc_by_nc_and_open", [2]),
        ("embargoes_ending_this_quarter", [4]),
        ("license_conflicts", [6]),
        ("open_elsewhere_but_not_here", [4]),
        ("missing_dois", [11, 9, 7, 6, 3, 2]),
    ],
)
def test_queries_that_list_items(mirror, name, ids):
    """The query lists exactly these items, in its order."""
    assert rows(mirror, name, ("id",)) == [(number,) for number in ids]


@pytest.mark.parametrize(("words", "ids"), [("rivers", [5, 1]), ("north rivers", [5, 1]), ("nowhere", []), ("", [])])
def test_best_matches(mirror, words, ids):
    """All words must occur; the best come first."""
    assert rows(mirror, "best_matches", ("id",), words=words) == [(number,) for number in ids]


@pytest.mark.parametrize(
    ("day", "ids"),
    [("2026-10-01", [4]), ("2026-12-01", [4]), ("2026-12-02", []), ("2026-09-30", []), ("2027-01-01", [])],
)
def test_the_quarter_ends_with_its_last_month(mirror, day, ids):
    """An embargo that ends on 1 December belongs to the fourth quarter, until it has ended."""
    assert rows(mirror, "embargoes_ending_this_quarter", ("id",), day=day) == [(number,) for number in ids]


def test_open_elsewhere_names_the_open_copy(mirror):
    """The other repository's item stands beside ours."""
    assert rows(mirror, "open_elsewhere_but_not_here", ("id", "open_in", "open_id")) == [(4, "beta", 10)]


def test_suspected_duplicates(mirror):
    """A DOI that stands twice in one repository is named with its records."""
    assert rows(mirror, "suspected_duplicates", ("repository", "doi", "times")) == [("alpha", "10.1000/one", 2)]


def test_missing_dois_of_another_type(mirror):
    """The type can be chosen."""
    assert rows(mirror, "missing_dois", ("id",), type="doctoral thesis") == [(12,)]


def test_repositories_at_a_glance(mirror):
    """Each repository comes with its state and its figures."""
    found = rows(
        mirror, "repositories_at_a_glance", ("id", "state", "records", "open_access", "cc_by_nc", "without_licence")
    )
    assert found == [
        ("alpha", "complete", 8, 4, 2, 2),
        ("beta", "partial", 3, 1, 0, 2),
        ("gamma", "failing", 0, 0, 0, 0),
    ]


def test_each_query_has_a_title_and_a_sentence(get):
    """Datasette shows every query with what it is for."""
    listed = get("/mirror.json").json()["queries"]
    assert [one["name"] for one in listed] == list(SQL)
    assert all(one.title and one.description.endswith(".") for one in queries())


def test_each_query_runs_in_datasette(get):
    """Every query answers with a page when its parameters are left empty."""
    assert {name: get(f"/mirror/{name}?repository=&day=&type=").status_code for name in SQL} == dict.fromkeys(SQL, 200)
