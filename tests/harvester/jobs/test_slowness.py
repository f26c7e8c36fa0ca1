"""A server that said "too many" is asked slowly by the next run too, which is another process (Q37)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harvester.jobs.door import pace_of_process
from mirror_db.connection import open_reader
from tests.faults import Provider, harvest, library, retry_after, serve


def kept(db: Path) -> list[str]:
    """Give what the mirror keeps of the pause."""
    with closing(open_reader(db)) as conn:
        return [row[0] for row in conn.execute("SELECT value FROM learned WHERE topic = 'slowed'")]


def run(server: Provider, db: Path) -> float:
    """Harvest in a new process, as far as the pace is concerned; gives the factor in force at its end."""
    pace_of_process.cache_clear()
    assert harvest(server, db).outcome == "complete"
    server.clock.advance(3600)
    return pace_of_process().slower(urlsplit(server.base_url).netloc)


def test_q37_a_host_that_was_slowed_down_stays_slow_for_the_next_run(tmp_path: Path) -> None:
    """Half as slow for each run that met no 429, until the agreed pause holds again and nothing is kept."""
    db = tmp_path / "mirror.db"
    with serve(library(25), [retry_after(None, status=429).only(times=2)]) as server:
        steps = [(run(server, db), kept(db)) for _ in range(4)]
    assert steps == [(4.0, ["4"]), (4.0, ["2"]), (2.0, []), (1.0, [])]


@pytest.mark.parametrize("nonsense", ["", "slow", "nan", "-3"])
def test_what_nobody_understands_slows_nothing_down(nonsense: str, tmp_path: Path) -> None:
    """A value written by hand does not stop a harvest."""
    db = tmp_path / "mirror.db"
    with serve(library(3)) as server:
        run(server, db)
        with closing(sqlite3.connect(db)) as conn, conn:
            conn.execute(
                "INSERT INTO learned SELECT id, 'slowed', ?, 'by hand', '2026-01-01T00:00:00Z' FROM repositories",
                (nonsense,),
            )
        assert run(server, db) == 1.0
