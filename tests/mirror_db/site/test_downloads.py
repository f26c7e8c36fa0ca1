"""Results and records in other forms."""

import asyncio
import csv
import io
import json
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette

from mirror_db.export import COLUMNS
from mirror_db.site.citing import bibtex, ris

ATOM = "{http://www.w3.org/2005/Atom}"


def record(**fields):
    """Give a row of records with chosen fields."""
    names = (*COLUMNS, "container_volume", "container_issue", "first_page", "last_page")
    return {
        **dict.fromkeys(names),
        "id": 7,
        "access": "open",
        "evaluated_on": "2026-11-23",
        "rules_version": "1",
        **fields,
    }


def test_a_result_as_csv(get):
    """All records of the search, with confidence and rules version."""
    answer = get("/search.csv?open=1")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["id"], row["access_confidence"], row["rules_version"]) for row in rows] == [
        (number, "0.95", "test-1") for number in ("10", "6", "5", "2", "1")
    ]
    assert answer.headers["content-disposition"] == 'attachment; filename="records.csv"'


def test_a_result_as_json(get):
    """An array of objects with the columns of an export."""
    found = json.loads(get("/search.json?q=rivers").text)
    assert [row["id"] for row in found] == [5, 1]
    assert list(found[0]) == list(COLUMNS)


def test_an_empty_result_is_an_empty_file(get):
    """In every form."""
    assert json.loads(get("/search.json?q=nothing").text) == []
    assert get("/search.csv?q=nothing").text.count("\n") == 1
    assert get("/search.ris?q=nothing").text == ""


def test_exports_can_be_switched_off(mirror):
    """By Datasette's own setting."""
    closed = Datasette([str(mirror)], settings={"allow_csv_stream": False})
    assert asyncio.run(closed.client.get("/search.csv")).status_code == 403


def test_a_record_in_other_forms(get):
    """One record can be cited; a tombstone cannot."""
    assert get("/record/1.ris").text.startswith("TY  - JOUR\r\nTI  - Rivers of the north\r\nAU  - Ahn, Mina\r\n")
    assert get("/record/1.bib").text.startswith("@article{record1,\n  title = {Rivers of the north},\n")
    assert json.loads(get("/record/1.json").text)[0]["doi"] == "10.1000/one"
    assert get("/record/8.ris").status_code == 404


def test_a_feed_of_a_search(get):
    """The newest first, each entry with the address of its record."""
    answer = get("/search.atom?open=1&repository=alpha")
    feed = ElementTree.fromstring(answer.text)
    assert feed.findtext(f"{ATOM}title") == "mirror: repository: alpha, open access"
    assert [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")] == [
        f"http://localhost/record/{number}" for number in (6, 5, 2, 1)
    ]
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"


def test_a_feed_survives_hostile_titles(get):
    """Control characters and overrides are no XML; titles of a megabyte are cut."""
    text = get("/search.atom").text
    ElementTree.fromstring(text)
    assert "\u202e" not in text
    assert len(text) < 20_000


def test_ris_keeps_one_line_a_tag():
    """A line break in a value cannot begin a tag of its own."""
    text = ris(record(title="One\nER  - two", type="doctoral thesis", first_page="3", last_page="9"))
    assert text == (
        "TY  - THES\r\nTI  - One ER - two\r\nSP  - 3\r\nEP  - 9\r\n"
        "N1  - Access: open; licence: no licence stated (judged 2026-11-23 by rules 1)\r\nER  - \r\n\r\n"
    )


def test_bibtex_escapes_what_tex_would_run():
    """Braces stay balanced, commands are text, a name's "and" parts no people."""
    text = bibtex(
        record(
            title=r"50 % of {x} \input{y} & _z_",
            creators="Smith and Sons; Ann",
            type="journal article",
            container="J",
            landing_url="javascript:alert(1)",
            doi="10.1/a_b}c",
        )
    )
    assert text == (
        "@article{record7,\n"
        "  title = {50 \\% of \\{x\\} \\textbackslash{}input\\{y\\} \\& \\_z\\_},\n"
        "  author = {Smith {and} Sons and Ann},\n"
        "  journal = {J},\n"
        "  doi = {10.1/a_b%7Dc},\n"
        "  note = {Access: open; licence: no licence stated (judged 2026-11-23 by rules 1)},\n"
        "}\n\n"
    )


@pytest.mark.parametrize("path", ["/search.xml", "/record/1.pdf"])
def test_other_forms_are_not_found(get, path):
    """Only the forms that exist answer."""
    assert get(path).status_code == 404
