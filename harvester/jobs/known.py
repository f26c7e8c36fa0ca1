"""The repositories that a mirror holds already, so that a URL finds its own again."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from harvester.config import Settings, select
from harvester.source import Source
from mirror_db.connection import open_reader
from mirror_db.errors import MirrorMissing


def known_repositories(db: Path) -> dict[str, str]:
    """Give base URLs by id; nothing for a mirror that is not there, or whose making was cut short."""
    try:
        with closing(open_reader(db)) as conn:
            return dict(conn.execute("SELECT id, base_url FROM repositories").fetchall())
    except MirrorMissing:
        return {}


def meant(settings: Settings, targets: Sequence[str], db: Path) -> tuple[Source, ...]:
    """Give the repositories that names and URLs mean: those configured, and by name those that the mirror holds already.

    Raises ConfigError for a name that is neither, or a URL that is none.
    """
    known = known_repositories(db)
    urls = [target if target in settings.repositories else known.get(target, target) for target in targets]
    return select(settings, urls, known=known)
