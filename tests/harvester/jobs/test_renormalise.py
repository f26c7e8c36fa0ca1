"""Raw records read again with today's rules: resumable, without the network, and told beforehand."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from harvester.engine.difference import Change, Changes
from harvester.jobs import renormalise as job
from harvester.jobs.renormalise import Reread
from harvester.reading.rights import RULES_VERSION
from mirror_db import leases, stored
from mirror_db.connection import open_writer, transaction
from tests.harvester.jobs import kept

DAY = "2026-11-23"
OLD = "UPDATE records SET license = 'CC-BY-4.0', is_cc_by_nc = 0, rules_version = 'old' WHERE license = 'CC-BY-NC-4.0'"
FLAGS = "SELECT license, is_cc_by_nc, rules_version FROM records ORDER BY id"
NEW = [("CC-BY-NC-4.0", 1, RULES_VERSION)] * 3 + [(None, 0, RULES_VERSION)]


def quiet(name: str, records: int) -> None:
    """Tell nobody."""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "mirror.db"
    kept.make(path, ["<dc:rights>CC BY-NC 4.0</dc:rights>"] * 3 + ["<dc:rights>?</dc:rights>"], DAY)
    kept.write(path, OLD)
    return path


def test_a_rehearsal_tells_the_changes_by_rule_and_writes_nothing(db: Path) -> None:
    """What would change is counted by flag and rule, with examples, and the mirror stays as it is."""
    before = kept.rows(db, FLAGS)
    examples = ("oai:example.org:1", "oai:example.org:2", "oai:example.org:3")
    expected = Reread(
        "example",
        "dry-run",
        4,
        3,
        0,
        (
            Changes(Change("license", "CC-BY-4.0", "CC-BY-NC-4.0", "cc-code"), 3, examples),
            Changes(Change("is_cc_by_nc", 0, 1, "cc-code"), 3, examples),
        ),
    )
    assert list(job.rehearse(db, kept.settings(DAY), ["example"], tell=quiet)) == [expected]
    assert kept.rows(db, FLAGS) == before
    assert kept.rows(db, "SELECT count(*) FROM runs") == [(1,)]


def test_every_record_is_read_again_and_the_run_counts_the_flags(db: Path) -> None:
    """All verdicts are today's; a run of its own kind says how many changed, and why."""
    assert list(job.renormalise(db, kept.settings(DAY), ["example"], tell=quiet)) == [
        Reread("example", "complete", 4, 3, 0)
    ]
    assert kept.rows(db, FLAGS) == NEW
    runs = "SELECT kind, outcome, listed, flags_changed FROM runs WHERE kind = 'renormalise'"
    assert kept.rows(db, runs) == [("renormalise", "complete", 4, 3)]
    assert kept.rows(db, "SELECT DISTINCT why FROM flag_changes") == [("rules",)]
    assert kept.rows(db, "SELECT count(*) FROM leases") == [(0,)]


def test_a_killed_run_goes_on_where_it_was(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a kill the next run begins behind the last bundle that was kept, and nothing is lost."""
    monkeypatch.setattr(stored.held, "__kwdefaults__", {"after": 0, "limit": 2})
    seen: list[int] = []

    def killed(name: str, records: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(job.renormalise(db, kept.settings(DAY), ["example"], tell=killed))
    assert kept.rows(db, FLAGS) == [*NEW[:2], ("CC-BY-4.0", 0, "old"), NEW[3]]
    assert kept.rows(db, "SELECT outcome FROM runs WHERE kind = 'renormalise'") == [("interrupted",)]

    def told(name: str, records: int) -> None:
        seen.append(records)

    assert list(job.renormalise(db, kept.settings(DAY), ["example"], tell=told)) == [
        Reread("example", "complete", 2, 1, 0)
    ]
    assert seen == [2]
    assert kept.rows(db, FLAGS) == NEW
    assert kept.rows(db, "SELECT count(*) FROM settings WHERE key LIKE 'renormalise:%'") == [(0,)]


def test_a_mark_of_other_rules_is_void(db: Path) -> None:
    """What an older version had reached does not count: all records are read again."""
    kept.write(db, "INSERT INTO settings (key, value) VALUES ('renormalise:example', 'old 4')")
    assert [one.records for one in job.renormalise(db, kept.settings(DAY), ["example"], tell=quiet)] == [4]


def test_a_repository_that_another_process_works_on_is_skipped(db: Path) -> None:
    """The lease of a living process is respected."""
    other = leases.Holder(leases.this_process().host, os.getppid(), leases._alive(os.getppid()) or "")
    with closing(open_writer(db)) as conn, transaction(conn):
        leases.take(conn, "example", other, now="2026-11-23T00:00:00Z")
    result = list(job.renormalise(db, kept.settings(DAY), ["example"], tell=quiet))
    assert [(one.repository, one.outcome, one.records) for one in result] == [("example", "held", 0)]


def test_a_record_without_a_raw_form_stays_as_it_is(db: Path) -> None:
    """What cannot be read again is counted, and not touched."""
    kept.write(db, "UPDATE raw_records SET body = NULL WHERE record = 2")
    assert [one.unreadable for one in job.renormalise(db, kept.settings(DAY), ["example"], tell=quiet)] == [1]
    assert kept.rows(db, FLAGS) == [NEW[0], ("CC-BY-4.0", 0, "old"), *NEW[2:]]
