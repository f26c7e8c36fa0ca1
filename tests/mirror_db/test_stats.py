"""The figures: those of a repository are counted again when its records changed, whoever changed them, and only then."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from functools import partial
from itertools import combinations, count
from unittest.mock import patch

import pytest
from sqlite_utils import Database

from mirror_db import beside, quarantine, records, runs, stats, tally
from mirror_db.changes import standings
from mirror_db.connection import open_writer, transaction
from mirror_db.entries import Batch, Progress, Quarantined
from mirror_db.ledger import NewList
from mirror_db.migrations.chain import MIGRATIONS
from mirror_db.model import Evidence, Issue
from mirror_db.stats import are_right, refresh
from mirror_db.store import Store
from tests.mirror_db.making import BY, LATER, NOW, dead, digest, live

NAMES = ("a", "b", "c")
FACETS = ("year", "access", "license", "type", "language")
UNREAD = Evidence("license", "dc:rights", 2, "ask the author", "unread", None, 0.0, 0, None)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mirror.db"


@pytest.fixture
def conn(path):
    with closing(open_writer(path)) as opened:
        yield opened


class Life:
    """Three repositories to which everything happens that can happen to records, by chance."""

    def __init__(self, conn: sqlite3.Connection, seed: int) -> None:
        self.conn = conn
        self.rng = random.Random(seed)
        self.store = Store(conn, now=lambda: NOW)
        self.serial = count()
        self.runs = {}
        for name in NAMES:
            self.store.enter(name, name=name.upper(), base_url=f"https://{name}.example/oai")
            run = self.store.begin_run(name, "harvest", version="test")
            self.runs[name] = run, self.store.open_list(name, run, NewList("ListRecords", "full", "oai_dc"))

    def step(self) -> None:
        """Let one thing happen."""
        deeds = (self.write, self.write, self.write, self.rejudge, self.take_beside, self.vanish, self.spoil, self.free)
        self.rng.choice((*deeds, self.read_page, self.end_run))(self.rng.choice(NAMES))

    def entry(self, number: int):
        """Give a record as a server may send it now."""
        rng = self.rng
        opened, license_id = rng.random() < 0.5, rng.choice((None, "CC-BY", "CC-BY-NC-4.0", "LicenseRef-x"))
        made = live(
            f"oai:{number}",
            f"title {next(self.serial)}",
            year=rng.choice((None, 2019, 2020)),
            access="open" if opened else rng.choice(("unknown", "embargoed")),
            is_open_access=int(opened),
            license=license_id,
            license_family={"CC-BY": "by", "CC-BY-NC-4.0": "by-nc"}.get(license_id or ""),
            is_cc_by_nc=int(license_id == "CC-BY-NC-4.0"),
            license_conflict=int(rng.random() < 0.2),
            type=rng.choice((None, "book", "journal article")),
            language=rng.choice((None, "en", "de")),
            doi=rng.choice((None, f"10.1/{number}")),
        )
        issues = tuple(
            Issue("dc:date", i, rng.choice(("date_unread", "type_unknown")), "x") for i in range(rng.randrange(3))
        )
        rows = (BY, UNREAD)[: rng.randrange(3)]
        return made._replace(record=made.record._replace(issues=issues, evidence=rows))

    def write(self, name: str) -> None:
        """A page with live and deleted records, new, changed and the same."""
        numbers = self.rng.sample(range(12), 4)
        entries = tuple(dead(f"oai:{n}") if self.rng.random() < 0.2 else self.entry(n) for n in numbers)
        run, number = self.runs[name]
        self.store.commit(Batch(name, run, "oai_dc", entries, progress=Progress(number, None, got=4)))
        self.store.flush()

    def _one(self, name: str) -> tuple[int, str] | None:
        query = "SELECT id, oai_identifier FROM records WHERE repository = ? AND deleted = 0"
        held = self.conn.execute(query, (name,)).fetchall()
        return self.rng.choice(held) if held else None

    def rejudge(self, name: str) -> None:
        """What the clock or new rules change, with or without a change of the record's own row."""
        if one := self._one(name):
            record = self.entry(int(one[1][4:])).record
            with transaction(self.conn):
                records.rejudge(self.conn, [(one[0], record)], run=self.runs[name][0], now=NOW, why="rules")

    def take_beside(self, name: str) -> None:
        """A form in another format."""
        if one := self._one(name):
            made = self.entry(int(one[1][4:]))
            with transaction(self.conn):
                beside.take_in(self.conn, name, [made._replace(raw=made.raw._replace(prefix="mods"))], run=1, now=NOW)

    def read_page(self, name: str) -> None:
        """The page of an item."""
        if one := self._one(name):
            record = self.entry(int(one[1][4:])).record
            with transaction(self.conn):
                beside.add_page(self.conn, one[0], record, run=1, now=NOW)

    def vanish(self, name: str) -> None:
        """A record that a full list no longer holds."""
        if one := self._one(name):
            self.store.retire(name, self.runs[name][0], [(one[0], dead(one[1]).record)])

    def spoil(self, name: str) -> None:
        """A record that cannot be read."""
        body = f"<{self.rng.randrange(5)}".encode()
        bad = Quarantined(
            "oai_dc", f"oai:bad{body.decode()}", "page 1", "not_well_formed", "x", digest(str(body)), body
        )
        self.store.commit(Batch(name, self.runs[name][0], "oai_dc", (), quarantined=(bad,)))
        self.store.flush()

    def free(self, name: str) -> None:
        """What was let out of the quarantine."""
        with transaction(self.conn):
            quarantine.resolve(self.conn, name, "oai_dc", ["oai:bad<1", "oai:bad<2"], now=NOW)

    def end_run(self, name: str) -> None:
        """A run that ended, and the next one."""
        with transaction(self.conn):
            runs.end(
                self.conn, self.runs[name][0], outcome=self.rng.choice(("complete", "failed")), reason=None, now=NOW
            )
            run = runs.begin(self.conn, name, "harvest", now=NOW, holder="x", version="test")
        self.runs[name] = run, self.store.open_list(name, run, NewList("ListRecords", "full", "oai_dc"))


