"""The parts of records: creators, subjects, identifiers, dates, issues, evidence and sets, each in its own table.

A raw value that says what another column says already is not stored a second time: the tables make it up (columns
`stated`, `before` and `link`), which saves a quarter of their size.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mirror_db import binding
from mirror_db.binding import EMPTY, bound
from mirror_db.model import Creator, DateValue, Evidence, Identifier, Issue, MirrorRecord, Subject

Row = list[Any]
Rows = list[list[Row]]  # of one record, by table
Numbered = Sequence[tuple[int, Rows]]


def rows_of(record: MirrorRecord) -> Rows:
    """Give the rows of all parts of a record, table by table; each waits for the record's number.

    Made where the record is read, which may be another process: plain lists.
    """
    return [rows(getattr(record, name)) for name, _, rows in _TABLES]


def insert(conn: sqlite3.Connection, numbered: Numbered) -> None:
    """Insert all parts of records that have none yet; numbers go into the rows."""
    for at, statement in enumerate(_INSERTS):
        binding.run(conn, statement, _with_numbers(numbered, at))


def _with_numbers(numbered: Numbered, at: int) -> list[Row]:
    rows = []
    for number, parts in numbered:
        for row in parts[at]:
            row[0] = number
            rows.append(row)
    return rows


def replace(conn: sqlite3.Connection, numbered: Numbered) -> None:
    """Put the parts of records in place of those they had."""
    numbers = [(number,) for number, _ in numbered]
    for name, _, _ in _TABLES:
        conn.executemany(f"DELETE FROM {name} WHERE record = ?", numbers)
    insert(conn, numbered)


def mend(conn: sqlite3.Connection, numbered: Numbered) -> set[int]:
    """Put the parts of records in place of those they had, table by table, where they differ: most of what is read again is the same.

    Gives the records of which something differed.
    """
    mended: set[int] = set()
    for at, (name, _, _) in enumerate(_TABLES):
        other = [(number, parts) for number, parts in numbered if not _are_held(conn, number, parts[at], at)]
        conn.executemany(f"DELETE FROM {name} WHERE record = ?", [(number,) for number, _ in other])
        binding.run(conn, _INSERTS[at], _with_numbers(other, at))
        mended.update(number for number, _ in other)
    return mended


def _are_held(conn: sqlite3.Connection, number: int, rows: list[Row], at: int) -> bool:
    held = [bound(row) for row in conn.execute(_HELD[at], (number,))]
    return len(held) == len(rows) and all(old[1:] == new[1:] for old, new in zip(held, rows, strict=True))


def clear_evidence(conn: sqlite3.Connection, number: int) -> None:
    """Remove the evidence of a record: a tombstone has no flags to be proven."""
    conn.execute("DELETE FROM evidence WHERE record = ?", (number,))


def set_rows(sets: Iterable[str]) -> list[Row]:
    """Give the rows of the sets that a record is in; they wait for its number."""
    return [[0, spec] for spec in sets]


def insert_sets(conn: sqlite3.Connection, numbered: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Enter what sets records are in."""
    binding.run(conn, _INSERT_SET, [(number, spec) for number, specs in numbered for spec in specs])


def replace_sets(conn: sqlite3.Connection, numbered: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """Put the sets of records in place of those they had."""
    conn.executemany("DELETE FROM record_sets WHERE record = ?", [(number,) for number, _ in numbered])
    insert_sets(conn, numbered)


# The rows are written out value by value: a third of what passing each of them through `bound` costs.
def _creators(parts: Sequence[Creator]) -> list[Row]:
    rows: list[Row] = []
    for seq, (element, ordinal, role, name, family, given, suffix, dates, kind, orcid, key, value) in enumerate(
        parts, 1
    ):
        rows.append(
            [
                *(0, seq, element, ordinal, role, name),
                EMPTY if family is None else family,
                EMPTY if given is None else given,
                EMPTY if suffix is None else suffix,
                EMPTY if dates is None else dates,
                kind,
                EMPTY if orcid is None else orcid,
                EMPTY if key is None else key,
                EMPTY if value == name else value,
            ]
        )
    return rows


def _subjects(parts: Sequence[Subject]) -> list[Row]:
    rows: list[Row] = []
    for seq, (element, ordinal, scheme, code, label, value) in enumerate(parts, 1):
        rows.append(
            [
                *(0, seq, element, ordinal),
                EMPTY if scheme is None else scheme,
                EMPTY if code is None else code,
                label,
                EMPTY if value == label else value,
            ]
        )
    return rows


def _identifiers(parts: Sequence[Identifier]) -> list[Row]:
    rows: list[Row] = []
    for seq, (element, ordinal, scheme, identifier, role, qualifier, url, valid, value) in enumerate(parts, 1):
        before: Any = EMPTY
        link: Any = EMPTY
        if url is not None and url.endswith(identifier):
            before = url[: len(url) - len(identifier)]
        elif url is not None:
            link = url
        stated = EMPTY if value == (identifier if url is None else url) else value
        named = EMPTY if qualifier is None else qualifier
        rows.append([0, seq, element, ordinal, scheme, identifier, role, named, valid, before, link, stated])
    return rows


def _dates(parts: Sequence[DateValue]) -> list[Row]:
    rows: list[Row] = []
    for seq, (element, ordinal, role, edtf, first, last, precision, value) in enumerate(parts, 1):
        rows.append(
            [
                *(0, seq, element, ordinal, role),
                EMPTY if edtf is None else edtf,
                EMPTY if first is None else first,
                EMPTY if last is None else last,
                EMPTY if precision is None else precision,
                EMPTY if value == edtf else value,
            ]
        )
    return rows


def _as_they_are(parts: Sequence[tuple[Any, ...]]) -> list[Row]:
    return [bound((0, seq, *part)) for seq, part in enumerate(parts, 1)]


_IDENTIFIERS = ("element", "ordinal", "scheme", "identifier", "role", "qualifier", "valid", "before", "link", "stated")
_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Any], list[Row]]], ...] = (
    ("creators", ("record", "seq", *Creator._fields[:-1], "stated"), _creators),
    ("subjects", ("record", "seq", *Subject._fields[:-1], "stated"), _subjects),
    ("identifiers", ("record", "seq", *_IDENTIFIERS), _identifiers),
    ("dates", ("record", "seq", *DateValue._fields[:-1], "stated"), _dates),
    ("issues", ("record", "seq", *Issue._fields), _as_they_are),
    ("evidence", ("record", "seq", *Evidence._fields), _as_they_are),
)
_NEVER_NULL = ("record", "seq", "element", "ordinal")
_INSERTS = tuple(binding.several(binding.insert(name, columns, never_null=_NEVER_NULL)) for name, columns, _ in _TABLES)
WIDTHS = (*(len(columns) for _, columns, _ in _TABLES), 2)  # of the rows of each table, and of `record_sets`
_SETS = ("record", "set_spec")
FLAT = (  # for the rows of a whole page, see `mirror_db.made`
    *(binding.flat("INSERT", name, columns, never_null=_NEVER_NULL) for name, columns, _ in _TABLES),
    binding.flat("INSERT OR IGNORE", "record_sets", _SETS, never_null=_SETS),
)
_INSERT_SET = binding.several("INSERT OR IGNORE INTO record_sets (record, set_spec) VALUES (?, ?)")
_HELD = tuple(f"SELECT {', '.join(columns)} FROM {name} WHERE record = ? ORDER BY seq" for name, columns, _ in _TABLES)
