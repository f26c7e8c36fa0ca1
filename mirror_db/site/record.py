"""A record's page: what it says of itself, and every piece of evidence for its flags."""

import json
import sqlite3
from itertools import groupby
from typing import Any, NamedTuple

from mirror_db.reports import Row, rows
from mirror_db.site.functions import raw_record
from mirror_db.site.words import place

MAX_RAW = 200_000  # characters of the raw record on the page
MAX_COPIES = 20
MAX_PARTS = 200  # people, subjects or identifiers on the page


class RecordPage(NamedTuple):
    """Everything that a record's page shows."""

    record: Row
    repository: Row
    people: tuple[Row, ...]
    subjects: tuple[Row, ...]
    identifiers: tuple[Row, ...]
    dates: tuple[Row, ...]
    evidence: tuple[Row, ...]
    issues: tuple[Row, ...]
    sets: tuple[Row, ...]
    copies: tuple[Row, ...]
    changes: tuple[Row, ...]
    witnesses: tuple[Row, ...]
    visits: tuple[Row, ...]
    raw: tuple[dict[str, Any], ...]
    licences: tuple[str, ...]

    @property
    def argument(self) -> tuple[tuple[str, str, tuple[Row, ...]], ...]:
        """The evidence by the value it was read in: where that stood, the value, and what each rule made of it."""
        groups = groupby(self.evidence, key=lambda row: (place(row), row["value"]))
        return tuple((where, value, tuple(found)) for (where, value), found in groups)


def record_page(conn: sqlite3.Connection, number: int) -> RecordPage | None:
    """Read a record's page; None when there is no such record."""
    found = rows(conn, "SELECT * FROM records WHERE id = ?", (number,))
    if not found:
        return None
    record = found[0]
    return RecordPage(
        record=record,
        repository=rows(conn, "SELECT id, name, state FROM repositories WHERE id = ?", (record["repository"],))[0],
        people=_parts(conn, "creators", number),
        subjects=_parts(conn, "subjects", number),
        identifiers=_parts(conn, "identifiers", number),
        dates=_parts(conn, "dates", number),
        evidence=_parts(conn, "evidence", number),
        issues=_parts(conn, "issues", number),
        sets=_sets(conn, record),
        copies=_copies(conn, record),
        changes=tuple(rows(conn, "SELECT * FROM flag_changes WHERE record = ? ORDER BY id DESC LIMIT 50", (number,))),
        witnesses=_witnesses(conn, record["doi"]),
        visits=tuple(rows(conn, "SELECT url, outcome, detail, asked_at FROM pages WHERE record = ?", (number,))),
        raw=_raw(conn, number),
        licences=_licences(record["licenses_all"]),
    )


def _parts(conn: sqlite3.Connection, table: str, number: int) -> tuple[Row, ...]:
    return tuple(rows(conn, f"SELECT * FROM {table} WHERE record = ? ORDER BY seq LIMIT {MAX_PARTS}", (number,)))


def _sets(conn: sqlite3.Connection, record: Row) -> tuple[Row, ...]:
    query = (
        "SELECT m.set_spec, s.name FROM record_sets AS m LEFT JOIN sets AS s ON s.repository = ? AND s.spec = m.set_spec "
        "WHERE m.record = ? ORDER BY m.set_spec LIMIT 50"
    )
    return tuple(rows(conn, query, (record["repository"], record["id"])))


def _copies(conn: sqlite3.Connection, record: Row) -> tuple[Row, ...]:
    """Give other live records with the same DOI, the open ones first."""
    if record["doi"] is None:
        return ()
    query = (
        "SELECT r.id, r.repository, p.name, r.access, r.license, r.license_family, r.is_open_access, r.version FROM records AS r "
        "JOIN repositories AS p ON p.id = r.repository WHERE r.doi = ? AND r.id <> ? AND r.deleted = 0 "
        "ORDER BY r.is_open_access DESC, r.id LIMIT ?"
    )
    return tuple(rows(conn, query, (record["doi"], record["id"], MAX_COPIES)))


def _witnesses(conn: sqlite3.Connection, doi: str | None) -> tuple[Row, ...]:
    """Give what others say of the DOI; it overwrites nothing."""
    query = (
        "SELECT witness, found, is_open_access, route, license, license_text, url, asked_at FROM witnesses "
        "WHERE doi = ? ORDER BY witness"
    )
    return tuple(rows(conn, query, (doi,))) if doi else ()


def _raw(conn: sqlite3.Connection, number: int) -> tuple[dict[str, Any], ...]:
    found = rows(
        conn,
        "SELECT prefix, received_at, notes FROM raw_records WHERE record = ? ORDER BY prefix <> 'oai_dc', id",
        (number,),
    )
    for row in found:
        text = raw_record(conn, number, row["prefix"]) or ""
        row |= {"text": text[:MAX_RAW], "cut": len(text) > MAX_RAW, "length": len(text)}
    return tuple(found)


def _licences(text: str | None) -> tuple[str, ...]:
    try:
        found = json.loads(text) if text else []
    except ValueError:
        return ()
    return tuple(str(one) for one in found) if isinstance(found, list) else ()
