"""Quirks that meet: each of them alone is harmless or shows itself, together they would lose records without a word."""

from pathlib import Path

import pytest

from tests import faults
from tests.faults import library, serve
from tests.scenarios.stories import checked, lacking, name


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
