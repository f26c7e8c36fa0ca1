"""The clock: what a new day changes is changed before anyone reads it, and is told."""

from pathlib import Path

import pytest

from harvester.jobs.reevaluate import bring_up_to_date
from tests.harvester.jobs import kept

EMBARGOED = "<dc:rights>info:eu-repo/semantics/embargoedAccess</dc:rights><dc:date>info:eu-repo/date/embargoEnd/2027-03-01</dc:date>"
CLOSED = "<dc:rights>info:eu-repo/semantics/closedAccess</dc:rights><dc:date>info:eu-repo/date/embargoEnd/2027-03-01</dc:date>"
PLAIN = "<dc:rights>CC BY 4.0</dc:rights>"
STATE = "SELECT access, is_open_access, embargo_end, evaluated_on, next_change_on FROM records ORDER BY id"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "mirror.db"
    kept.make(path, [EMBARGOED, CLOSED, PLAIN], "2026-11-01")
    return path


def test_the_day_before_nothing_changes_and_nothing_is_written(db: Path) -> None:
    """Until the embargo's end no run is opened."""
    assert bring_up_to_date(db, kept.settings("2027-02-28")) == 0
    assert kept.rows(db, "SELECT kind FROM runs") == [("harvest",)]


def test_on_the_end_day_the_item_is_open_and_the_run_counts_it(db: Path) -> None:
    """The end day itself is open; a closed item stays closed; the run says how many embargoes ended."""
    assert bring_up_to_date(db, kept.settings("2027-03-01")) == 1
    assert kept.rows(db, STATE) == [
        ("open", 1, "2027-03-01", "2027-03-01", None),
        ("metadata-only", 0, "2027-03-01", "2027-03-01", None),
        ("open", 1, None, "2026-11-01", None),
    ]
    counts = "SELECT kind, outcome, listed, flags_changed, embargoes_ended FROM runs WHERE kind = 'reevaluate'"
    assert kept.rows(db, counts) == [("reevaluate", "complete", 2, 1, 1)]


def test_the_change_is_dated_and_told_and_the_content_stays(db: Path) -> None:
    """`flags_changed_at` moves, `changed_at` does not, and the flag's history says that it was the clock."""
    before = kept.rows(db, "SELECT changed_at FROM records ORDER BY id")
    bring_up_to_date(db, kept.settings("2027-03-01"))
    assert kept.rows(db, "SELECT changed_at FROM records ORDER BY id") == before
    assert [row[0] is not None for row in kept.rows(db, "SELECT flags_changed_at FROM records ORDER BY id")] == [
        True,
        False,
        False,
    ]
    told = "SELECT c.flag, c.before, c.after, c.why, r.kind FROM flag_changes AS c JOIN runs AS r ON r.id = c.run ORDER BY c.id"
    assert kept.rows(db, told) == [
        ("access", "embargoed", "open", "clock", "reevaluate"),
        ("is_open_access", "0", "1", "clock", "reevaluate"),
    ]


def test_a_second_look_on_the_day_changes_nothing(db: Path) -> None:
    """Once made, the verdict of a day is not made again."""
    bring_up_to_date(db, kept.settings("2027-03-01"))
    assert bring_up_to_date(db, kept.settings("2027-03-01")) == 0
    assert kept.rows(db, "SELECT count(*) FROM runs") == [(2,)]


def test_a_clock_that_is_set_back_restores_the_verdict_of_that_day(db: Path) -> None:
    """OAI_MIRROR_TODAY before the embargo's end makes the item embargoed again."""
    first = kept.rows(db, "SELECT access, is_open_access, embargo_end, next_change_on FROM records ORDER BY id")
    bring_up_to_date(db, kept.settings("2027-03-01"))
    assert bring_up_to_date(db, kept.settings("2026-12-01")) == 1
    again = kept.rows(db, "SELECT access, is_open_access, embargo_end, next_change_on FROM records ORDER BY id")
    assert first == again


def test_the_newest_harvest_stays_the_run_that_status_speaks_of(db: Path) -> None:
    """A re-evaluation is a run, but not the repository's last harvest."""
    before = kept.rows(db, "SELECT last_run FROM repositories")
    bring_up_to_date(db, kept.settings("2027-03-01"))
    assert kept.rows(db, "SELECT last_run FROM repositories") == before


def test_a_record_that_cannot_be_read_again_is_not_tried_for_ever(db: Path) -> None:
    """Without a raw form the verdict stays, dated by its day, and the mirror is up to date."""
    kept.write(db, "UPDATE raw_records SET body = NULL WHERE record = 1")
    assert bring_up_to_date(db, kept.settings("2027-03-01")) == 0
    assert kept.rows(db, "SELECT access, evaluated_on, next_change_on FROM records WHERE id = 1") == [
        ("embargoed", "2026-11-01", None)
    ]


def test_the_full_text_still_finds_the_record(db: Path) -> None:
    """Rows that are written anew stay in the index."""
    bring_up_to_date(db, kept.settings("2027-03-01"))
    assert kept.rows(db, "SELECT count(*) FROM records_fts WHERE records_fts MATCH 'Item'") == [(3,)]
