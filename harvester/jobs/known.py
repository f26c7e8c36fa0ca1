"""The repositories that a mirror holds already, so that a URL finds its own again."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from harvester.config import Settings, select
from harvester.config.sources import profile_of
from harvester.reading.profile import Profile
from harvester.source import Source, same_repository
from mirror_db.connection import open_reader, transaction
from mirror_db.errors import MirrorMissing
from mirror_db.repositories import enter


def known_repositories(db: Path) -> dict[str, str]:
    """Give base URLs by id; nothing for a mirror that is not there, or whose making was cut short."""
    try:
        with closing(open_reader(db)) as conn:
            return dict(conn.execute("SELECT id, base_url FROM repositories").fetchall())
    except MirrorMissing:
        return {}


def profile_held(conn: sqlite3.Connection, settings: Settings, name: str) -> Profile:
    """Give how a repository that the mirror holds is read, just as its harvest reads it."""
    (base_url,) = conn.execute("SELECT base_url FROM repositories WHERE id = ?", (name,)).fetchone()
    return profile_of(settings, name, base_url)


def claimed(conn: sqlite3.Connection, settings: Settings, sources: Sequence[Source]) -> tuple[Source, ...]:
    """Enter the repositories in the mirror; one whose id another process has taken since for another server gets its own."""
    with transaction(conn):
        known = dict(conn.execute("SELECT id, base_url FROM repositories").fetchall())
        return tuple(_claimed(conn, settings, source, known) for source in sources)


def _claimed(conn: sqlite3.Connection, settings: Settings, source: Source, known: dict[str, str]) -> Source:
    is_taken = source.id in known and not same_repository(known[source.id], source.base_url)
    if is_taken and not source.configured:
        (source,) = select(settings, [source.base_url], known=known)
    enter(conn, source.id, name=source.name, base_url=source.base_url, country=source.country)
    known[source.id] = source.base_url
    return source


def meant(settings: Settings, targets: Sequence[str], db: Path) -> tuple[Source, ...]:
    """Give the repositories that names and URLs mean: those configured, and by name those that the mirror holds already.

    Raises ConfigError for a name that is neither, or a URL that is none.
    """
    known = known_repositories(db)
    urls = [target if target in settings.repositories else known.get(target, target) for target in targets]
    return select(settings, urls, known=known)
