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
