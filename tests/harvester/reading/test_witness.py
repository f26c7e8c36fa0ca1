"""What Unpaywall and Crossref answer, read by our own rules."""

import json

from harvester.reading.witness import Opinion, of_crossref, of_unpaywall

DOI = "10.1177/20494637231208"
OPEN = {
    "doi": DOI,
    "is_oa": True,
    "oa_status": "hybrid",
    "best_oa_location": {"url": "https://e.example.org/p.pdf", "license": "cc-by-nc", "host_type": "publisher"},
}
WORK = {
    "DOI": DOI.upper(),
    "URL": f"https://doi.org/{DOI}",
    "type": "journal-article",
    "license": [
        {"URL": "https://www.elsevier.com/tdm/userlicense/1.0/", "content-version": "tdm", "start": {"date-parts": [[2020]]}},
        {"URL": "http://creativecommons.org/licenses/by/4.0/", "content-version": "am", "start": {"date-parts": [[2020, 1]]}},
        {"URL": "https://creativecommons.org/licenses/by-nc/4.0/", "content-version": "vor", "start": {"date-parts": [[2023, 10, 18]]}},
        {"URL": "https://creativecommons.org/licenses/by/3.0/", "content-version": "vor", "start": {"date-parts": [[2099, 1, 1]]}},
    ],
}  # fmt: skip


def body(answer: object) -> bytes:
    """Write an answer."""
    return json.dumps(answer).encode()


def works(*items: object) -> bytes:
    """Write an answer of /works."""
    return body({"status": "ok", "message": {"total-results": len(items), "items": list(items)}})


def test_unpaywalls_best_location_is_its_opinion() -> None:
    """Open or not, by which route, under which licence, where."""
    got = of_unpaywall(DOI, 200, body(OPEN))
    assert got is not None
    assert Opinion(DOI, True, True, "hybrid", "CC-BY-NC", "cc-by-nc", "https://e.example.org/p.pdf", got.answer) == got


def test_a_closed_item_has_no_location() -> None:
    """`best_oa_location` is null."""
    got = of_unpaywall(DOI, 200, body({"is_oa": False, "oa_status": "closed", "best_oa_location": None}))
    assert got is not None
    assert (got.is_open_access, got.route, got.license, got.url) == (False, "closed", None, None)


def test_what_unpaywall_does_not_know_is_kept_as_unknown() -> None:
    """404 and its error object are an answer; a page in its place is none."""
    unknown = body({"error": True, "message": "isn't in Unpaywall"})
    assert Opinion(DOI, found=False) == of_unpaywall(DOI, 404, unknown) == of_unpaywall(DOI, 200, unknown)
    assert [of_unpaywall(DOI, 200, text) for text in (b"<html>", b"[]")] == [None, None]


def test_crossrefs_licence_in_force_of_the_version_of_record_counts() -> None:
    """Terms for text mining and licences that have not begun say nothing; an open licence means open."""
    got = of_crossref((DOI, "10.1/unknown"), 200, works(WORK), today="2026-11-24")
    assert got is not None
    url = "https://creativecommons.org/licenses/by-nc/4.0/"
    assert Opinion(DOI, True, True, None, "CC-BY-NC-4.0", url, f"https://doi.org/{DOI}", got[0].answer) == got[0]
    assert Opinion("10.1/unknown", found=False) == got[1]


def test_crossref_without_an_open_licence_says_nothing_of_access() -> None:
    """Silence is no verdict."""
    got = of_crossref((DOI,), 200, works({"DOI": DOI, "license": None}), today="2026-11-24")
    assert got is not None
    assert (got[0].found, got[0].is_open_access, got[0].license) == (True, None, None)


def test_what_is_no_answer_of_crossref_is_none() -> None:
    """A page, an error, an odd shape."""
    assert [
        of_crossref((DOI,), *answer, today="2026-11-24")
        for answer in ((200, b"<html>"), (500, works()), (200, body({"message": []})))
    ] == [None] * 3


def test_hostile_shapes_do_no_harm() -> None:
    """Whatever stands where a text or a list is expected."""
    odd = {
        "DOI": DOI,
        "license": [{"URL": 7, "start": "soon"}, {"URL": "x", "start": {"date-parts": [["a"]]}}],
        "URL": "javascript:1",
    }
    got = of_crossref((DOI,), 200, works(odd, "text"), today="2026-11-24")
    assert got is not None
    assert (got[0].license, got[0].license_text, got[0].url) == (None, "x", None)
    answer = of_unpaywall(DOI, 200, body({"is_oa": True, "best_oa_location": [1]}))
    assert answer is not None
    assert (answer.is_open_access, answer.url) == (True, None)
