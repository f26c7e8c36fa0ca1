"""Questions that commands ask of a mirror, each answered with plain rows."""

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

Row = dict[str, Any]


class Explained(NamedTuple):
    """One record with everything that was read in it."""

    record: Row
    evidence: tuple[Row, ...]
    issues: tuple[Row, ...]
    identifiers: tuple[Row, ...]
    sets: tuple[str, ...]
    changes: tuple[Row, ...]


def rows(conn: sqlite3.Connection, query: str, values: Iterable[Any] = ()) -> list[Row]:
    """Give the rows of a query as dictionaries by column name."""
    cursor = conn.execute(query, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def repositories(conn: sqlite3.Connection, names: Iterable[str] = ()) -> list[Row]:
    """Give a row per repository: its standing, its counts, its newest run and that run's warnings."""
    wanted = tuple(names)
    where = f"WHERE p.id IN ({', '.join('?' * len(wanted))})" if wanted else ""
    found = rows(
        conn,
        "SELECT p.id, p.name, p.base_url, p.state, p.state_reason, p.state_since, p.not_before, p.last_complete_at, p.failures, "
        "p.admin_emails, p.redirected_to, r.id AS run, r.kind AS run_kind, r.outcome AS run_outcome, r.reason AS run_reason, "
        "r.started_at AS run_started_at, r.ended_at AS run_ended_at, r.listed AS run_listed, "
        "a.at AS next_at, a.kind AS next_kind, a.reason AS next_reason, l.holder, l.beat_at, "
        "(SELECT count(*) FROM quarantine AS q WHERE q.repository = p.id AND q.resolved_at IS NULL) AS quarantined "
        "FROM repositories AS p LEFT JOIN runs AS r ON r.id = p.last_run "
        "LEFT JOIN appointments AS a ON a.repository = p.id LEFT JOIN leases AS l ON l.repository = p.id "
        f"{where} ORDER BY p.id",
        wanted,
    )
    for row in found:
        row |= _counts(conn, row["id"])
        row["warnings"] = list(dict.fromkeys(f"{w['code']}: {w['detail']}" for w in _warnings(conn, row["run"])))
        row["lists"] = _open_lists(conn, row["id"])
    return found


def _counts(conn: sqlite3.Connection, repository: str) -> Row:
    return rows(
        conn,
        "SELECT count(*) FILTER (WHERE deleted = 0) AS records, count(*) FILTER (WHERE deleted = 1) AS tombstones, "
        "coalesce(sum(is_open_access), 0) AS open_access, coalesce(sum(is_cc_by_nc), 0) AS cc_by_nc, "
        "count(*) FILTER (WHERE is_open_access = 1 AND is_cc_by_nc = 1) AS cc_by_nc_open "
        "FROM records WHERE repository = ?",
        (repository,),
    )[0]


def _warnings(conn: sqlite3.Connection, run: int | None) -> list[Row]:
    return rows(conn, "SELECT code, detail FROM warnings WHERE run = ? ORDER BY id", (run,))


def _open_lists(conn: sqlite3.Connection, repository: str) -> list[Row]:
    return rows(
        conn,
        'SELECT id, purpose, "set", "from", "until", pages, got, expected, started_at FROM lists '
        "WHERE repository = ? AND ended_at IS NULL AND parent IS NULL ORDER BY id",
        (repository,),
    )


def find_records(conn: sqlite3.Connection, text: str) -> list[Row]:
    """Give the records that `text` names: an OAI identifier, a number of this mirror, a DOI, or an address of the item."""
    bare = text.strip()
    doi = bare.lower().removeprefix("https://doi.org/").removeprefix("http://doi.org/").removeprefix("doi:").strip()
    number = int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 19 else -1
    for query, value in (
        ("SELECT * FROM records WHERE oai_identifier = ? ORDER BY id", bare),
        ("SELECT * FROM records WHERE id = ?", number),
        ("SELECT * FROM records WHERE doi = ? ORDER BY id", doi),
        ("SELECT * FROM records WHERE landing_url = ? OR file_url = ?1 ORDER BY id LIMIT 20", bare),
    ):
        found = rows(conn, query, (value,))
        if found:
            return found
    return []


def explained(conn: sqlite3.Connection, record: Row) -> Explained:
    """Give all that was read in a record."""
    number = (record["id"],)
    return Explained(
        record,
        tuple(rows(conn, "SELECT * FROM evidence WHERE record = ? ORDER BY seq", number)),
        tuple(rows(conn, "SELECT * FROM issues WHERE record = ? ORDER BY seq", number)),
        tuple(rows(conn, "SELECT * FROM identifiers WHERE record = ? ORDER BY seq", number)),
        tuple(
            r["set_spec"] for r in rows(conn, "SELECT set_spec FROM record_sets WHERE record = ? ORDER BY 1", number)
        ),
        tuple(rows(conn, "SELECT * FROM flag_changes WHERE record = ? ORDER BY id DESC LIMIT 20", number)),
    )


def unread_rights(conn: sqlite3.Connection, repository: str | None = None, *, limit: int = 100) -> list[Row]:
    """Give the rights values that no rule understood, most frequent first, with repositories and an example record."""
    where = "AND r.repository = ?" if repository else ""
    return rows(
        conn,
        "SELECT e.value, e.element, count(*) AS records, count(DISTINCT r.repository) AS repositories, "
        "group_concat(DISTINCT r.repository) AS repository_names, min(r.oai_identifier) AS example "
        "FROM evidence AS e JOIN records AS r ON r.id = e.record "
        f"WHERE e.rule = 'unread' AND r.deleted = 0 {where} "
        "GROUP BY e.value, e.element ORDER BY records DESC, e.value LIMIT ?",
        (*((repository,) if repository else ()), limit),
    )
