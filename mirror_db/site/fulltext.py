"""Finding records by their text: exact where that stays quick at a million records, bounded and said so where it does not.

The full-text index gives matches by falling number, newest in the mirror first; the newest `MAX_COUNTED` hits are ranked, for FTS5
scores every match that it ranks (measured: a word of 750,000 records takes 0.9 s to rank, the newest 10,000 of them 25 ms). A condition
on facets is met in one of two ways: where few records fulfil it, their numbers become a set that matches are looked up in; where many
do, each match is looked up in `records`, and it ends after `MAX_COUNTED` hits: a set of half a million numbers takes a second to make.
"""

import sqlite3
from typing import NamedTuple

from mirror_db.site.terms import Terms

MAX_COUNTED = 10_000  # hits whose facets are counted and that are ranked
_FEW = 100_000  # records that fulfil the conditions: up to here a set of them is quick to make
_SET = "AND +rowid IN (SELECT id FROM records WHERE {where})"  # the plus keeps SQLite from one look-up of the text per record
_EACH = "AND EXISTS (SELECT 1 FROM records WHERE id = records_fts.rowid AND {where})"
_SCORE = "bm25(records_fts, 8.0, 4.0, 2.0, 1.0)"  # title, people, subjects, abstract; the best has the lowest
_ANY = (0, 2**62)  # numbers that any record may have


class Hits(NamedTuple):
    """What a text found: how many records (with `more`, at least), the newest of them, and the same with the best first."""

    total: int
    more: bool
    newest: tuple[int, ...]
    best: tuple[int, ...] | None  # None where ranking them would take too long


def hits(conn: sqlite3.Connection, terms: Terms) -> Hits:
    """Give the hits of a text that has an expression."""
    if terms.narrowed:
        return _narrowed(conn, terms)
    # Tombstones are not in the full-text index.
    query = "SELECT rowid FROM records_fts WHERE records_fts MATCH :match ORDER BY rowid DESC LIMIT :limit"
    newest = tuple(row[0] for row in conn.execute(query, terms.with_match(limit=MAX_COUNTED + 1)))
    total, more = len(newest), False
    if total > MAX_COUNTED:
        newest, more = newest[:MAX_COUNTED], _is_dear(terms)
        count = "SELECT count(*) FROM records_fts WHERE records_fts MATCH :match"
        total = MAX_COUNTED if more else conn.execute(count, terms.with_match()).fetchone()[0]
    return Hits(total, more, newest, None if more else _ranked(conn, terms, newest))


def _is_dear(terms: Terms) -> bool:
    """Tell whether a text has a word's beginning or a phrase: either is put together from several words each time it is looked up.

    Such a text is not looked up once more to be counted, and ranked only where all its hits are at hand.
    """
    bare = (terms.match or "").replace('" "', "")  # what stands between terms
    return '"*' in bare or " " in bare


def _ranked(conn: sqlite3.Connection, terms: Terms, newest: tuple[int, ...]) -> tuple[int, ...]:
    """Give the newest hits with the best first."""
    query = (
        "SELECT rowid FROM records_fts WHERE records_fts MATCH :match AND rowid BETWEEN :low AND :high "
        f"ORDER BY {_SCORE}, rowid DESC"
    )
    if not newest:
        return ()
    return tuple(row[0] for row in conn.execute(query, terms.with_match(low=newest[-1], high=newest[0])))


def _narrowed(conn: sqlite3.Connection, terms: Terms) -> Hits:
    """Give the hits that fulfil conditions: found and scored on one way through the matches."""
    few, span = _span(conn, terms)
    condition = (_SET if few else _EACH).format(where=terms.where)
    score = "0" if _is_dear(terms) else _SCORE
    query = (
        f"SELECT rowid, {score} FROM records_fts WHERE records_fts MATCH :match AND rowid BETWEEN :low AND :high {condition} "
        "ORDER BY rowid DESC LIMIT :limit"
    )
    values = terms.with_match(low=span[0], high=span[1], limit=MAX_COUNTED + 1)
    found = conn.execute(query, values).fetchall()
    more = len(found) > MAX_COUNTED
    scored = dict(found[:MAX_COUNTED])
    newest = tuple(scored)
    if not _is_dear(terms):
        return Hits(
            len(newest), more, newest, tuple(sorted(newest, key=scored.__getitem__))
        )  # of equals the newest first
    best = None if more else tuple(one for one in _ranked(conn, terms, newest) if one in scored)
    return Hits(len(newest), more, newest, best)


def _span(conn: sqlite3.Connection, terms: Terms) -> tuple[bool, tuple[int, int]]:
    """Tell whether few records fulfil the conditions, and between which numbers they stand: matches beyond are passed over."""
    query = f"SELECT count(*), min(id), max(id) FROM (SELECT id FROM records WHERE {terms.where} LIMIT {_FEW + 1})"
    count, *span = conn.execute(query, terms.values).fetchone()
    if count > _FEW and "repository" in terms.values:
        of_one = "SELECT min(id), max(id) FROM records INDEXED BY records_by_identifier WHERE repository = :repository"
        span = conn.execute(of_one, terms.values).fetchone()
    elif count > _FEW:
        span = _ANY
    return count <= _FEW, (span[0] or 0, span[1] or 0)


def text_where(terms: Terms) -> str:
    """Give the conditions of a full-text query whose hits are all wanted."""
    narrowed = _SET.format(where=terms.where) if terms.narrowed else ""
    return f"records_fts MATCH :match {narrowed}"
