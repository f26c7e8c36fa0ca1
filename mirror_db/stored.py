"""Records as they were stored, handed out again for a new reading: no network, in the order of their numbers.

A record comes whole: every form it was received in, and the page of its item where one was read.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from mirror_db.raw import Opener, unpack


class Form(NamedTuple):
    """A record's raw form in one metadata prefix."""

    prefix: str
    xml: bytes
    declarations: str


class KeptPage(NamedTuple):
    """The page of an item as received; `marks` are (kind, text) of what every page of its site says."""

    url: str
    day: str
    content_type: str
    link: str
    body: bytes
    marks: tuple[tuple[str, str], ...]


class Stored(NamedTuple):
    """One live record with every raw form that is kept of it; none is empty for a record that was never kept raw."""

    id: int
    repository: str
    oai_identifier: str
    datestamp: str | None
    sets: tuple[str, ...]
    forms: tuple[Form, ...]
    page: KeptPage | None = None


_SELECT = "SELECT r.id, r.repository, r.oai_identifier, r.datestamp FROM records AS r WHERE r.deleted = 0"
_FORMS = (
    "SELECT w.prefix, w.body, c.declarations FROM raw_records AS w JOIN contexts AS c ON c.id = w.context "
    "WHERE w.record = ? AND w.body IS NOT NULL AND w.tombstone IS NULL ORDER BY w.prefix"
)
_PAGE = (
    "SELECT coalesce(p.final_url, p.url), substr(p.read_at, 1, 10), p.content_type, p.link, p.body, s.marks FROM pages AS p "
    "LEFT JOIN page_sites AS s ON s.repository = ? AND substr(p.url, 1, length(s.host) + 1) = s.host || '/' "
    "WHERE p.record = ? AND p.body IS NOT NULL AND p.outcome IN ('read', 'unchanged', 'failed') LIMIT 1"
)
# Nearly all repositories are listed in one prefix and their pages are not visited: this tells in a few microseconds.
_MAY_HAVE_MORE = (
    "SELECT EXISTS (SELECT 1 FROM lists WHERE repository = :repository AND prefix <> :prefix) "
    "OR EXISTS (SELECT 1 FROM page_days WHERE repository = :repository)"
)
# The first line serves a clock that goes on, the second one that is set back (OAI_MIRROR_TODAY); each has its index.
_DUE = (
    "(r.next_change_on <= :today "
    "OR r.embargo_end > :today AND r.evaluated_on > :today OR r.license_start > :today AND r.evaluated_on > :today)"
)


def any_due(conn: sqlite3.Connection, today: str) -> bool:
    """Tell whether the clock changes any verdict between the day it was made and `today` (YYYY-MM-DD)."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM records WHERE next_change_on <= :today AND deleted = 0) "
        "OR EXISTS (SELECT 1 FROM records WHERE embargo_end > :today AND evaluated_on > :today AND deleted = 0) "
        "OR EXISTS (SELECT 1 FROM records WHERE license_start > :today AND evaluated_on > :today AND deleted = 0)"
    )
    return bool(conn.execute(query, {"today": today}).fetchone()[0])


def repositories_due(conn: sqlite3.Connection, today: str) -> list[str]:
    """Give the repositories with records whose verdict the clock may have changed."""
    query = f"SELECT DISTINCT r.repository FROM records AS r WHERE r.deleted = 0 AND {_DUE} ORDER BY 1"
    return [row[0] for row in conn.execute(query, {"today": today})]


def due(conn: sqlite3.Connection, repository: str, today: str, *, after: int = 0, limit: int = 500) -> list[Stored]:
    """Give records of a repository whose verdict the clock may have changed, with numbers above `after`."""
    query = f"{_SELECT} AND r.repository = :repository AND r.id > :after AND {_DUE} ORDER BY r.id LIMIT :limit"
    return _stored(conn, query, {"repository": repository, "today": today, "after": after, "limit": limit})


def held(conn: sqlite3.Connection, repository: str, *, after: int = 0, limit: int = 500) -> list[Stored]:
    """Give the live records of a repository with numbers above `after`."""
    query = f"{_SELECT} AND r.repository = :repository AND r.id > :after ORDER BY r.id LIMIT :limit"
    return _stored(conn, query, {"repository": repository, "after": after, "limit": limit})


def of_identifiers(conn: sqlite3.Connection, repository: str, identifiers: Sequence[str]) -> dict[str, Stored]:
    """Give those of a repository's live records that the mirror holds, by OAI identifier."""
    query = (
        f"{_SELECT} AND r.repository = :repository AND r.oai_identifier IN (SELECT value FROM json_each(:identifiers))"
    )
    found = _stored(conn, query, {"repository": repository, "identifiers": json.dumps([*identifiers])})
    return {one.oai_identifier: one for one in found}


def with_more(conn: sqlite3.Connection, repository: str, prefix: str, identifiers: Sequence[str]) -> dict[str, Stored]:
    """Give those records, live or deleted, that have a live form in another prefix or a page, by OAI identifier."""
    values: dict[str, object] = {"repository": repository, "prefix": prefix, "identifiers": json.dumps([*identifiers])}
    if not conn.execute(_MAY_HAVE_MORE, values).fetchone()[0]:
        return {}
    query = (
        "SELECT r.id, r.repository, r.oai_identifier, r.datestamp FROM json_each(:identifiers) AS asked "
        "CROSS JOIN records AS r ON r.repository = :repository AND r.oai_identifier = asked.value "
        "WHERE EXISTS (SELECT 1 FROM raw_records AS w WHERE w.record = r.id AND w.prefix <> :prefix AND w.tombstone IS NULL) "
        "OR EXISTS (SELECT 1 FROM pages AS p WHERE p.record = r.id AND p.body IS NOT NULL)"
    )
    return {one.oai_identifier: one for one in _stored(conn, query, values)}


def of_number(conn: sqlite3.Connection, number: int) -> Stored | None:
    """Give one live record by its number."""
    found = _stored(conn, f"{_SELECT} AND r.id = :number", {"number": number})
    return found[0] if found else None


def settle(conn: sqlite3.Connection, numbers: list[int]) -> None:
    """Take records that cannot be read again off the clock: their verdicts stay, dated by the day they were made."""
    conn.executemany("UPDATE records SET next_change_on = NULL WHERE id = ?", ((number,) for number in numbers))


def _stored(conn: sqlite3.Connection, query: str, values: dict[str, object]) -> list[Stored]:
    opener = Opener(conn)
    sets = "SELECT set_spec FROM record_sets WHERE record = ? ORDER BY set_spec"
    found = []
    for number, repository, identifier, datestamp in conn.execute(query, values).fetchall():
        kept = tuple(Form(prefix, opener.unpack(body), text) for prefix, body, text in conn.execute(_FORMS, (number,)))
        specs = tuple(row[0] for row in conn.execute(sets, (number,)))
        page = _page(conn, repository, number)
        found.append(Stored(number, repository, identifier, datestamp, specs, kept, page))
    return found


def _page(conn: sqlite3.Connection, repository: str, number: int) -> KeptPage | None:
    row = conn.execute(_PAGE, (repository, number)).fetchone()
    if row is None:
        return None
    url, day, content_type, link, body, marks = row
    known = tuple((str(kind), str(text)) for kind, text in json.loads(marks or "[]"))
    return KeptPage(url, day or "", content_type or "", link or "", unpack(body), known)
