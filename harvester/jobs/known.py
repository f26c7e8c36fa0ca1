"""The repositories that a mirror holds already, so that a URL finds its own again."""

from contextlib import closing
from pathlib import Path

from mirror_db.connection import open_reader


def known_repositories(db: Path) -> dict[str, str]:
    """Give base URLs by id; nothing for a mirror that does not exist yet."""
    if not db.exists() or not db.stat().st_size:
        return {}
    with closing(open_reader(db)) as conn:
        return dict(conn.execute("SELECT id, base_url FROM repositories").fetchall())
