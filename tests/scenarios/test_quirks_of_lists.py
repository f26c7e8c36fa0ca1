"""Q1 to Q24 on the real provider over HTTP: requests, dates, tokens, ends of lists, sets and deletions."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from harvester.demo.model import DAY
from harvester.demo.protocol import answer
from tests import faults
from tests.faults import harvest, held, library, serve
from tests.faults.fault import Refuse
from tests.scenarios.stories import change, checked, lacking, lived, name

ALL_WELL = ("complete", "complete", "complete")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def test_q1_a_server_that_refuses_seconds_is_asked_in_days(db: Path) -> None:
    """The other granularity is tried once and remembered."""
    story = lived(db, [faults.reject_seconds()])
    assert (story.outcomes, story.asked[1]) == (ALL_WELL, 3)


def test_q2_a_server_that_refuses_days_is_asked_in_seconds(db: Path) -> None:
    """Although every repository must take days."""
    assert lived(db, [faults.reject_day()], repository=library(25, granularity=DAY)).outcomes == ALL_WELL


def test_q3_from_and_until_have_one_granularity(db: Path) -> None:
    """A user's window in days is said in the server's seconds."""
    with serve(library(25), [faults.mixed_granularity_error()]) as server:
        report = harvest(server, db, from_="2025-01-05", until="2025-01-07T12:00:00Z")
        assert (report.outcome, sorted(held(db))) == ("complete", [name(4), name(5), name(6)])


def test_q4_neighbouring_windows_share_a_unit_of_time(db: Path) -> None:
    """A server that takes until as exclusive loses nothing where a list has to be cut."""
    made = [faults.until_exclusive(), faults.max_window_records(8)]
    assert lived(db, made, repository=library(25, granularity=DAY)).outcomes == ALL_WELL


@pytest.mark.parametrize("hours", [-100, -3, 3, 100])
def test_q5_a_wrong_clock_of_the_server_loses_no_change(hours: int, db: Path) -> None:
    """The next from is the server's responseDate, and never later than our own clock."""
    assert lived(db, [faults.server_clock_skew(hours)]).outcomes == ALL_WELL


def test_q6_what_changes_while_a_list_is_paged_is_had(db: Path) -> None:
    """A record that moved behind the cursor is found by the audit or by the next harvest."""
    assert lived(db, [faults.mutate_between_pages(name(2), name(20))]).outcomes == ALL_WELL


def test_q7_the_newest_list_has_no_until(db: Path) -> None:
    """A server that drops what changed in the second of until is not given one."""
    with serve(library(25), [faults.until_now_drops()]) as server:
        checked(server, db)
        change(server)
        checked(server, db)
        assert [one.params.get("until") for one in server.asked("ListRecords")] == [None] * 4


def test_q8_nothing_new_is_success_and_moves_the_watermark(db: Path) -> None:
    """noRecordsMatch to an incremental list is complete, and the next from is later."""
    with serve(library(25)) as server:
        for _ in range(3):
            checked(server, db)
            server.clock.advance(86_400)
        sent = [one.params["from"] for one in server.asked("ListRecords") if "from" in one.params]
        assert len(sent) == 2
        assert sent == sorted(set(sent))


def test_q9_no_records_match_to_a_token_is_no_end_by_itself(db: Path) -> None:
    """The rest of the list is asked for in other windows."""
    assert lived(db, [faults.nrm_on_token(2)]).outcomes == ALL_WELL


@pytest.mark.parametrize(
    ("how", "expected"),
    [("absent", "complete"), ("repeat", "partial"), ("extra_page", "complete"), ("nrm", "complete")],
)
def test_q10_however_a_list_ends(how: str, expected: str, db: Path) -> None:
    """An absent token ends it, a repeated one never proves it, a page too many is harmless."""
    assert lived(db, [faults.last(how)]).first.outcome == expected


def test_q10_a_list_that_ends_early_is_asked_again(db: Path) -> None:
    """Less than announced is no end: the missing half is found."""
    story = lived(db, [faults.short_list(2)])
    assert (story.outcomes, story.asked[0] <= 2 * 6) == (ALL_WELL, True)


