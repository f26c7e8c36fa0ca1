"""The demo: our own provider on the loopback, harvested for real over HTTP, and what was found.

a free port -> provider -> sources with fixed ids -> the same harvest as ever -> two items to show
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harvester.config import Settings
from harvester.config.sources import manners_of_url, minimum_confidence
from harvester.demo import world
from harvester.demo.server import HOST, Server
from harvester.demo.site import Site
from harvester.engine.types import Report, Wish
from harvester.jobs.clock import today
from harvester.jobs.harvest import Hooks, run
from harvester.jobs.known import known_repositories
from harvester.reading.profile import Profile
from harvester.source import Pages, Source, unpaced
from mirror_db.connection import open_reader
from mirror_db.reports import Explained, explained, find_records, repositories


@dataclass(frozen=True, slots=True)
class Found:
    """What a demo brought: how the harvests ended, a row per repository, and the items to show."""

    reports: list[Report]
    repositories: list[dict[str, Any]]
    shown: dict[str, Explained]  # by what there is to see in it: newcastle, page, embargoed
    seconds: float


@contextmanager
def provider(db: Path, settings: Settings) -> Iterator[Server]:
    """Serve the demo's repositories until the block ends, on the port of the mirror's last demo where it is free.

    The base URLs, and the addresses in the records, thus stay the same from one demo to the next.
    """
    with _server(_port_before(db), settings) as server:
        yield server


def _server(port: int, settings: Settings) -> Server:
    day = today(settings)

    def make(url: str) -> Site:
        return world.site(url, day, lambda: datetime.now(UTC))

    try:
        return Server(make, port=port)
    except OSError:
        return Server(make)


def _port_before(db: Path) -> int:
    known = known_repositories(db)
    urls = [urlsplit(known[told.id]) for told in world.REPOSITORIES if told.id in known]
    ports = {url.port for url in urls if url.hostname == HOST and url.port}
    return ports.pop() if len(ports) == 1 else 0


def sources(url: str, settings: Settings) -> tuple[Source, ...]:
    """Give the repositories at the provider's address; their ids never change."""
    return tuple(
        Source(
            told.id,
            told.name,
            url + told.path,
            choose_prefixes=True,
            pages=Pages(enabled=told.id == "demo-newcastle", per_day=1000, interval_s=0.0),
            manners=unpaced(manners_of_url(settings)),
            profile=Profile(minimum_confidence=minimum_confidence(settings), repository_name=told.name),
        )
        for told in world.REPOSITORIES
    )


def harvest_demo(url: str, settings: Settings, *, db: Path, hooks: Hooks) -> Found:
    """Harvest the provider at `url` into the mirror at `db` and look at what was found."""
    started = time.monotonic()
    reports = run(settings, sources(url, settings), Wish(), db=db, jobs=min(3, os.cpu_count() or 1), hooks=hooks)
    took = time.monotonic() - started
    day = today(settings)
    wanted = {
        "newcastle": world.newcastle_item(),
        "page": world.page_item(day),
        "embargoed": world.embargoed_item(day),
    }
    with closing(open_reader(db)) as conn:
        shown = {
            name: explained(conn, record)
            for name, identifier in wanted.items()
            for record in find_records(conn, identifier)[:1]
        }
        rows = {row["id"]: row for row in repositories(conn, [told.id for told in world.REPOSITORIES])}
        return Found(reports, [rows[told.id] for told in world.REPOSITORIES], shown, took)
