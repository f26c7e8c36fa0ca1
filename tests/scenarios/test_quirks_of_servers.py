"""Q25 to Q49 on the real provider over HTTP: status and transport, time, Identify and datestamps."""

from pathlib import Path

import pytest

from harvester.demo.model import DAY
from tests import faults
from tests.faults import harvest, held, library, serve
from tests.scenarios.stories import change, checked, lacking, lived, name

ALL_WELL = ("complete", "complete", "complete")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


@pytest.mark.parametrize("code", [404, 422, 500])
def test_q25_an_oai_error_counts_under_any_status(code: int, db: Path) -> None:
    """noRecordsMatch under 404 is noRecordsMatch."""
    assert lived(db, [faults.oai_error_status(code)]).outcomes == ALL_WELL


@pytest.mark.parametrize("how", ["5", "date", None, "-5"])
def test_q26_retry_after_is_obeyed(how: str | None, db: Path) -> None:
    """Seconds, a date, nothing or nonsense: the page comes with the next attempt."""
    story = lived(db, [faults.retry_after(how).only(times=1)])
    assert (story.outcomes, story.asked[0]) == (ALL_WELL, 7)


def test_q26_a_day_of_retry_after_defers_the_run(db: Path) -> None:
    """Nobody sleeps on it, the next run asks nothing, and when the day is over the list goes on."""
    with serve(library(25), [faults.retry_after("86400").only(page=2, times=1)]) as server:
        first, _ = checked(server, db)
        second, asked = checked(server, db)
        assert (first.outcome, second.outcome, asked, second.not_before) == (
            "deferred",
            "deferred",
            0,
            first.not_before,
        )
        server.clock.advance(90_000)
        assert checked(server, db)[0].outcome == "complete"


@pytest.mark.parametrize("how", ["301", "302", "307"])
def test_q27_redirects_are_followed(how: str, db: Path) -> None:
    """A permanent one is a suggestion for the configuration."""
    story = lived(db, [faults.redirect(how)])
    assert (story.outcomes, any("moved" in one for one in story.first.warnings)) == (ALL_WELL, how == "301")


@pytest.mark.parametrize("how", ["loop", "file", "ftp"])
def test_q27_redirects_that_lead_nowhere_fail(how: str, db: Path) -> None:
    """In a circle, or to another scheme."""
    assert lived(db, [faults.redirect(how)]).first.outcome == "failed"


def test_q28_a_page_for_people_is_no_list(db: Path) -> None:
    """Status 200 does not make it one; the run fails after few requests."""
    story = lived(db, [faults.html200()])
    assert (story.first.outcome, story.asked[0] <= 8) == ("failed", True)


def test_q28_a_challenge_blocks_and_names_whom_to_write_to(db: Path) -> None:
    """The administrator's address is the one that Identify gave before."""
    with serve(library(25)) as server:
        checked(server, db)
        server.faults.append(faults.challenge403())
        report, asked = checked(server, db)
        assert (report.state, asked) == ("blocked", 1)
        assert "write to repository@demo.example" in (report.reason or "")


def test_q29_an_empty_answer_is_asked_again_and_fails(db: Path) -> None:
    """Watermark and mirror stay."""
    assert lived(db, [faults.empty200()]).first.outcome == "failed"


def test_q29_an_envelope_without_its_list_is_suspect(db: Path) -> None:
    """Once it is asked again; for ever it fails within bounds."""
    story = lived(db, [faults.no_list_element()])
    assert (story.first.outcome, story.asked[0] <= 30) == ("failed", True)


@pytest.mark.parametrize(
    "fault", [faults.truncate(600), faults.short_length(), faults.truncate_document()], ids=lambda one: one.name
)
def test_q30_a_body_that_breaks_off_is_asked_again(fault: faults.Fault, db: Path) -> None:
    """Once broken costs one request."""
    story = lived(db, [fault.only(page=2, times=1)])
    assert (story.outcomes, story.asked[0] <= 7) == (ALL_WELL, True)


