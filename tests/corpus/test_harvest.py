"""Real oai_dc pages over HTTP, harvested by the command: the mirror holds every record or says why not."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from harvester.demo.server import Server
from tests.corpus.files import needs_corpus
from tests.corpus.shelves import Shelves, leaves, shelved

pytestmark = [needs_corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def shelves():
    return shelved(leaves())


@pytest.fixture(scope="module")
def harvested(shelves, tmp_path_factory):
    """Harvest everything twice; gives the mirror and the reports of both runs."""
    db = tmp_path_factory.mktemp("corpus") / "corpus.db"
    with Server(lambda url: Shelves(shelves)) as server:
        urls = [f"{server.url}/{number}/oai" for number in range(len(shelves))]
        start = time.monotonic()
        first = command(db, *urls)
        took = time.monotonic() - start
        second = command(db, "--full", *urls)
    return db, first, second, took


def command(db, *arguments):
    """Run the command as a user does; gives the report of every repository."""
    done = subprocess.run(
        [sys.executable, "-m", "harvester", "-q", "--db", str(db), "harvest", "--json", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=db.parent,
        check=False,
    )
    assert done.returncode in {0, 3}, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows(db, query, *values):
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(query, values).fetchall()


def test_there_are_enough_records(shelves):
    """The pages list at least fifteen thousand records."""
    assert sum(len(leaf.identifiers) for shelf in shelves for leaf in shelf) >= 15_000


def test_every_record_is_in_the_mirror_or_in_quarantine(shelves, harvested, capsys):
    """Each identifier of each page has its row; each record without one, and each page that cannot be read, is accounted for."""
    db, first, _, took = harvested
    listed = {identifier for shelf in shelves for leaf in shelf for identifier in leaf.identifiers if identifier}
    nameless = sum(not identifier for shelf in shelves for leaf in shelf for identifier in leaf.identifiers)
    mirrored = {name for (name,) in rows(db, "SELECT oai_identifier FROM records")}
    kept = {name for (name,) in rows(db, "SELECT oai_identifier FROM quarantine WHERE oai_identifier IS NOT NULL")}
    with capsys.disabled():
        print(figures(db, first, took))
    assert listed - mirrored - kept == set()
    assert rows(db, "SELECT count(*) FROM quarantine WHERE why = 'no_identifier'") >= [(min(1, nameless),)]


def figures(db, reports, took):
    """Give the figures of the harvest in lines."""

    def counted(query):
        return ", ".join(f"{name} {count:,}" for name, count in rows(db, query))

    (total, is_open, nc), *_ = rows(
        db, "SELECT count(*), sum(is_open_access), sum(is_cc_by_nc) FROM records WHERE deleted = 0"
    )
    listed = sum(report["listed"] for report in reports)
    return "\n".join(
        [
            "",
            f"records {total:,} live of {listed:,} listed by {len(reports)} repositories",
            f"quarantined: {counted('SELECT why, count(*) FROM quarantine GROUP BY why ORDER BY 2 DESC') or 'none'}",
            f"issues: {counted('SELECT code, count(*) FROM issues GROUP BY code ORDER BY 2 DESC')}",
            f"open {is_open:,}, CC BY-NC {nc:,}, {listed / took:,.0f} records/s in {took:.1f} s",
        ]
    )


def test_harvesting_the_same_again_changes_nothing(harvested):
    """A full second harvest of the same pages creates, changes, deletes and flags nothing, and says so."""
    _, _, second, _ = harvested
    changed = {
        report["repository"]: {
            name: report[name] for name in ("created", "updated", "deleted", "vanished", "flags_changed")
        }
        for report in second
    }
    assert {name: counts for name, counts in changed.items() if any(counts.values())} == {}
    assert all(
        report["unchanged"] + report["duplicates"] + report["quarantined"] == report["listed"] for report in second
    )
