"""The numbers and rows that downloads and feeds take from a search."""

import sqlite3
from array import array
from collections.abc import Sequence
from typing import Any

from mirror_db.reports import rows
from mirror_db.site.asked import Asked
from mirror_db.site.fulltext import text_where
from mirror_db.site.terms import terms


def all_ids(conn: sqlite3.Connection, asked: Asked) -> "array[int]":
    """Give the numbers of all records found, newest in the mirror first; eight bytes each."""
    wanted = terms(asked)
    if wanted.match == "":
        return array("q")
    if wanted.match is not None:
        query = f"SELECT rowid FROM records_fts WHERE {text_where(wanted)} ORDER BY rowid DESC"
        return array("q", (row[0] for row in conn.execute(query, wanted.with_match())))
    index = "INDEXED BY records_by_facets" if wanted.covered else ""
    found = conn.execute(f"SELECT id FROM records {index} WHERE {wanted.where}", wanted.values)
    return array("q", sorted((row[0] for row in found), reverse=True))


def newest_ids(conn: sqlite3.Connection, asked: Asked, limit: int) -> tuple[int, ...]:
    """Give the numbers of the records found that are newest in the mirror, at most `limit`."""
    wanted = terms(asked)
    if not wanted.match:
        return tuple(all_ids(conn, asked)[:limit])
    query = f"SELECT rowid FROM records_fts WHERE {text_where(wanted)} ORDER BY rowid DESC LIMIT :limit"
    return tuple(row[0] for row in conn.execute(query, wanted.with_match(limit=limit)))


def live_rows(conn: sqlite3.Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give all columns of those of `ids` (at most some hundreds) that are live, in their order."""
    marks = ", ".join(str(int(one)) for one in ids)
    found = {row["id"]: row for row in rows(conn, f"SELECT * FROM records WHERE id IN ({marks}) AND deleted = 0")}
    return [found[one] for one in ids if one in found]


def matching(conn: sqlite3.Connection, asked: Asked, ids: tuple[int, ...]) -> set[int]:
    """Give those of `ids` (at most 900) that a search would find."""
    wanted = terms(asked)
    if wanted.match == "":
        return set()
    marks = ", ".join(str(int(one)) for one in ids)
    text = "AND id IN (SELECT rowid FROM records_fts WHERE records_fts MATCH :match)" if wanted.match else ""
    query = f"SELECT id FROM records WHERE id IN ({marks}) AND {wanted.where} {text}"
    return {row[0] for row in conn.execute(query, wanted.with_match())}
