"""The ledger of lists: what was asked, how far it got, and whether its end was proven."""

import sqlite3
from typing import NamedTuple

from mirror_db.entries import Progress

_COLUMNS = (
    'id, run, parent, verb, purpose, prefix, "set", "from", "until", token, token_expires, pages, expected, got, restarts, '
    "first_response_date, started_at, ended_at, ended, proven"
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
        'INSERT INTO lists (repository, run, verb, purpose, prefix, "set", "from", "until", parent, started_at) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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


def restart(conn: sqlite3.Connection, number: int, *, run: int) -> None:
    """Begin a list again from its first page; its records stay, who was met is kept too."""
    conn.execute(
        "UPDATE lists SET run = ?, token = NULL, token_expires = NULL, got = 0, restarts = restarts + 1, "
        "first_response_date = NULL WHERE id = ?",
        (run, number),
    )
    conn.execute("DELETE FROM seen WHERE list = ?", (number,))


def end(conn: sqlite3.Connection, number: int, *, ended: str, proven: bool, now: str) -> None:
    """Close a list with the reason for its end."""
    conn.execute(
        "UPDATE lists SET ended = ?, ended_at = ?, proven = ?, token = NULL, token_expires = NULL, first_response_date = "
        "coalesce(first_response_date, (SELECT min(w.first_response_date) FROM lists AS w WHERE w.parent = lists.id)) "
        "WHERE id = ?",
        (ended, now, int(proven), number),
    )


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


def of_run(conn: sqlite3.Connection, run: int) -> tuple[List, ...]:
    """Give the lists that a run worked on last."""
    return tuple(List(*row) for row in conn.execute(f"SELECT {_COLUMNS} FROM lists WHERE run = ? ORDER BY id", (run,)))


def last_proven(conn: sqlite3.Connection, repository: str, prefix: str, set_spec: str | None) -> List | None:
    """Give the newest proven list that reached the present: the next `from` is counted from it (design rule 2)."""
    query = (
        f'SELECT {_COLUMNS} FROM lists WHERE repository = ? AND prefix = ? AND "set" IS ? AND proven = 1 '
        "AND parent IS NULL AND verb = 'ListRecords' AND purpose IN ('full', 'incremental') AND first_response_date IS NOT NULL "
        "ORDER BY id DESC LIMIT 1"
    )
    row = conn.execute(query, (repository, prefix, set_spec)).fetchone()
    return None if row is None else List(*row)


def last_full(conn: sqlite3.Connection, repository: str, prefix: str, set_spec: str | None) -> List | None:
    """Give the newest proven full list."""
    query = (
        f'SELECT {_COLUMNS} FROM lists WHERE repository = ? AND prefix = ? AND "set" IS ? AND proven = 1 '
        "AND parent IS NULL AND purpose = 'full' ORDER BY id DESC LIMIT 1"
    )
    row = conn.execute(query, (repository, prefix, set_spec)).fetchone()
    return None if row is None else List(*row)


def mark_seen(conn: sqlite3.Connection, number: int, records: tuple[int, ...]) -> int:
    """Remember records met in a list; gives how many were met for the first time."""
    before = conn.total_changes
    conn.executemany(
        "INSERT OR IGNORE INTO seen (list, record) VALUES (?, ?)", ((number, record) for record in records)
    )
    return conn.total_changes - before


def forget_seen(conn: sqlite3.Connection, number: int) -> None:
    """Forget who was met in a list and its windows, once it is settled."""
    conn.executemany("DELETE FROM seen WHERE list = ?", ((one,) for one in tree(conn, number)))


def tree(conn: sqlite3.Connection, number: int) -> tuple[int, ...]:
    """Give the list and all windows below it."""
    query = "WITH RECURSIVE t (id) AS (SELECT ? UNION ALL SELECT l.id FROM lists AS l JOIN t ON l.parent = t.id) SELECT id FROM t"
    return tuple(row[0] for row in conn.execute(query, (number,)))


def met_count(conn: sqlite3.Connection, number: int) -> int:
    """Give how many different records a list has shown, those in quarantine included."""
    odd = conn.execute("SELECT count(*) FROM quarantine WHERE list = ? AND resolved_at IS NULL", (number,)).fetchone()[
        0
    ]
    return int(conn.execute("SELECT count(*) FROM seen WHERE list = ?", (number,)).fetchone()[0]) + int(odd)


def met(conn: sqlite3.Connection, number: int) -> frozenset[str]:
    """Give the identifiers of the records that a list has shown."""
    query = "SELECT r.oai_identifier FROM seen AS s JOIN records AS r ON r.id = s.record WHERE s.list = ?"
    return frozenset(row[0] for row in conn.execute(query, (number,)))


def unseen(conn: sqlite3.Connection, repository: str, numbers: tuple[int, ...]) -> list[tuple[int, str, str | None]]:
    """Give (id, identifier, datestamp) of live records that none of these lists and their windows has shown."""
    lists = [one for number in numbers for one in tree(conn, number)]
    marks = ", ".join("?" * len(lists))
    query = (
        "SELECT id, oai_identifier, datestamp FROM records AS r WHERE repository = ? AND deleted = 0 "
        f"AND NOT EXISTS (SELECT 1 FROM seen AS s WHERE s.list IN ({marks}) AND s.record = r.id)"
    )
    return conn.execute(query, (repository, *lists)).fetchall()
