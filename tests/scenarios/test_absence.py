"""What is not listed, not readable or not there: when a record may be called gone, and when only its word is lacking."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests import faults
from tests.faults import Fault, harvest, held, library, serve
from tests.faults.fault import Answer, Moment
from tests.scenarios.stories import checked, lacking, name

_RECORD = re.compile(r"<record>.*?</record>", re.DOTALL)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def _broken(identifier: str, *, named: bool = True) -> Fault:
    """A record is no well-formed XML, in lists and alone; without its name, nobody can tell which it is."""

    def one(match: re.Match[str]) -> str:
        if f"<identifier>{identifier}</identifier>" not in match[0]:
            return match[0]
        text = match[0].replace("</dc:title>", "</dc:titel>")
        return text if named else text.replace(f"<identifier>{identifier}</identifier>", "")

    return faults.a_fault(verbs=("ListRecords", "GetRecord"), document=lambda moment, text: _RECORD.sub(one, text))


def _hidden(*identifiers: str) -> Fault:
    """Lists do not show records that GetRecord gives."""

    def without(moment: Moment, got: Answer) -> Answer:
        return got._replace(records=tuple(one for one in got.records if one.identifier not in identifiers))

    return faults.a_fault(verbs=("ListRecords", "ListIdentifiers"), answer=without)


@pytest.mark.parametrize("named", [True, False])
def test_what_was_listed_but_could_not_be_read_is_not_gone(named: bool, db: Path) -> None:
    """It stays live, and where it has no name nothing at all is retired: any record may be the one that was shown."""
    with serve(library(40)) as server:
        assert checked(server, db)[0].outcome == "complete"
        server.faults.append(_broken(name(17), named=named))
        server.vanish(name(5))
        for _ in range(3):
            report, _ = checked(server, db, full=True)
            assert (report.outcome, lacking(server, db)) == ("partial", [] if named else lacking(server, db))
            assert (held(db).get(name(17)) is not None, held(db).get(name(5)) is None) == (True, named)
        server.faults.clear()
        assert checked(server, db, full=True)[0].outcome == "complete"


def test_a_denial_of_what_was_listed_is_no_proof_of_its_end(db: Path) -> None:
    """The list shows it, broken, and GetRecord says that there is none: it stays until a list shows it no more."""
    denial = faults.errors("idDoesNotExist").only(verb="GetRecord")
    with serve(library(40)) as server:
        assert checked(server, db)[0].outcome == "complete"
        server.faults += [_broken(name(17)).only(verb="ListRecords"), denial]
        for full in (True, False, False):
            assert checked(server, db, full=full)[0].outcome == "partial"
            assert held(db)[name(17)] is not None
        server.faults.clear()
        server.vanish(name(17))
        assert checked(server, db, full=True)[0].outcome == "complete"


def test_what_the_server_still_gives_is_not_retired(db: Path) -> None:
    """Two are not listed any more: the one that is gone is retired, the one that is given is kept, and the run says so."""
    with serve(library(40), [faults.size("")]) as server:
        assert checked(server, db)[0].outcome == "complete"
        server.faults.append(_hidden(name(17)))
        server.vanish(name(5))
        report, _ = checked(server, db, full=True)
        assert (report.outcome, lacking(server, db)) == ("partial", [])
        assert "the server still gives 1 of them" in str(report.reason)
        server.faults.pop()
        assert checked(server, db)[0].outcome == "complete"  # everything is listed again, until a list shows it


def test_of_many_that_are_not_listed_some_are_asked_for(db: Path) -> None:
    """As many as may be asked one by one, spread over all: one that is there keeps them all; the operator may know better."""
    gone = [name(number) for number in range(10, 40, 2) if number % 9]
    with serve(library(200), [faults.size("")]) as server:
        assert checked(server, db)[0].outcome == "complete"
        server.faults.append(_hidden(*gone))
        before = len(server.asked("GetRecord"))
        report, _ = checked(server, db, full=True)
        assert (report.outcome, lacking(server, db)) == ("partial", [])
        assert len(server.asked("GetRecord")) - before == 10
        report = harvest(server, db, full=True, accept_deletions=True)
        assert (report.outcome, lacking(server, db)) == ("complete", sorted(gone))


def test_q6_a_slip_within_the_tolerance_is_seen_by_what_came_twice(db: Path) -> None:
    """One record is listed twice and one not at all: the number listed is the number announced, and still one is lacking."""
    with serve(library(40), [faults.mutate_between_pages(name(2))]) as server:
        report = harvest(server, db, environ={"OAI_MIRROR_HARVEST__SIZE_TOLERANCE": "0.1"})
        assert (report.outcome, lacking(server, db)) == ("complete", [])


def test_a_clock_that_went_back_hides_no_change(db: Path) -> None:
    """What changed since is stamped before the last list: it is not asked for by its datestamp."""
    with serve(library(25)) as server:
        server.clock.advance(3 * 86_400)
        server.edit(name(4), "Before the clock went back")
        assert checked(server, db)[0].outcome == "complete"
        server.clock.advance(-2 * 86_400)
        server.edit(name(3), "After the clock went back")
        server.delete(name(7))
        assert checked(server, db)[0].outcome == "complete"
        assert _rows(db, "SELECT count(*) FROM warnings WHERE code = 'clock_back'") == [(1,)]


def test_q56_metadata_that_is_lacking_for_a_while_is_no_silent_change(db: Path) -> None:
    """Incremental lists are trusted as before."""
    with serve(library(40)) as server:
        assert checked(server, db)[0].outcome == "complete"
        server.clock.advance(3 * 86_400)
        assert checked(server, db)[0].outcome == "complete"
        server.faults += [faults.no_metadata(name(number)) for number in (1, 2, 3, 4, 5)]
        harvest(server, db, full=True)
        server.faults.clear()
        assert checked(server, db, full=True)[0].outcome == "complete"
        assert _rows(db, "SELECT value FROM learned WHERE topic = 'datestamps'") == []


def _rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query).fetchall()


def test_q23_a_record_that_is_always_listed_twice_costs_a_second_look_once(db: Path) -> None:
    """The server holds it twice and counts it so: as a whole and in halves the same is lacking, and nothing is."""
    shelf = library(40)
    with serve(replace(shelf, records=(*shelf.records[:25], shelf.records[12], *shelf.records[25:]))) as server:
        costs = [checked(server, db, full=True) for _ in range(3)]
        assert [report.outcome for report, _ in costs] == ["complete"] * 3
        assert costs[0][1] > costs[1][1] == costs[2][1]