def held(conn) -> dict[tuple[str, str, str], int]:
    """Give the table of figures."""
    return {row[:3]: row[3] for row in conn.execute("SELECT repository, measure, key, value FROM stats")}


def anew(conn) -> dict[tuple[str, str, str], int]:
    """Count everything from scratch, and leave it so."""
    with transaction(conn):
        for table in ("stats", "counted", "counted_pairs"):
            conn.execute(f"DELETE FROM {table}")
    refresh(conn, NOW)
    return held(conn)


def by_hand(conn) -> dict[tuple[str, str, str], int]:
    """Count in the plainest way, row by row, what is counted from the rows of records."""
    found: Counter[tuple[str, str, str]] = Counter()
    names = (*FACETS, "is_open_access", "is_cc_by_nc")
    for repository, *values in conn.execute(f"SELECT repository, {', '.join(names)} FROM records WHERE deleted = 0"):
        told = ["" if value is None else str(value) for value in values]
        opened, nc = values[-2:]
        for place in (repository, "*"):
            found += Counter({(place, name, value): 1 for name, value in zip(FACETS, told, strict=False)})
            found += Counter(
                {(place, "records", "-"): 1, (place, "open_access", "-"): opened, (place, "cc_by_nc", "-"): nc}
            )
        for i, j in combinations(range(5), 2):
            found["*", f"within {FACETS[i]}={told[i]}", f"{FACETS[j]}|{told[j]}"] += 1
            found["*", f"within {FACETS[j]}={told[j]}", f"{FACETS[i]}|{told[i]}"] += 1
        for flag, holds in (("open", opened), ("cc_by_nc", nc)):
            for name, value in zip(FACETS, told, strict=False):
                found["*", f"within {flag}=1", f"{name}|{value}"] += holds
    return +found


@pytest.mark.parametrize("seed", range(12))
def test_figures_equal_a_count_from_scratch_whatever_happened(conn, seed):
    """After any mix of deeds, refreshed now and then, the table is what counting everything gives."""
    life = Life(conn, seed)
    for _ in range(25):
        for _ in range(life.rng.randrange(4)):
            life.step()
        refresh(conn, NOW)
        kept = held(conn)
        measured = {
            key: value
            for key, value in kept.items()
            if value and key[1] in {*FACETS, "records", "open_access", "cc_by_nc"}
        }
        paired = {key: value for key, value in kept.items() if key[1].startswith("within ")}
        assert measured | paired == by_hand(conn)
    assert kept == anew(conn)


