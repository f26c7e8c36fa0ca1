"""Q50 to Q62 on the real provider over HTTP: what pages and records hold."""

from pathlib import Path

import pytest

from tests import faults
from tests.faults import held, library, serve
from tests.scenarios.stories import checked, lacking, lived, name

ALL_WELL = ("complete", "complete", "complete")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def test_q50_illegal_characters_are_taken_out(db: Path) -> None:
    """And the run says so."""
    story = lived(db, [faults.ctrl_char()])
    assert (story.outcomes, any("control_characters" in one for one in story.first.warnings)) == (ALL_WELL, True)


def test_q50_one_broken_record_stops_no_page(db: Path) -> None:
    """It waits in quarantine, and is had as soon as the server mends it."""
    with serve(library(25), [faults.broken_record(name(7))]) as server:
        report, _ = checked(server, db)
        assert (report.outcome, report.quarantined, lacking(server, db)) == ("partial", 1, [name(7)])
        server.faults.clear()
        assert (checked(server, db)[0].outcome, lacking(server, db)) == ("complete", [])


@pytest.mark.parametrize("fault", [faults.latin1_as_utf8, faults.utf16])
def test_q51_any_encoding_is_read(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """Whatever the document declares."""
    assert lived(db, [fault()]).outcomes == ALL_WELL


@pytest.mark.parametrize("fault", [faults.html_entities, faults.bare_amp])
def test_q52_entities_and_ampersands_are_mended(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """No text is dropped."""
    assert lived(db, [fault()]).outcomes == ALL_WELL


@pytest.mark.parametrize("fault", [faults.xxe, faults.billion_laughs])
def test_q53_a_doctype_is_never_followed(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """No file, no bomb: the page is refused or read without it, and the rest is bounded."""
    story = lived(db, [fault()])
    assert story.asked[0] <= 30


@pytest.mark.parametrize("how", ["none", "prefixed", "1.1"])
def test_q54_namespaces_of_any_kind(how: str, db: Path) -> None:
    """Elements are known by their local names."""
    assert lived(db, [faults.ns(how)]).outcomes == ALL_WELL


def test_q55_metadata_that_look_like_the_protocol(db: Path) -> None:
    """Only child paths count."""
    assert lived(db, [faults.nested_oai()]).outcomes == ALL_WELL


@pytest.mark.parametrize("fault", [faults.no_metadata, faults.empty_metadata])
def test_q56_a_record_without_metadata_is_kept_and_asked_for_again(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """Its header stands; when the server has its metadata back, the next harvest brings them."""
    with serve(library(25), [fault(name(5))]) as server:
        assert checked(server, db)[0].outcome == "partial"
        assert len(held(db)) == 25
        server.faults.clear()
        server.clock.advance(3600)
        assert (checked(server, db)[0].outcome, lacking(server, db)) == ("complete", [])


@pytest.mark.parametrize("kind", ["no_identifier", "no_header"])
def test_q57_a_record_that_nobody_can_name_is_looked_for_by_a_full_list(kind: str, db: Path) -> None:
    """The next run lists everything again."""
    story = lived(db, [faults.bad_header(name(5), kind)])
    assert story.first.outcome == "partial"


@pytest.mark.parametrize("kind", ["no_datestamp", "white"])
def test_q57_headers_in_odd_forms_are_read(kind: str, db: Path) -> None:
    """White space around values, or no datestamp at all."""
    assert lived(db, [faults.bad_header(name(5), kind)]).outcomes == ALL_WELL


@pytest.mark.parametrize("form", ["Deleted ", "record"])
def test_q58_deleted_in_any_form(form: str, db: Path) -> None:
    """In any case, with spaces, on the record."""
    assert lived(db, [faults.deleted_case(form)]).outcomes == ALL_WELL


def test_q59_deleted_wins_over_metadata(db: Path) -> None:
    """What a deleted record still carries is not read."""
    assert lived(db, [faults.deleted_with_md()]).outcomes == ALL_WELL


def test_q60_a_huge_record_is_read_or_set_aside(db: Path) -> None:
    """Two million characters in a description."""
    assert lived(db, [faults.huge_record(name(5), 2_000_000)]).first.outcome in {"complete", "partial"}


@pytest.mark.parametrize("kind", ["php", "bom", "blank"])
def test_q61_junk_before_the_document(kind: str, db: Path) -> None:
    """Left out, and said."""
    assert lived(db, [faults.junk_prefix(kind)]).outcomes == ALL_WELL


def test_q62_values_in_every_form_are_kept(db: Path) -> None:
    """Every dc:identifier and date of a record stands in the parts, with the raw value it came from."""
    with serve(library(3, every_deleted=0)) as server:
        checked(server, db)
        from contextlib import closing

        from mirror_db.connection import open_reader

        with closing(open_reader(db)) as conn:
            assert conn.execute("SELECT count(*) FROM dates WHERE role = 'issued'").fetchone()[0] >= 3
