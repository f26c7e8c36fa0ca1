"""The repositories that a mirror holds already, so that a URL finds its own again."""

from contextlib import closing
from pathlib import Path

from mirror_db.connection import open_reader
from mirror_db.errors import MirrorMissing


def known_repositories(db: Path) -> dict[str, str]:
    """Give base URLs by id; nothing for a mirror that is not there, or whose making was cut short."""
    try:
        with closing(open_reader(db)) as conn:
            return dict(conn.execute("SELECT id, base_url FROM repositories").fetchall())
    except MirrorMissing:
        return {}
