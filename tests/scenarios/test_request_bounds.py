"""No run makes more than twice the requests of a faultless one, plus its retries and what narrowing may take besides (issue 4)."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from harvester.demo.model import DAY, Repository
from harvester.demo.tokens import EprintsTokens
from mirror_db import ledger
from mirror_db.connection import open_reader
from tests import faults
from tests.faults import Fault, Provider, harvest, held, library, serve
from tests.scenarios.stories import lacking, name

NARROWING = 20  # harvest.narrowing_requests


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Give the place of a mirror."""
    return tmp_path / "mirror.db"


def pages_of(repository: Repository) -> int:
    """Give how many pages the whole list has."""
    return -(-len(repository.records) // repository.page_size)


def without_size() -> Fault:
    """No list says how long it is."""
    return faults.size("")


def by_number(repository: Repository) -> Repository:
    """Give a repository that lists by item number, its datestamps mixed."""
    stamps = [one.datestamp for one in repository.records]
    mixed = [stamps[(7 * place) % len(stamps)] for place in range(len(stamps))]
    records = tuple(one._replace(datestamp=at) for one, at in zip(repository.records, mixed, strict=True))
    return replace(repository, records=records, tokens=EprintsTokens())


def on_one_day(repository: Repository) -> Repository:
    """Give a repository whose records share one datestamp."""
    stamped = tuple(one._replace(datestamp="2025-06-01T12:00:00Z") for one in repository.records)
    return replace(repository, records=stamped)


Make = Callable[[], Fault]
POISON = faults.poison_record
WITHIN_TWICE: dict[str, tuple[Repository, tuple[Make, ...]]] = {
    "page 3 fails": (library(40), (lambda: faults.status(500).only(page=3),)),
    "page 3 of records fails": (library(40), (lambda: faults.status(500).only(verb="ListRecords", page=3),)),
    "page 3 fails, in days": (library(40, granularity=DAY), (lambda: faults.status(500).only(page=3),)),
    "page 3 breaks off": (library(40), (lambda: faults.truncate_document().only(page=3),)),
    "page 30 of 40 fails": (library(400), (lambda: faults.status(500).only(page=30),)),
    "a record fails": (library(40), (lambda: POISON(name(25)),)),
    "the first record fails": (library(40), (lambda: POISON(name(1)),)),
    "the last record fails": (library(40), (lambda: POISON(name(40)),)),
    "tokens die after two, for ever": (library(100), (lambda: faults.expire_tokens_after(2, times=999),)),
    "tokens die at once, for ever": (library(100), (lambda: faults.expire_tokens_after(1, times=999),)),
    "no token is ever good": (library(100), (lambda: faults.expire_tokens_after(0, times=999),)),
}
WITH_NARROWING: dict[str, tuple[Repository, tuple[Make, ...]]] = {
    "one of a hundred fails": (library(400, page_size=100), (lambda: POISON(name(250)),)),
    "two of a hundred fail": (library(400, page_size=100), (lambda: POISON(name(250)), lambda: POISON(name(120)))),
    "nothing is announced, a record fails": (library(40), (without_size, lambda: POISON(name(25)))),
    "by number, page 3 fails": (by_number(library(40)), (lambda: faults.status(500).only(page=3),)),
    "by number, a record fails": (by_number(library(400, page_size=100)), (lambda: POISON(name(250)),)),
    "by number, tokens die": (by_number(library(100)), (lambda: faults.expire_tokens_after(2, times=999),)),
    "one datestamp, a record fails": (on_one_day(library(40)), (lambda: POISON(name(25)),)),
    "every list of records breaks off": (library(25), (lambda: faults.truncate(700).only(verb="ListRecords"),)),
    "a page in three is empty": (library(120), (lambda: faults.empty_page(3),)),
    "every list ends early": (library(400), (lambda: faults.short_list(30),)),
    "tokens are answered with no records": (library(120), (lambda: faults.nrm_on_token(3),)),
    "every long list of records fails": (library(400), (lambda: faults.status(500).only(verb="ListRecords"),)),
}


@pytest.mark.parametrize("case", WITHIN_TWICE)
def test_one_fault_costs_no_more_than_the_list_again(case: str, db: Path) -> None:
    """However often the run is repeated."""
    repository, made = WITHIN_TWICE[case]
    with serve(repository, [make() for make in made]) as server:
        for _ in range(2):
            check(server, db, repository)


@pytest.mark.parametrize("case", WITH_NARROWING)
def test_what_is_hard_to_go_round_has_a_bound_and_comes_in_the_end(case: str, db: Path) -> None:
    """Each run goes on where the last one stopped, until all is there that can be had."""
    repository, made = WITH_NARROWING[case]
    poisoned = sum(make is not without_size and "poison" in make().name for make in made)
    with serve(repository, [make() for make in made]) as server:
        for _ in range(8):
            check(server, db, repository, NARROWING)
        assert len(lacking(server, db)) == poisoned


@pytest.mark.parametrize("case", [*WITHIN_TWICE, *WITH_NARROWING])
def test_a_stricter_bound_is_a_setting(case: str, db: Path) -> None:
    """With nothing besides, no run makes more than twice the requests of a faultless one: it takes more runs."""
    repository, made = (WITHIN_TWICE | WITH_NARROWING)[case]
    poisoned = sum(make is not without_size and "poison" in make().name for make in made)
    with serve(repository, [make() for make in made]) as server:
        for _ in range(9):
            check(server, db, repository, environ={"OAI_MIRROR_HARVEST__NARROWING_REQUESTS": "0"})
        assert len(lacking(server, db)) == poisoned or case == "one datestamp, a record fails"  # two records a run


def check(
    server: Provider, db: Path, repository: Repository, besides: int = 0, environ: dict[str, str] | None = None
) -> None:
    """Harvest once, and hold it to its word and to its bound."""
    before, kept = len(server.log), len(held(db)) if db.exists() else 0
    report = harvest(server, db, environ=environ)
    assert len(server.log) - before <= 2 * (pages_of(repository) + 3) + report.retries + besides
    assert (report.outcome == "complete") <= (lacking(server, db) == [])
    assert len(held(db)) >= kept
    server.clock.advance(90_000)


def test_a_server_out_of_order_is_left_alone_soon(db: Path) -> None:
    """Six attempts at the first page, one at its identifiers, eight at shorter lists; then nothing more."""
    with serve(library(25), [faults.status(500)]) as server:
        assert (harvest(server, db).outcome, len(server.log)) == ("failed", 18)


def test_what_was_shown_in_order_is_not_asked_again(db: Path) -> None:
    """Where the rest brings exactly what was announced beyond it."""
    with serve(library(100), [faults.expire_tokens_after(2)]) as server:
        assert harvest(server, db).outcome == "complete"
        assert [
            one.params.get("from") for one in server.asked("ListRecords") if not one.params.get("resumptionToken")
        ] == [
            None,
            "2025-01-31T12:00:00Z",
        ]


def test_what_was_shown_is_asked_again_where_nothing_was_announced(db: Path) -> None:
    """The order of some pages alone proves nothing."""
    with serve(library(100), [faults.expire_tokens_after(2), without_size()]) as server:
        assert harvest(server, db).outcome == "complete"
        assert server.asked("ListRecords")[-3].params.get("until") == "2025-01-31T12:00:00Z"


def test_a_record_behind_the_order_is_found(db: Path) -> None:
    """A server whose lists begin in order and go on otherwise is not believed."""
    repository = library(40)
    first, *others = repository.records
    odd = replace(repository, records=(*others, first._replace(identifier=name(99))), tokens=EprintsTokens())
    with serve(odd, [faults.status(500).only(page=3)]) as server:
        for _ in range(3):
            report = harvest(server, db)
        assert (report.outcome, lacking(server, db)) == ("complete", [])


def test_a_kill_between_the_last_page_and_the_end_costs_one_list_of_what_followed(db: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """The ledger knows that the last page is there: it is not asked for again, and no change since is missed."""

    class Killed(BaseException):
        pass

    def die(*args: object, **words: object) -> None:
        raise Killed

    with serve(library(40)) as server:
        with monkeypatch.context() as patched:
            patched.setattr(ledger, "end", die)
            with pytest.raises(Killed):
                harvest(server, db)
        server.edit(name(5), "Edited while nobody harvested")
        server.clock.advance(7 * 86_400)
        asked = len(server.log)
        monkeypatch.setattr("mirror_db.leases._lives", lambda *_: False)
        report = harvest(server, db)
        assert (report.outcome, lacking(server, db)) == ("complete", [])
        assert [(one.verb, one.params.get("from")) for one in server.log[asked:]] == [
            ("Identify", None),
            ("ListRecords", "2026-03-02T07:55:04Z"),
        ]
    with closing(open_reader(db)) as conn:
        assert conn.execute("SELECT purpose, proven, token FROM lists ORDER BY id").fetchall() == [
            ("full", 1, None),
            ("incremental", 1, None),
        ]
