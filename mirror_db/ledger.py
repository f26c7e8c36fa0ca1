"""The ledger of lists: what was asked, how far it got, and whether its end was proven."""

import json
import sqlite3
from typing import NamedTuple

from mirror_db.entries import Progress

_COLUMNS = (
    'id, run, parent, verb, purpose, prefix, "set", "from", "until", token, token_expires, pages, expected, got, restarts, '
    "met_before, first_response_date, started_at, ended_at, ended, proven"
)


class List(NamedTuple):
    """One row of `lists`; `from_` and `until` are the arguments as sent."""

    id: int
    run: int
    parent: int | None
    verb: str
    purpose: str
    prefix: str
    set: str | None
    from_: str | None
    until: str | None
    token: str | None
    token_expires: str | None
    pages: int
    expected: int | None
    got: int
    restarts: int
    met_before: int | None
    first_response_date: str | None
    started_at: str
    ended_at: str | None
    ended: str | None
    proven: int


class NewList(NamedTuple):
    """A list about to be asked."""

    verb: str
    purpose: str
    prefix: str
    set: str | None = None
    from_: str | None = None
    until: str | None = None
    parent: int | None = None


def open_list(conn: sqlite3.Connection, repository: str, run: int, new: NewList, *, now: str) -> int:
    """Enter a list and give its number."""
    cursor = conn.execute(
        'INSERT INTO lists (repository, run, verb, purpose, prefix, "set", "from", "until", parent, started_at, newest_record) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM records))",
        (repository, run, *new, now),
    )
    return int(cursor.lastrowid or 0)


def advance(conn: sqlite3.Connection, progress: Progress, *, run: int) -> None:
    """Enter a page: the token to send next and what has been got."""
    conn.execute(
        "UPDATE lists SET run = ?, token = ?, token_expires = ?, expected = coalesce(?, expected), "
        "first_response_date = coalesce(first_response_date, ?), pages = pages + ?, got = got + ? WHERE id = ?",
        (
            run,
            progress.token,
            progress.token_expires,
            progress.expected,
            progress.first_response_date,
            progress.pages,
            progress.got,
            progress.list,
        ),
    )


def announce(conn: sqlite3.Connection, number: int, expected: int) -> None:
    """Enter the size that a list of the same identifiers announced, where the list itself announced none."""
    conn.execute("UPDATE lists SET expected = coalesce(expected, ?) WHERE id = ?", (expected, number))


def restart(conn: sqlite3.Connection, number: int, *, run: int) -> None:
    """Begin a list again from its first page: its records stay, but who is still there only the new beginning can tell."""
    conn.execute(
        "UPDATE lists SET run = ?, token = NULL, token_expires = NULL, got = 0, expected = NULL, restarts = restarts + 1, "
        "first_response_date = NULL, newest_record = (SELECT coalesce(max(id), 0) FROM records) WHERE id = ?",
        (run, number),
    )
    forget_seen(conn, number)


def end(conn: sqlite3.Connection, number: int, *, ended: str, proven: bool, now: str) -> None:
    """Close a list with the reason for its end."""
    conn.execute(
        "UPDATE lists SET ended = ?, ended_at = ?, proven = ?, token = NULL, token_expires = NULL, first_response_date = "
        "coalesce(first_response_date, (SELECT min(w.first_response_date) FROM lists AS w WHERE w.parent = lists.id)) "
        "WHERE id = ?",
        (ended, now, int(proven), number),
    )


def abandon(conn: sqlite3.Connection, number: int, *, now: str) -> None:
    """Close a list and its windows unproven, and forget who was met in them."""
    conn.executemany(
        "UPDATE lists SET ended = 'given up for a newer list', ended_at = ?, proven = 0, token = NULL "
        "WHERE id = ? AND ended_at IS NULL",
        ((now, one) for one in tree(conn, number)),
    )
    forget_seen(conn, number)


def expected_of(conn: sqlite3.Connection, run: int) -> int | None:
    """Give how many records the lists of a run were announced to hold together, windows left out."""
    row = conn.execute("SELECT sum(expected) FROM lists WHERE run = ? AND parent IS NULL", (run,)).fetchone()
    return None if row[0] is None else int(row[0])


def get(conn: sqlite3.Connection, number: int) -> List:
    """Give one row. Raises KeyError when there is none."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM lists WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise KeyError(number)
    return List(*row)


def unfinished(conn: sqlite3.Connection, repository: str) -> tuple[List, ...]:
    """Give the repository's lists that have no end yet, oldest first."""
    query = f"SELECT {_COLUMNS} FROM lists WHERE repository = ? AND ended_at IS NULL ORDER BY id"
    return tuple(List(*row) for row in conn.execute(query, (repository,)))


