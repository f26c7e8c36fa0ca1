"""Visits to pages of items: which records want one, what a day may still ask, and what a visit brought."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from mirror_db.connection import transaction
from mirror_db.raw import pack


class Wanted(NamedTuple):
    """A record whose page is to be visited; `etag` and `last_modified` are those of the body that is kept."""

    record: int
    url: str
    failures: int
    etag: str | None
    last_modified: str | None
    has_body: bool


class Visit(NamedTuple):
    """How a visit ended; `body` only where it brought one that is to be kept."""

    url: str
    outcome: str  # read, unchanged, refused, forbidden or failed
    detail: str | None
    status: int | None
    next_at: str
    failures: int = 0
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    link: str | None = None
    body: bytes | None = None


class Site(NamedTuple):
    """What is known of a site: robots.txt, and the statements of its home page."""

    robots: str | None
    robots_status: int | None
    marks: tuple[tuple[str, str], ...]
    asked_at: str


# First those never visited, by what is missing and how new they are; then those whose time has come again.
_WANTED = (
    "SELECT r.id, r.landing_url, coalesce(p.failures, 0), p.etag, p.last_modified, p.body IS NOT NULL FROM records AS r "
    "LEFT JOIN pages AS p ON p.record = r.id WHERE r.repository = :repository AND r.deleted = 0 AND r.landing_url IS NOT NULL "
    "AND (p.record IS NULL AND (r.access = 'unknown' OR r.license IS NULL) OR p.next_at <= :now OR p.url <> r.landing_url) "
    "ORDER BY p.record IS NOT NULL, r.access <> 'unknown', r.datestamp DESC, r.id LIMIT :limit"
)


def knows(conn: sqlite3.Connection, repository: str) -> bool:
    """Tell whether the mirror has met a repository."""
    return conn.execute("SELECT 1 FROM repositories WHERE id = ?", (repository,)).fetchone() is not None


def wanted(conn: sqlite3.Connection, repository: str, *, now: str, limit: int) -> list[Wanted]:
    """Give live records whose access or licence is unknown and whose page was never visited, or whose next visit is due."""
    values = {"repository": repository, "now": now, "limit": limit}
    return [Wanted._make((*row[:5], bool(row[5]))) for row in conn.execute(_WANTED, values)]


def take_visit(conn: sqlite3.Connection, repository: str, *, day: str, per_day: int) -> bool:
    """Take one visit of the day's budget before it is made; False when the budget is spent. A kill loses the visit, never the count."""
    with transaction(conn):
        cursor = conn.execute(
            "INSERT INTO page_days (repository, day, visits) SELECT ?, ?, 1 WHERE ? > 0 "
            "ON CONFLICT (repository, day) DO UPDATE SET visits = visits + 1 WHERE visits < ?",
            (repository, day, per_day, per_day),
        )
        return cursor.rowcount == 1


def visits_left(conn: sqlite3.Connection, repository: str, *, day: str, per_day: int) -> int:
    """Give how many visits the day's budget still holds."""
    row = conn.execute("SELECT visits FROM page_days WHERE repository = ? AND day = ?", (repository, day)).fetchone()
    return max(0, per_day - (row[0] if row else 0))


def keep(conn: sqlite3.Connection, record: int, visit: Visit, *, now: str) -> None:
    """Write what a visit brought, inside the caller's transaction; an older body stays where it brought none."""
    read_at = now if visit.body is not None or visit.outcome == "unchanged" else None
    conn.execute(
        "INSERT INTO pages (record, url, final_url, outcome, detail, status, asked_at, read_at, next_at, failures, etag, last_modified, "
        "content_type, link, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record) DO UPDATE SET "
        "url = excluded.url, outcome = excluded.outcome, detail = excluded.detail, status = excluded.status, asked_at = excluded.asked_at, "
        "read_at = coalesce(excluded.read_at, read_at), next_at = excluded.next_at, failures = excluded.failures, "
        "final_url = iif(excluded.body IS NULL, final_url, excluded.final_url), etag = iif(excluded.body IS NULL, etag, excluded.etag), "
        "last_modified = iif(excluded.body IS NULL, last_modified, excluded.last_modified), "
        "content_type = iif(excluded.body IS NULL, content_type, excluded.content_type), "
        "link = iif(excluded.body IS NULL, link, excluded.link), body = coalesce(excluded.body, body)",
        (
            record,
            visit.url,
            visit.final_url,
            visit.outcome,
            visit.detail,
            visit.status,
            now,
            read_at,
            visit.next_at,
            visit.failures,
            visit.etag,
            visit.last_modified,
            visit.content_type,
            visit.link,
            None if visit.body is None else pack(visit.body),
        ),
    )


def site(conn: sqlite3.Connection, repository: str, host: str) -> Site | None:
    """Give what is known of a site (scheme, host and port), or None where it was never asked."""
    row = conn.execute(
        "SELECT robots, robots_status, marks, asked_at FROM page_sites WHERE repository = ? AND host = ?",
        (repository, host),
    ).fetchone()
    if row is None:
        return None
    return Site(row[0], row[1], tuple((str(kind), str(text)) for kind, text in json.loads(row[2])), row[3])


def keep_site(conn: sqlite3.Connection, repository: str, host: str, known: Site) -> None:
    """Write what is known of a site."""
    with transaction(conn):
        conn.execute(
            "INSERT OR REPLACE INTO page_sites (repository, host, robots, robots_status, marks, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
            (repository, host, known.robots, known.robots_status, _json(known.marks), known.asked_at),
        )


def _json(marks: Iterable[tuple[str, str]]) -> str:
    return json.dumps(sorted(marks), ensure_ascii=False)
