"""Quirks that meet: each of them alone is harmless or shows itself, together they would lose records without a word."""

from dataclasses import replace
from pathlib import Path

import pytest

from harvester.demo.model import DAY, SECONDS
from tests import faults
from tests.faults import held, library, serve
from tests.faults.fault import LISTS
from tests.scenarios.stories import checked, lacking, lived, name


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def test_q33_a_listed_record_that_get_record_denies_is_lacking(db: Path) -> None:
    """The page that holds it fails, and GetRecord says that there is no such record: the list says otherwise."""
    denial = faults.errors("idDoesNotExist").only(verb="GetRecord")
    with serve(library(40), [faults.poison_record(name(17)).only(verb="ListRecords"), denial]) as server:
        for _ in range(3):
            report, _ = checked(server, db)
            assert (report.outcome, name(17) in lacking(server, db)) == ("partial", True)
        server.faults.clear()
        server.vanish(name(17))
        assert [checked(server, db)[0].outcome for _ in range(3)][-1] == "complete"


def test_q28_a_verb_that_is_forbidden_does_not_forbid_the_others(db: Path) -> None:
    """Formats and sets are good to know, no more: 403 to them is no refusal of the harvest."""
    made = [faults.status(403).only(verb=verb) for verb in ("ListSets", "ListMetadataFormats")]
    with serve(library(25), made) as server:
        assert checked(server, db)[0].outcome == "complete"


def test_q8_a_first_list_of_nothing_is_asked_again(db: Path) -> None:
    """noRecordsMatch to a list of everything may be a moment's trouble; a repository that is empty says so twice."""
    with serve(library(25), [faults.errors("noRecordsMatch").only(verb="ListRecords", times=1)]) as server:
        assert checked(server, db)[0].outcome == "complete"
    with serve(library(0)) as server:
        report, asked = checked(server, db.with_name("empty.db"))
        assert (report.outcome, asked) == ("complete", 5)


@pytest.mark.parametrize("sized", [True, False])
def test_q6_a_record_that_moves_pulls_none_past_the_cursor(sized: bool, db: Path) -> None:
    """An edit takes a record from a page that was listed to the end of the list: the next page begins one too late."""
    made = [faults.mutate_between_pages(name(2))] + ([] if sized else [faults.size("")])
    with serve(library(25), made) as server:
        assert checked(server, db)[0].outcome == "complete"


def test_q6_q19_a_record_that_vanishes_pulls_none_past_the_cursor(db: Path) -> None:
    """The list becomes shorter while it is paged: it is asked again in two halves, which hold what slipped past."""
    with serve(library(25), [faults.vanish(name(2), before_page=2)]) as server:
        assert checked(server, db)[0].outcome == "complete"
        assert held(db)[name(2)] is None


def test_q23_records_listed_twice_are_asked_about_once(db: Path) -> None:
    """Where no size is announced a list that repeats records is asked again in halves; that nothing is lacking is remembered."""
    with serve(library(25), [faults.dup_between_pages(), faults.size("")]) as server:
        first, asked = checked(server, db)
        again, less = checked(server, db, full=True)
        assert (first.outcome, again.outcome, less < asked) == ("complete", "complete", True)


def test_q11_q19_a_record_that_vanishes_before_a_list_is_begun_again_is_gone(db: Path) -> None:
    """What the first beginning showed is no sign of life once the list is begun again."""
    made = [faults.expire_tokens_after(2), faults.vanish(name(1), before_page=3)]
    with serve(library(25), made, flavour="eprints") as server:
        checked(server, db)
        assert lacking(server, db) == []


@pytest.mark.parametrize("code", [400, 422, 500])
def test_q1_q25_a_date_refused_with_a_bare_status_is_said_in_days(code: int, db: Path) -> None:
    """No badArgument, only a page of HTML: the other granularity is tried and remembered all the same."""
    refusal = faults.status(code)
    refusal = replace(refusal, when=lambda moment: len(moment.params.get("from", "")) > len("2026-11-23"))
    story = lived(db, [refusal])
    assert story.outcomes == ("complete", "complete", "complete")


@pytest.mark.parametrize("granularity", [SECONDS, DAY])
def test_q34_a_server_that_refuses_every_list_is_left_alone(granularity: str, db: Path) -> None:
    """Windows of a second are too large for it: it is not asked about every century; mended, it is asked as any other."""
    with serve(library(25, granularity=granularity), [replace(faults.status(413), verbs=LISTS)]) as server:
        report, asked = checked(server, db)
        assert (report.outcome, asked < 60) == ("failed", True)
        server.faults.clear()
        mended, asked = checked(server, db)
        assert (mended.outcome, asked < 10) == ("complete", True)


def test_q34_q45_records_of_the_future_are_had_from_a_server_that_refuses_long_lists(db: Path) -> None:
    """The window without an end is cut beyond today."""
    repository = library(12)
    future = tuple(one._replace(datestamp=f"20{70 + n}-05-05T00:00:00Z") for n, one in enumerate(repository.records))
    with serve(replace(repository, records=future), [faults.max_window_records(4)]) as server:
        assert checked(server, db)[0].outcome == "complete"
