"""One process or two: the mirror is the same, and so it is after a kill."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from unittest.mock import patch

import pytest

from harvester.engine.readers import Readers
from mirror_db.entries import Batch
from mirror_db.raw import Opener
from tests.benchmarks.server import running
from tests.faults import harvest, library
from tests.scenarios.running import content, oai_mirror

RECORDS = 3000
WAIT_S = 60


def opened(db):
    """Give the content with the raw records as they were received: which dictionary packed them is no content."""
    told = content(db)
    with closing(sqlite3.connect(db)) as conn:
        opener = Opener(conn)
        query = "SELECT r.oai_identifier, w.prefix, w.body, w.tombstone FROM raw_records AS w JOIN records AS r ON r.id = w.record"
        told["raw_records"] = sorted(
            (name, prefix, *(None if frame is None else opener.unpack(frame) for frame in frames))
            for name, prefix, *frames in conn.execute(query)
        )
    return told


class _Every:
    """A pool whose reader gets every page that holds anything to read, however long it takes to start."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self.taken = 0

    def read(self, unread):
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            given = self._readers.read(unread)
            if not unread.items or not isinstance(given, Batch):
                self.taken += bool(unread.items)
                return given
            time.sleep(0.02)
        raise AssertionError("no reader took the page")


def test_a_reader_beside_the_writer_makes_the_same_mirror(provider, tmp_path):
    """Every table holds the same rows as after a harvest in one process, and so it does after a full one."""
    pools, sure = [], []

    @contextmanager
    def every(count, *, for_sure, stopping):
        sure.append(for_sure)
        readers = Readers(1, start_after=0)
        pools.append(_Every(readers))
        yield pools[-1]
        readers.close()

    server = provider(library(46))
    alone = harvest(server, tmp_path / "one.db", environ={"OAI_MIRROR_HARVEST__PROCESSES": "1"})
    with patch("harvester.jobs.harvest.open_readers", every):
        beside = harvest(server, tmp_path / "two.db")
        again = harvest(server, tmp_path / "two.db", full=True)
    assert (alone.outcome, beside.outcome, again.outcome) == ("complete",) * 3
    assert pools[0].taken == beside.pages
    assert sure == [True, False]  # a new mirror: whatever comes is read
    assert (again.unchanged, pools[1].taken) == (beside.created + beside.deleted, 0)
    assert opened(tmp_path / "two.db") == opened(tmp_path / "one.db")


_OF_RECORDS = (
    "records",
    "raw_records",
    "creators",
    "subjects",
    "identifiers",
    "dates",
    "evidence",
    "issues",
    "record_sets",
)


def _everything(db):
    """Give every row that belongs to a record, numbers and instants included."""
    with closing(sqlite3.connect(db)) as conn:
        return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in _OF_RECORDS}


def test_a_full_harvest_of_unchanged_data_writes_no_record(provider, tmp_path):
    """Nothing of a record moves, not even an instant: only the run, its ledger and the figures are new."""
    server, db = provider(library(46)), tmp_path / "mirror.db"
    first = harvest(server, db)
    before = _everything(db)
    again = harvest(server, db, full=True)
    assert (again.outcome, again.unchanged) == ("complete", first.created + first.deleted)
    assert _everything(db) == before


def _pages(db) -> int:
    try:
        with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
            return conn.execute("SELECT max(pages) FROM lists").fetchone()[0] or 0
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_a_kill_of_writer_and_reader_loses_nothing(tmp_path):
    """Killed with pages in the reader's hands, the next run asks for them again: the mirror is that of a calm run."""
    with running([RECORDS]) as address:
        url = f"{address}/{RECORDS}/a/oai"
        calm = oai_mirror("--db", "calm.db", "harvest", url, cwd=tmp_path, OAI_MIRROR_HARVEST__PROCESSES="1")
        assert calm.code == 0, calm.err
        command = [sys.executable, "-m", "harvester", "-q", "--db", "killed.db", "harvest", url]
        environ = {**os.environ, "OAI_MIRROR_HARVEST__PROCESSES": "2", "OAI_MIRROR_HARVEST__COMMIT_RECORDS": "1"}
        for least in (6, 15):
            with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL) as process:
                while process.poll() is None and _pages(tmp_path / "killed.db") < least:
                    time.sleep(0.01)
                process.kill()
            assert process.returncode == -signal.SIGKILL
        done = oai_mirror("--db", "killed.db", "harvest", url, cwd=tmp_path, OAI_MIRROR_HARVEST__PROCESSES="2")
        assert done.code == 0, done.err
    assert opened(tmp_path / "killed.db") == opened(tmp_path / "calm.db")