def test_what_did_not_change_is_not_counted(conn):
    """Only the repository whose records changed is counted; where none did, nothing is."""
    life = Life(conn, 1)
    for name in NAMES:
        life.write(name)
    assert [refresh(conn, NOW), refresh(conn, NOW)] == [3, 0]
    life.write("b")
    with patch.object(stats, "tally", wraps=tally.tally) as counting:
        assert refresh(conn, LATER) == 1
    assert [call.args[1] for call in counting.call_args_list] == ["b"]
    told = dict(
        conn.execute("SELECT repository, max(updated_at) FROM stats WHERE measure = 'records' GROUP BY repository")
    )
    assert told == {"a": NOW, "b": LATER, "c": NOW, "*": LATER}


def test_a_run_that_changed_nothing_moves_the_figures_of_runs_alone(conn):
    """The health of the days is counted each time, for each run moves it."""
    life = Life(conn, 1)
    life.write("a")
    refresh(conn, NOW)
    before = held(conn)
    life.end_run("a")
    assert refresh(conn, NOW) == 0
    assert {key[1] for key, value in held(conn).items() if before.get(key) != value} == {"health"}
    assert before != held(conn) == anew(conn)


def test_a_run_that_died_before_it_counted_is_made_up_for(path, conn):
    """The mark stands in the file: whoever comes next counts what was left."""
    life = Life(conn, 1)
    refresh(conn, NOW)
    life.write("a")
    assert not are_right(conn)
    with closing(open_writer(path)) as other:
        assert refresh(other, NOW) == 1
        assert are_right(other)
        assert held(other) == anew(other)


def elsewhere(path, name: str, *, counted: bool) -> None:
    """Let another process write a record, and count it if it is to."""
    with closing(open_writer(path)) as other:
        with transaction(other):
            records.write(other, name, [live("oai:elsewhere", year=2021)], run=1, now=LATER)
        if counted:
            refresh(other, LATER)


@pytest.mark.parametrize("counted", [False, True])
def test_what_changes_while_it_is_counted_is_not_lost(path, conn, counted):
    """It stays marked; and where another process has counted it, older figures never replace those."""
    Life(conn, 1).write("a")
    meanwhile = iter([partial(elsewhere, path, "a", counted=counted)])

    def counting(*arguments):
        found = tally.tally(*arguments)
        next(meanwhile, lambda: None)()
        return found

    with patch.object(stats, "tally", side_effect=counting):
        refresh(conn, NOW)
    assert [name for name, one in standings(conn).items() if one.is_behind] == ([] if counted else ["a"])
    refresh(conn, NOW)
    assert held(conn) == anew(conn)


def test_many_repositories_are_counted_a_bundle_at_a_time(conn, monkeypatch):
    """What is kept in memory is bounded; the figures are the same."""
    life = Life(conn, 1)
    for name in NAMES:
        life.write(name)
    monkeypatch.setattr(stats, "BUNDLE", 2)
    assert refresh(conn, NOW) == 3
    kept = held(conn)
    monkeypatch.undo()
    assert kept == anew(conn)


def test_figures_of_an_older_version_are_counted_once(tmp_path):
    """Nothing in such a file tells that they are right."""
    path = tmp_path / "older.db"
    with closing(sqlite3.connect(path)) as older:
        MIGRATIONS.apply(Database(older), stop_before="m0003_figures_counted_where_records_changed")
        older.execute("INSERT INTO repositories (id, name, base_url) VALUES ('a', 'A', 'https://a.example/oai')")
        older.execute("INSERT INTO stats VALUES ('*', 'records', '-', 7, ?)", (NOW,))
        older.commit()
        assert not are_right(older)
    with closing(open_writer(path)) as conn:
        assert [refresh(conn, NOW), are_right(conn), held(conn)] == [1, True, {}]
