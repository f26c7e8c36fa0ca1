"""The real harvest on the virtual clock, and the mirror in the form of `truth()`."""

from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

from harvester.config import load, select
from harvester.engine.types import Report, Wish
from harvester.jobs.harvest import Hooks, run
from harvester.jobs.known import known_repositories
from mirror_db.connection import open_reader
from tests.faults.clock import StopOrSleep
from tests.faults.serving import Provider

QUICK = {
    "OAI_MIRROR_HTTP__TIMEOUT_SECONDS": "10",
    "OAI_MIRROR_HTTP__CONNECT_TIMEOUT_SECONDS": "5",
    "OAI_MIRROR_HTTP__MAX_RESPONSE_SECONDS": "30",
}


def harvest(server: Provider, db: Path, *, environ: dict[str, str] | None = None, **wish: Any) -> Report:
    """Harvest the server's base URL as the command does; `wish` are `Wish`'s words, `environ` settings by variable.

    Waits take virtual time, and the harvester's own clock is the virtual one.
    """
    settings = load(environ=QUICK | (environ or {}), folder=db.parent).settings
    sources = select(settings, [server.base_url], known=known_repositories(db))
    hooks = Hooks(StopOrSleep(server.clock))
    with patch("harvester.jobs.harvest.utc_now", server.clock.text):
        (report,) = run(settings, sources, Wish(**wish), db=db, jobs=1, hooks=hooks)
    return report


def held(db: Path) -> dict[str, str | None]:
    """Give the title of every record in the mirror by its identifier, None for a deleted one."""
    with closing(open_reader(db)) as conn:
        rows = conn.execute("SELECT oai_identifier, title, deleted FROM records").fetchall()
    return {identifier: None if deleted else title for identifier, title, deleted in rows}


def faithful(db: Path, server: Provider) -> bool:
    """Tell whether the mirror holds every live record as it is and no deleted one as live.

    A tombstone that the server never showed need not be there.
    """
    mirrored, true = held(db), server.truth()
    return all(mirrored.get(name) == title for name, title in true.items()) and not any(
        title is not None and true.get(name) is None for name, title in mirrored.items()
    )