def children(conn: sqlite3.Connection, number: int) -> tuple[List, ...]:
    """Give the windows a list was cut into, in order."""
    query = f"SELECT {_COLUMNS} FROM lists WHERE parent = ? ORDER BY id"
    return tuple(List(*row) for row in conn.execute(query, (number,)))


def last_proven(conn: sqlite3.Connection, repository: str, prefix: str, set_spec: str | None) -> List | None:
    """Give the newest proven list that reached the present: the next `from` is counted from it (design rule 2)."""
    query = (
        f'SELECT {_COLUMNS} FROM lists WHERE repository = ? AND prefix = ? AND "set" IS ? AND proven = 1 '
        "AND parent IS NULL AND verb = 'ListRecords' AND purpose IN ('full', 'incremental') AND first_response_date IS NOT NULL "
        "ORDER BY id DESC LIMIT 1"
    )
    row = conn.execute(query, (repository, prefix, set_spec)).fetchone()
    return None if row is None else List(*row)


def mark_seen(conn: sqlite3.Connection, number: int, records: tuple[int, ...]) -> int:
    """Remember records met in a list; gives how many were met for the first time."""
    before = conn.total_changes
    conn.execute(
        "INSERT OR IGNORE INTO seen (list, record) SELECT ?, value FROM json_each(?)", (number, json.dumps(records))
    )
    return conn.total_changes - before


def forget_seen(conn: sqlite3.Connection, number: int) -> None:
    """Forget who was met in a list and its windows, once it is settled."""
    conn.executemany("DELETE FROM seen WHERE list = ?", ((one,) for one in tree(conn, number)))


def tree(conn: sqlite3.Connection, number: int) -> tuple[int, ...]:
    """Give the list and all windows below it."""
    query = "WITH RECURSIVE t (id) AS (SELECT ? UNION ALL SELECT l.id FROM lists AS l JOIN t ON l.parent = t.id) SELECT id FROM t"
    return tuple(row[0] for row in conn.execute(query, (number,)))


def cut(conn: sqlite3.Connection, number: int, *, met: int | None) -> None:
    """Note that a list goes on in windows; `met` is what it had shown, where the windows are to prove its end."""
    conn.execute(
        "UPDATE lists SET met_before = ?, token = NULL, token_expires = NULL, ended_at = NULL, ended = NULL WHERE id = ?",
        (met, number),
    )


def open_leaf(conn: sqlite3.Connection, number: int) -> List | None:
    """Give the next list at or below `number` that has no end and no windows: those cut last come first, in their order."""
    query = (
        f"{_TREE} SELECT {_COLUMNS} FROM lists AS l WHERE id IN t AND ended_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM lists AS w WHERE w.parent = l.id) ORDER BY parent DESC, id LIMIT 1"
    )
    row = conn.execute(query, (number,)).fetchone()
    return None if row is None else List(*row)


def open_parent(conn: sqlite3.Connection, number: int) -> List | None:
    """Give the newest list at or below `number` that has no end though all its windows have."""
    query = (
        f"{_TREE} SELECT {_COLUMNS} FROM lists AS l WHERE id IN t AND ended_at IS NULL "
        "AND EXISTS (SELECT 1 FROM lists AS w WHERE w.parent = l.id) "
        "AND NOT EXISTS (SELECT 1 FROM lists AS w WHERE w.parent = l.id AND w.ended_at IS NULL) ORDER BY id DESC LIMIT 1"
    )
    row = conn.execute(query, (number,)).fetchone()
    return None if row is None else List(*row)


def any_ended(conn: sqlite3.Connection, number: int, ended: str) -> bool:
    """Tell whether a list or one of its windows ended for this reason."""
    query = f"{_TREE} SELECT 1 FROM lists WHERE id IN t AND ended = ? LIMIT 1"
    return conn.execute(query, (number, ended)).fetchone() is not None


_TREE = "WITH RECURSIVE t (id) AS (SELECT ? UNION ALL SELECT l.id FROM lists AS l JOIN t ON l.parent = t.id)"


def met_count(conn: sqlite3.Connection, number: int) -> int:
    """Give how many different records a list and its windows have shown, those in quarantine included."""
    odd = f"{_TREE} SELECT count(*) FROM quarantine WHERE list IN t AND resolved_at IS NULL"
    good = f"{_TREE} SELECT count(DISTINCT record) FROM seen WHERE list IN t"
    return sum(int(conn.execute(query, (number,)).fetchone()[0]) for query in (odd, good))


def met(conn: sqlite3.Connection, number: int) -> frozenset[str]:
    """Give the identifiers of the records that a list and its windows have shown, those in quarantine included."""
    query = f"{_TREE} SELECT r.oai_identifier FROM seen AS s JOIN records AS r ON r.id = s.record WHERE s.list IN t"
    odd = f"{_TREE} SELECT oai_identifier FROM quarantine WHERE list IN t AND oai_identifier IS NOT NULL"
    return frozenset(row[0] for one in (query, odd) for row in conn.execute(one, (number,)))


