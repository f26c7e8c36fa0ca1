"""Windows side by side: the same mirror, more than one request at a time only as agreed, and nothing lost when a lane fails."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import faults
from tests.faults import Provider, harvest, library, serve
from tests.faults.fault import Sent
from tests.faults.library import LIBRARY
from tests.scenarios.stories import lacking


def _thinking(moment: faults.Moment, sent: Sent) -> Sent:
    time.sleep(0.02)
    until = time.monotonic() + 0.5  # a busy machine may not have begun to ask for the next window yet
    while "from" in moment.params and moment.server.most_at_once < 2 and time.monotonic() < until:
        time.sleep(0.01)
    return sent


SLOW = faults.a_fault(sent=_thinking)  # within the server: who asks meanwhile is there at the same time


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def _rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query).fetchall()


def _windows(db: Path) -> list[tuple[object, ...]]:
    return _rows(db, "SELECT proven, ended FROM lists WHERE parent IS NOT NULL")


def _harvested(server: Provider, db: Path, **wish: object) -> str:
    agreed = {"BASE_URL": server.base_url, "WINDOWS_IN_PARALLEL": "3"}
    environ = {f"OAI_MIRROR_REPOSITORIES__LIB__{key}": value for key, value in agreed.items()}
    return harvest(server, db, environ=environ, **wish).outcome


def test_windows_are_walked_side_by_side(db: Path) -> None:
    """All records arrive, each window is proven, and never more than agreed are asked at the same time."""
    with serve(library(200), [SLOW]) as server:
        assert _harvested(server, db) == "complete"
        assert (lacking(server, db), 1 < server.most_at_once <= 3) == ([], True)
        windows = _windows(db)
        requests = _rows(db, "SELECT requests FROM runs")[0][0]
        assert (len(windows) > 3, {proven for proven, _ in windows}, requests) == (True, {1}, len(server.log))


def test_one_request_at_a_time_is_the_rule(db: Path) -> None:
    """Without the setting nothing is cut, and nobody is asked twice at the same time."""
    with serve(library(60), [SLOW]) as server:
        assert (harvest(server, db).outcome, server.most_at_once, _windows(db)) == ("complete", 1, [])


def test_q46_a_server_that_ignores_windows_is_walked_in_one_piece(db: Path) -> None:
    """One window is tried before the list is cut: it brings records that were not asked for."""
    with serve(library(60), [SLOW, faults.ignore_from()]) as server:
        assert _harvested(server, db) == "complete"
        assert (lacking(server, db), server.most_at_once, _windows(db)) == ([], 1, [])


def test_a_lane_that_fails_leaves_its_window_to_the_ordinary_walk(db: Path) -> None:
    """The others stop at their next page; everything that is open is walked one by one, and a broken record costs itself alone."""
    poisoned = f"{LIBRARY}77"
    with serve(library(200), [SLOW, faults.poison_record(poisoned)]) as server:
        _harvested(server, db)
        assert lacking(server, db) == [poisoned]
        server.faults.clear()
        assert (_harvested(server, db), lacking(server, db)) == ("complete", [])


def test_a_kill_between_windows_goes_on_with_those_that_are_open(db: Path) -> None:
    """What was proven before the server went away is not asked for again."""
    with serve(library(200), [SLOW, faults.status(503).only(verb="ListRecords", calls=range(14, 400))]) as server:
        assert _harvested(server, db) != "complete"
        proven = _rows(db, 'SELECT "from", "until" FROM lists WHERE parent IS NOT NULL AND proven')
        server.faults.clear()
        before = len(server.log)
        assert (_harvested(server, db), lacking(server, db)) == ("complete", [])
        again = [(one.params.get("from"), one.params.get("until")) for one in server.log[before:]]
        assert (len(proven) > 0, set(proven) & set(again)) == (True, set())
