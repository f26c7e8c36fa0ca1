"""Finding records by their text: exact where that stays quick at a million records, bounded and said so where it does not.

The full-text index gives matches by falling number, newest in the mirror first. A condition on facets is met in one of two ways
(measured at a million records): where few records fulfil it, their numbers become a set that matches are looked up in; where many do,
each match is looked up in `records`, and it ends after `MAX_COUNTED` hits: a set of half a million numbers takes a second to make.
"""

import json
import sqlite3
from typing import NamedTuple

from mirror_db.site.terms import Terms

MAX_COUNTED = 10_000  # hits whose facets are counted and that are ranked
_FEW = 100_000  # records that fulfil the conditions: up to here a set of them is quick to make
_SET = "AND +rowid IN (SELECT id FROM records WHERE {where})"  # the plus keeps SQLite from one look-up of the text per record
_EACH = "AND EXISTS (SELECT 1 FROM records WHERE id = records_fts.rowid AND {where})"


class Hits(NamedTuple):
    """What a text found: how many records (with `more`, at least), the newest of them, and whether they can be ranked."""

    total: int
    more: bool
    newest: tuple[int, ...]

    @property
    def ranked(self) -> bool:
        """Whether all hits are at hand, so that the best can come first."""
        return self.total <= MAX_COUNTED and not self.more


def hits(conn: sqlite3.Connection, terms: Terms) -> Hits:
    """Give the hits of a text that has an expression."""
    if not terms.narrowed:  # tombstones are not in the full-text index
        newest = _newest(conn, terms, "", MAX_COUNTED + 1)
        if len(newest) <= MAX_COUNTED or "*" in (
            terms.match or ""
        ):  # a word's beginning is dear: it is not looked up twice
            return _at_least(newest)
        total = conn.execute("SELECT count(*) FROM records_fts WHERE records_fts MATCH :match", {"match": terms.match})
        return Hits(total.fetchone()[0], False, newest[:MAX_COUNTED])
    if _are_few(conn, terms):
        found = _newest(conn, terms, _SET.format(where=terms.where), -1)
        return Hits(len(found), False, found[:MAX_COUNTED])
    return _at_least(_newest(conn, terms, _EACH.format(where=terms.where), MAX_COUNTED + 1))


def _at_least(found: tuple[int, ...]) -> Hits:
    return Hits(min(len(found), MAX_COUNTED), len(found) > MAX_COUNTED, found[:MAX_COUNTED])


def page(conn: sqlite3.Connection, terms: Terms, found: Hits, *, size: int, offset: int) -> tuple[int, ...]:
    """Give the numbers on one page: the best first where the hits can be ranked, else the newest."""
    if not found.ranked:
        return found.newest[offset : offset + size]
    held = "AND +rowid IN (SELECT value FROM json_each(:held))" if terms.narrowed else ""
    query = (
        f"SELECT rowid FROM records_fts WHERE records_fts MATCH :match {held} "
        "ORDER BY bm25(records_fts, 8.0, 4.0, 2.0, 1.0), rowid DESC LIMIT :size OFFSET :offset"
    )
    values = {"match": terms.match, "size": size, "offset": offset, "held": json.dumps(found.newest)}
    return tuple(row[0] for row in conn.execute(query, values))


def text_where(terms: Terms) -> str:
    """Give the conditions of a full-text query whose hits are all wanted."""
    narrowed = _SET.format(where=terms.where) if terms.narrowed else ""
    return f"records_fts MATCH :match {narrowed}"


def _newest(conn: sqlite3.Connection, terms: Terms, narrowed: str, limit: int) -> tuple[int, ...]:
    query = f"SELECT rowid FROM records_fts WHERE records_fts MATCH :match {narrowed} ORDER BY rowid DESC LIMIT :limit"
    return tuple(row[0] for row in conn.execute(query, terms.with_match(limit=limit)))


def _are_few(conn: sqlite3.Connection, terms: Terms) -> bool:
    query = f"SELECT count(*) FROM (SELECT 1 FROM records WHERE {terms.where} LIMIT {_FEW + 1})"
    return bool(conn.execute(query, terms.values).fetchone()[0] <= _FEW)
