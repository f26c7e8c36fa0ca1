"""The digest: the report since the last one, into the outbox of every way of telling."""

import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from harvester.config import Settings
from harvester.jobs.report import gather
from harvester.jobs.report_text import as_html, as_text, headline
from harvester.jobs.ways import ways_of
from mirror_db import outbox
from mirror_db.connection import open_writer, transaction
from mirror_db.store import utc_now

_KEY = "digest_until"
FIRST_DAYS = 7  # the first digest looks back so far


def send_digest(db: Path, settings: Settings) -> str:
    """Put the report since the last digest into the outbox; gives the instant from which it tells."""
    now = utc_now()
    with closing(open_writer(db)) as conn:
        row = conn.execute("SELECT value FROM settings WHERE key = ?", (_KEY,)).fetchone()
        since = row[0] if row else _before(now)
        found = gather(conn, since)
        message = {
            "program": "oai-mirror",
            "kind": "digest",
            "text": headline(found),
            "since": since,
            "body": as_text(found),
            "html": as_html(found),
        }
        outbox.tell(conn, json.dumps(message, ensure_ascii=False), ways_of(settings), now=now)
        with transaction(conn):
            conn.execute(
                "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_KEY, now),
            )
    return str(since)


def _before(now: str) -> str:
    return (datetime.fromisoformat(now) - timedelta(days=FIRST_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