@pytest.mark.parametrize("fault", [faults.same_token, faults.token_circle])
def test_q10_tokens_without_end_stop_the_list(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """The same token again, or tokens in a circle, are partial and say so."""
    assert lived(db, [fault()]).first.outcome == "partial"


def endless() -> faults.Fault:
    """Every token is new, and every page is the first one."""
    count = itertools.count()

    def first_page(moment, pairs):  # type: ignore[no-untyped-def]
        return [("verb", moment.verb), ("metadataPrefix", "oai_dc")] if moment.token else pairs

    def new_token(moment, got):  # type: ignore[no-untyped-def]
        return got._replace(token=got.token._replace(value=f"t{next(count)}")) if got.token else got

    return faults.a_fault(arguments=first_page, answer=new_token)


def test_q10_new_tokens_for_ever_and_nothing_new_stop_the_list(db: Path) -> None:
    """After a few pages, partial."""
    story = lived(db, [endless()])
    assert (story.first.outcome, story.asked[0] <= 8) == ("partial", True)


def test_q34_a_refusal_in_words_is_understood(db: Path) -> None:
    """badArgument that says "too many records" cuts the list like 413 does."""

    def refuse(moment, pairs):  # type: ignore[no-untyped-def]
        whole = replace(moment.server.repository, page_size=10**6)
        if not moment.token and len(answer(whole, pairs, moment.server.clock.now()).records) > 12:
            raise Refuse("badArgument", "Too many records (more than 12), narrow your request")
        return pairs

    assert lived(db, [faults.a_fault(arguments=refuse)]).outcomes == ALL_WELL


def test_q1_a_from_that_is_refused_in_every_form_is_left_out(db: Path) -> None:
    """Everything is listed instead, and the run says so."""

    def refuse(moment, pairs):  # type: ignore[no-untyped-def]
        if any(key == "from" for key, _ in pairs):
            raise Refuse("badArgument", "from is not supported")
        return pairs

    story = lived(db, [faults.a_fault(arguments=refuse)])
    assert (story.outcomes, any("from_refused" in one for one in story.second.warnings)) == (ALL_WELL, True)


@pytest.mark.parametrize("times", [1, 99])
def test_q11_a_lost_token_restarts_the_list_and_then_halves_it(times: int, db: Path) -> None:
    """Never complete without the rest."""
    assert lived(db, [faults.expire_tokens_after(1, times=times)]).outcomes == ALL_WELL


def test_q12_a_token_is_used_once(db: Path) -> None:
    """Servers that answer a token once only are harvested."""
    assert lived(db, [faults.single_use_tokens()]).outcomes == ALL_WELL


def test_q13_a_token_with_the_prefix_beside_it_is_learnt(db: Path) -> None:
    """It costs one request, once."""
    story = lived(db, [faults.token_needs_prefix()])
    assert (story.outcomes, story.asked[0]) == (ALL_WELL, 7)


@pytest.mark.parametrize("fault", [faults.token_charset, faults.token_preencoded, faults.double_decode])
def test_q14_tokens_of_any_characters(fault, db: Path) -> None:  # type: ignore[no-untyped-def]
    """Encoded as they must be, verbatim where that is refused."""
    assert lived(db, [fault()]).outcomes == ALL_WELL


def test_q15_white_space_around_a_token(db: Path) -> None:
    """Pretty printers put it there."""
    assert lived(db, [faults.token_pretty()]).outcomes == ALL_WELL


@pytest.mark.parametrize("kind", ["page", "id", "const"])
def test_q16_a_cursor_never_stops_a_list(kind: str, db: Path) -> None:
    """Page numbers, record ids and constants alike."""
    assert lived(db, [faults.cursor(kind)]).outcomes == ALL_WELL


@pytest.mark.parametrize("wrong", [3, 30, 9000])
def test_q16_a_wrong_size_is_found_out_and_remembered(wrong: int, db: Path) -> None:
    """Two halves that show nothing new and do not add up teach that the announcement is wrong."""
    story = lived(db, [faults.size(wrong)])
    assert story.outcomes == ALL_WELL
    assert any("size_unreliable" in one for one in story.first.warnings) == (wrong > 25)
    assert story.asked[0] <= 2 * 6


def test_q17_a_token_that_has_expired_on_paper_is_tried(db: Path) -> None:
    """expirationDate in the past means nothing."""
    story = lived(db, [faults.expiration("past")])
    assert (story.outcomes, story.asked[0]) == (ALL_WELL, 6)


def test_q18_several_errors_the_gravest_decides(db: Path) -> None:
    """An unknown code is asked again before it is believed."""
    assert lived(db, [faults.errors("badArgument", "InternalException")]).first.outcome == "failed"


def test_q18_an_unknown_error_that_passes_costs_one_request(db: Path) -> None:
    """InternalException once."""
    story = lived(db, [faults.errors("InternalException").only(page=2, times=1)])
    assert (story.outcomes, story.asked[0]) == (ALL_WELL, 7)


def test_q19_what_vanished_is_found_by_a_full_list(db: Path) -> None:
    """Whatever deletedRecord claims: the record stays as a tombstone with its content."""
    with serve(library(25), [faults.deleted("no")]) as server:
        harvest(server, db)
        server.vanish(name(4))
        report = harvest(server, db, full=True)
        assert (report.outcome, report.vanished, held(db)[name(4)]) == ("complete", 1, None)


def test_q19_a_server_that_wiped_itself_wipes_nothing_here(db: Path) -> None:
    """More than a tenth at once waits for a word, and the state says so until it is given."""
    with serve(library(25)) as server:
        harvest(server, db)
        server.vanish(*(name(number) for number in range(1, 9)))
        full, later = harvest(server, db, full=True), harvest(server, db)
        assert (full.outcome, full.vanished, later.outcome) == ("partial", 0, "partial")
        accepted = harvest(server, db, full=True, accept_deletions=True)
        assert (accepted.outcome, accepted.vanished, harvest(server, db).outcome) == ("complete", 8, "complete")


def test_q19_a_full_list_without_any_record_wipes_nothing(db: Path) -> None:
    """noRecordsMatch to everything is the server's trouble."""
    with serve(library(25)) as server:
        harvest(server, db)
        before = held(db)
        server.faults.append(faults.empty_window())
        report = harvest(server, db, full=True)
        assert (report.outcome in {"partial", "failed"}, held(db)) == (True, before)


def test_q20_a_record_that_changes_its_sets_stays_one_record(db: Path) -> None:
    """Its membership follows the header."""
    with serve(library(25)) as server:
        checked(server, db)
        server.move(name(3), "even")
        checked(server, db)
        assert len(held(db)) == 25


def test_q21_a_set_that_is_gone_is_an_alarm(db: Path) -> None:
    """noRecordsMatch for a set that ListSets does not hold is never complete."""
    with serve(library(25)) as server:
        report = harvest(server, db, sets=("misspelt",))
        assert (report.outcome, "does not list the set misspelt" in (report.reason or "")) == ("failed", True)


@pytest.mark.parametrize("how", ["noSetHierarchy", "badResumptionToken", "empty"])
def test_q22_a_server_without_sets_is_harvested(how: str, db: Path) -> None:
    """Whatever it says to ListSets."""
    assert lived(db, [faults.no_sets(how)]).outcomes == ALL_WELL


def test_q23_a_record_listed_twice_is_one_record(db: Path) -> None:
    """Doubles are counted."""
    story = lived(db, [faults.dup_between_pages()])
    assert (story.outcomes, story.first.duplicates > 0) == (ALL_WELL, True)


def test_q24_live_and_deleted_at_once_is_live_at_a_tie(db: Path) -> None:
    """The newer datestamp wins, else the live one."""
    with serve(library(25), [faults.live_and_deleted(name(5))]) as server:
        report, _ = checked(server, db)
        assert (report.outcome, lacking(server, db)) == ("complete", [])


def test_q24_the_newer_header_wins(db: Path) -> None:
    """A deleted header with a later datestamp is believed."""
    with serve(library(25), [faults.live_and_deleted(name(5), newer=True)]) as server:
        harvest(server, db)
        assert held(db)[name(5)] is None
