"""Records as they were stored, handed out again for a new reading: no network, in the order of their numbers."""

import sqlite3
from typing import Any, NamedTuple

from mirror_db.raw import Opener


class Stored(NamedTuple):
    """One live record with its raw form in one prefix."""

    id: int
    repository: str
    oai_identifier: str
    datestamp: str | None
    sets: tuple[str, ...]
    prefix: str
    xml: bytes
    declarations: str


_SELECT = (
    "SELECT r.id, r.repository, r.oai_identifier, r.datestamp, w.prefix, w.body, c.declarations FROM records AS r "
    "JOIN raw_records AS w ON w.record = r.id JOIN contexts AS c ON c.id = w.context "
    "WHERE r.deleted = 0 AND w.body IS NOT NULL AND w.prefix = 'oai_dc'"
)
_DUE = (
    "(r.next_change_on <= :today OR r.evaluated_on > :today AND (r.embargo_end > :today OR r.license_start > :today))"
)


def any_due(conn: sqlite3.Connection, today: str) -> bool:
    """Tell whether the clock changes any verdict between the day it was made and `today` (YYYY-MM-DD)."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM records WHERE next_change_on <= :today AND deleted = 0) "
        "OR EXISTS (SELECT 1 FROM records WHERE embargo_end > :today AND evaluated_on > :today AND deleted = 0) "
        "OR EXISTS (SELECT 1 FROM records WHERE license_start > :today AND evaluated_on > :today AND deleted = 0)"
    )
    return bool(conn.execute(query, {"today": today}).fetchone()[0])


def due(conn: sqlite3.Connection, today: str, *, after: int = 0, limit: int = 500) -> list[Stored]:
    """Give records whose verdict the clock may have changed, with numbers above `after`."""
    query = f"{_SELECT} AND r.id > :after AND {_DUE} ORDER BY r.id LIMIT :limit"
    return _stored(conn, query, {"today": today, "after": after, "limit": limit})


def older_rules(conn: sqlite3.Connection, version: str, *, after: int = 0, limit: int = 500) -> list[Stored]:
    """Give records that another version of the rules has read, with numbers above `after`."""
    query = f"{_SELECT} AND r.id > :after AND r.rules_version IS NOT :version ORDER BY r.id LIMIT :limit"
    return _stored(conn, query, {"version": version, "after": after, "limit": limit})


def everything(conn: sqlite3.Connection, *, after: int = 0, limit: int = 500) -> list[Stored]:
    """Give all live records with a raw form, with numbers above `after`."""
    return _stored(conn, f"{_SELECT} AND r.id > :after ORDER BY r.id LIMIT :limit", {"after": after, "limit": limit})


def _stored(conn: sqlite3.Connection, query: str, values: dict[str, object]) -> list[Stored]:
    sets = "SELECT set_spec FROM record_sets WHERE record = ? ORDER BY set_spec"
    opener = Opener(conn)
    return [
        _one(row, tuple(s[0] for s in conn.execute(sets, (row[0],))), opener)
        for row in conn.execute(query, values).fetchall()
    ]


def _one(row: tuple[Any, ...], sets: tuple[str, ...], opener: Opener) -> Stored:
    number, repository, identifier, datestamp, prefix, body, declarations = row
    return Stored(number, repository, identifier, datestamp, sets, prefix, opener.unpack(body), declarations)
