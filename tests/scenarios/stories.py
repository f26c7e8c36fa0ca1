"""What every scenario tells: a harvest under faults, changes, another one, then the faults stop and the truth is reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harvester.engine.types import Report
from tests.faults import LIBRARY, Fault, Provider, harvest, held, library, serve


@dataclass(frozen=True)
class Story:
    """The reports of a scenario, in order: under faults, under faults after changes, and the last one without faults."""

    first: Report
    second: Report
    last: Report
    asked: tuple[int, int, int]  # requests of each

    @property
    def outcomes(self) -> tuple[str, str, str]:
        """Give the three outcomes."""
        return self.first.outcome, self.second.outcome, self.last.outcome


def lacking(server: Provider, db: Path) -> list[str]:
    """Give the identifiers that the mirror does not hold as the server does."""
    here, there = held(db), server.truth()
    return sorted(name for name, title in there.items() if here.get(name, "-") != title)


def checked(server: Provider, db: Path, **wish: object) -> tuple[Report, int]:
    """Harvest, and hold the report to its word: complete is the truth, anything else has a reason and keeps what it got."""
    before, kept = len(server.log), len(held(db)) if db.exists() else 0
    report = harvest(server, db, **wish)
    if report.outcome == "complete":
        assert lacking(server, db) == []
    else:
        assert report.reason
        assert report.state in {"partial", "failing", "deferred", "blocked"}
    assert len(held(db)) >= kept
    return report, len(server.log) - before


def change(server: Provider) -> None:
    """Edit a record, delete one, add one, and let an hour pass."""
    first, second = (one.identifier for one in server.repository.records[2:4])
    server.edit(first, "Edited between two harvests")
    server.delete(second)
    server.add(900)
    server.clock.advance(3600)


def lived(db: Path, faults: Iterable[Fault], *, repository=None, flavour: str = "strict") -> Story:  # type: ignore[no-untyped-def]
    """Live through a scenario; the faults may be of any number, and the last harvest holds the truth."""
    with serve(repository or library(25), faults, flavour=flavour) as server:
        first, a = checked(server, db)
        change(server)
        second, b = checked(server, db)
        server.faults.clear()
        server.clock.advance(8 * 86_400)
        last, c = checked(server, db)
        assert lacking(server, db) == []
        assert last.outcome == "complete"
        return Story(first, second, last, (a, b, c))


def name(number: int) -> str:
    """Give the identifier of record number `number`."""
    return f"{LIBRARY}{number}"