def not_met(conn: sqlite3.Connection, number: int, identifiers: tuple[str, ...]) -> frozenset[str]:
    """Give those of these identifiers that a list and its windows have not shown yet, not even broken."""
    query = (
        f"{_TREE} SELECT value FROM json_each(?) AS one WHERE NOT EXISTS (SELECT 1 FROM records AS r JOIN seen AS s "
        "ON s.record = r.id WHERE r.repository = (SELECT repository FROM lists WHERE id = ?) AND r.oai_identifier = one.value "
        "AND s.list IN t) AND NOT EXISTS (SELECT 1 FROM quarantine AS q WHERE q.oai_identifier = one.value AND q.list IN t)"
    )
    return frozenset(row[0] for row in conn.execute(query, (number, json.dumps(identifiers), number)))


def move_border(conn: sqlite3.Connection, near: int, far: int, *, until: str, from_: str) -> None:
    """Move the border between two neighbouring windows, neither of which has shown anything yet."""
    conn.execute('UPDATE lists SET "until" = ? WHERE id = ?', (until, near))
    conn.execute('UPDATE lists SET "from" = ? WHERE id = ?', (from_, far))


def middle_datestamp(conn: sqlite3.Connection, number: int) -> str | None:
    """Give the datestamp in the middle of what a list has shown, later than its first; None where all are one."""
    shown = f"{_TREE} SELECT r.datestamp FROM seen AS s JOIN records AS r ON r.id = s.record WHERE s.list IN t "
    first, count = conn.execute(
        f"{shown.replace('r.datestamp', 'min(r.datestamp), count(*)', 1)}", (number,)
    ).fetchone()
    query = f"{shown} AND r.datestamp > ? ORDER BY r.datestamp LIMIT 1 OFFSET ?"
    skipped = conn.execute(
        f"{shown.replace('r.datestamp', 'count(*)', 1)} AND r.datestamp = ?", (number, first)
    ).fetchone()[0]
    row = conn.execute(query, (number, first, max(0, count // 2 - skipped))).fetchone()
    return None if row is None else str(row[0])


def shown_once(conn: sqlite3.Connection, number: int, *, limit: int) -> list[tuple[int, str, str | None]]:
    """Give (id, identifier, datestamp) of live records that a list showed before it was cut, and no window of it since."""
    query = (
        f"{_TREE} SELECT r.id, r.oai_identifier, r.datestamp FROM seen AS s JOIN records AS r ON r.id = s.record "
        "WHERE s.list = ? AND r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM seen AS w WHERE w.record = s.record AND w.list IN t "
        "AND w.list <> s.list) LIMIT ?"
    )
    return conn.execute(query, (number, number, limit)).fetchall()


def narrowest_window(conn: sqlite3.Connection, number: int) -> int | None:
    """Give the days of the shortest proven window at or below a list that has both ends, at least 1."""
    query = (
        f'{_TREE} SELECT min(max(1, cast(julianday(substr("until", 1, 10)) - julianday(substr("from", 1, 10)) + 1 AS INTEGER))) '
        'FROM lists WHERE id IN t AND proven = 1 AND "from" IS NOT NULL AND "until" IS NOT NULL'
    )
    row = conn.execute(query, (number,)).fetchone()
    return None if row[0] is None else int(row[0])


def unseen(conn: sqlite3.Connection, repository: str, numbers: tuple[int, ...]) -> list[tuple[int, str, str | None]]:
    """Give (id, identifier, datestamp) of live records that none of these lists and their windows has shown.

    A record that came to the mirror after the lists had begun may stand behind the server's cursor: it is not counted. Nor is
    one that they showed, but that could not be read; where such a one had no name, any record may be it.
    """
    lists = [one for number in numbers for one in tree(conn, number)]
    marks = ", ".join("?" * len(lists))
    broken = f"SELECT oai_identifier FROM quarantine WHERE repository = ? AND list IN ({marks}) AND resolved_at IS NULL"
    unread = {row[0] for row in conn.execute(broken, (repository, *lists))}
    if None in unread:
        return []
    query = (  # whoever was seen is told by two indexes: rows are wide
        "SELECT r.id, r.oai_identifier, r.datestamp FROM (SELECT id FROM records INDEXED BY records_by_identifier "
        f"WHERE repository = ? AND id <= (SELECT min(newest_record) FROM lists WHERE id IN ({marks})) "
        f"AND NOT EXISTS (SELECT 1 FROM seen AS s WHERE s.list IN ({marks}) AND s.record = records.id)) AS one "
        "CROSS JOIN records AS r ON r.id = one.id WHERE r.deleted = 0 ORDER BY r.id"
    )
    return [row for row in conn.execute(query, (repository, *lists, *lists)) if row[1] not in unread]