@pytest.mark.parametrize("fault", [faults.gzip_unlabelled, faults.label_no_gzip, faults.gzip_twice])
def test_q31_compression_that_is_not_what_it_says(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """Read as it is."""
    assert lived(db, [fault()]).outcomes == ALL_WELL


def test_q32_a_server_whose_gzip_is_broken_is_asked_without(db: Path) -> None:
    """It is remembered: the second harvest asks once."""
    story = lived(db, [faults.gzip_broken()])
    assert (story.outcomes, story.asked[1]) == (ALL_WELL, 2)


def test_q33_a_poisoned_page_is_narrowed_to_its_record(db: Path) -> None:
    """Everything else is harvested, the culprit waits in quarantine and is asked for again."""
    with serve(library(40), [faults.poison_record(name(17))]) as server:
        report, _ = checked(server, db)
        assert (report.outcome, lacking(server, db)) == ("partial", [name(17)])
        server.faults.clear()
        healed, asked = checked(server, db)
        assert (healed.outcome, lacking(server, db), asked) == ("complete", [], 3)


def test_q33_a_flaky_server_is_harvested(db: Path) -> None:
    """A third of the requests fail."""
    assert lived(db, [faults.flaky(0.3, seed=5)]).outcomes == ALL_WELL


def test_q34_a_list_refused_as_too_large_is_cut(db: Path) -> None:
    """Into windows, whose length is remembered."""
    story = lived(db, [faults.max_window_records(8)])
    assert (story.outcomes, story.asked[1] <= 4) == (ALL_WELL, True)


def test_q35_a_slow_first_byte_is_waited_for(db: Path) -> None:
    """Within the time allowed."""
    assert lived(db, [faults.delay_first_byte(0.05)]).outcomes == ALL_WELL


def test_q36_a_reset_connection_is_asked_again(db: Path) -> None:
    """Every third request."""
    assert lived(db, [faults.reset_after(3)]).outcomes == ALL_WELL


def test_q37_too_many_requests_slow_the_harvest_down(db: Path) -> None:
    """429 without a header: what was got is kept, and the rest comes later."""
    with serve(library(60), [faults.ban_after(4)]) as server:
        report, _ = checked(server, db)
        assert (report.outcome, len(held(db)) > 0) == ("partial", True)
        server.clock.advance(2 * 86_400)
        server.faults.clear()
        assert checked(server, db)[0].outcome == "complete"


def test_q38_the_user_agent_names_the_program(db: Path) -> None:
    """A server that wants to know who asks lets it in."""
    assert lived(db, [faults.require_ua("oai-mirror/")]).outcomes == ALL_WELL


def test_q39_a_certificate_that_is_not_trusted_is_refused(db: Path) -> None:
    """And asked only once."""
    with serve(library(5), [faults.tls("selfsigned")]) as server:
        report = harvest(server, db)
        assert (report.outcome, report.requests, "certificate" in (report.reason or "")) == ("failed", 1, True)


def test_q40_a_server_that_wants_a_key_is_blocked_without(db: Path) -> None:
    """401 is no fault of the network."""
    with serve(library(5), [faults.require_header("X-Key", "s3cret")]) as server:
        assert checked(server, db)[0].state == "blocked"


def test_q41_a_base_url_with_a_query_keeps_it(db: Path) -> None:
    """Beside every request, once."""
    with serve(library(25), [faults.base_query("mode=oaipmh")]) as server:
        assert checked(server, db)[0].outcome == "complete"


def test_q42_cookies_live_as_long_as_the_harvest(db: Path) -> None:
    """Tokens bound to a session are good."""
    assert lived(db, [faults.session_tokens()]).outcomes == ALL_WELL


def test_q43_closed_hours_end_a_run_and_a_later_one_finishes(db: Path) -> None:
    """What was got stays."""
    with serve(library(25), [faults.closed_hours(8, 9)]) as server:
        assert checked(server, db)[0].outcome == "failed"
        server.clock.advance(7200)
        assert checked(server, db)[0].outcome == "complete"


@pytest.mark.parametrize("kind", ["now", "0001", "absent", "late"])
def test_q44_the_first_harvest_does_not_believe_earliest_datestamp(kind: str, db: Path) -> None:
    """Neither whole nor in windows is anything below it lost."""
    assert lived(db, [faults.earliest(kind), faults.max_window_records(12)]).outcomes == ALL_WELL


@pytest.mark.parametrize("kind", ["now", "local", "frac", "offset", "future", "day"])
def test_q45_datestamps_of_every_kind(kind: str, db: Path) -> None:
    """The hash of the content tells what changed."""
    with serve(library(25), [faults.datestamp(kind)]) as server:
        checked(server, db)
        change(server)
        report = harvest(server, db)
        assert (report.outcome, report.updated, report.deleted, report.created) == ("complete", 1, 1, 1)


def test_q45_changes_under_old_datestamps_teach_to_list_everything(db: Path) -> None:
    """A full list shows them; from then on incremental lists are not trusted."""
    with serve(library(25), [faults.datestamp("frozen")]) as server:
        harvest(server, db)
        server.clock.advance(10 * 86_400)
        for number in (2, 5, 11):
            server.edit(name(number), f"Silently {number}")
        full = harvest(server, db, full=True)
        server.edit(name(7), "Silently 7")
        later = harvest(server, db)
        assert (full.updated, later.updated, lacking(server, db)) == (3, 1, [])


def test_q46_a_server_that_ignores_from_is_listed_whole(db: Path) -> None:
    """It is seen by what it sends, and remembered (Q46a)."""
    story = lived(db, [faults.ignore_from()])
    assert (story.outcomes, any("window_ignored" in one for one in story.second.warnings)) == (ALL_WELL, True)


@pytest.mark.parametrize("text", ["yyyy-mm-ddThh:mm:ssz", None, "nonsense"])
def test_q46_a_granularity_in_odd_words(text: str | None, db: Path) -> None:
    """Understood in any case, else days (Q46b)."""
    assert lived(db, [faults.granularity(text)]).outcomes == ALL_WELL


def test_q47_a_bulk_restamp_changes_nothing(db: Path) -> None:
    """Only the datestamps move."""
    with serve(library(25)) as server:
        checked(server, db)
        server.restamp()
        report = harvest(server, db)
        assert (report.outcome, report.updated, report.unchanged, lacking(server, db)) == ("complete", 0, 25, [])


def test_q48_two_servers_with_the_same_identifiers_are_two_repositories(db: Path) -> None:
    """The key is repository and identifier."""
    with serve(library(5, every_deleted=0)) as one, serve(library(7, every_deleted=0)) as other:
        reports = [harvest(one, db), harvest(other, db)]
        assert [(report.outcome, report.records) for report in reports] == [("complete", 5), ("complete", 7)]


def test_q49_an_identify_that_names_another_address_is_a_warning(db: Path) -> None:
    """No more."""
    story = lived(db, [faults.identify_mismatch()], repository=library(25, granularity=DAY))
    assert (story.outcomes, any("identify_mismatch" in one for one in story.first.warnings)) == (ALL_WELL, True)
