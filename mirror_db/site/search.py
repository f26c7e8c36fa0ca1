"""Finding records: full text and facets over the whole mirror, exact wherever that stays quick, and honest where it does not.

Without a text everything comes from one covering index. With a text the matches come from the full-text index, and the
facets are counted over the newest `MAX_COUNTED` of them; the page says so.
"""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from mirror_db.reports import rows
from mirror_db.site import asked as reading
from mirror_db.site.asked import FACETS, Asked

PAGE = 20
MAX_COUNTED = 10_000  # matches of a text whose facets are counted and that are ranked
MAX_PAGES = 500
SHOWN_FACETS = 12
MAX_TITLE = 800  # characters of a title with its marks
MARK_START, MARK_END = "\x02", "\x03"  # round a hit in a snippet; the page turns them into <mark>

_COLUMNS = (
    "id, repository, oai_identifier, substr(title, 1, 600) AS title, substr(creators, 1, 300) AS creators, year, type, language, "
    "access, license, license_family, is_open_access, is_cc_by_nc, embargo_end, doi, landing_url, "
    "substr(container, 1, 300) AS container, substr(description, 1, 300) AS description"
)


class Facet(NamedTuple):
    """One value of a facet, with the number of records and the address that narrows or widens."""

    value: str
    records: int
    address: str
    chosen: bool


class Found(NamedTuple):
    """A page of results."""

    asked: Asked
    total: int
    rows: tuple[dict[str, Any], ...]
    facets: dict[str, tuple[Facet, ...]]
    counted: int  # how many matches the facets were counted over; less than total: they speak of the newest ones
    ranked: bool
    pages: int


class _Terms(NamedTuple):
    """Conditions on `records` that the covering index answers, and the rest of the question."""

    where: str
    values: dict[str, Any]
    match: str | None


def search(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Answer a search; every query is bounded, the caller keeps the time limit."""
    terms = _terms(asked)
    if terms.match is not None:
        return _by_text(conn, asked, terms)
    counts, total = _counts(conn, asked, terms)
    ids = _newest(conn, terms, total, limit=PAGE, offset=(asked.page - 1) * PAGE)
    return Found(asked, total, _rows(conn, ids), _facets(asked, counts), total, False, _pages(total))


def all_ids(conn: sqlite3.Connection, asked: Asked) -> "array[int]":
    """Give the numbers of all records found, newest in the mirror first; eight bytes each."""
    terms = _terms(asked)
    if terms.match == "":
        return array("q")
    if terms.match is not None:
        query = f"SELECT rowid FROM records_fts WHERE {_text_where(terms)} ORDER BY rowid DESC"
        return array("q", (row[0] for row in conn.execute(query, {**terms.values, "match": terms.match})))
    index = "" if {"doi", "oai"} & set(terms.values) else "INDEXED BY records_by_facets"
    found = conn.execute(f"SELECT id FROM records {index} WHERE {terms.where}", terms.values)
    return array("q", sorted((row[0] for row in found), reverse=True))


def newest_ids(conn: sqlite3.Connection, asked: Asked, limit: int) -> tuple[int, ...]:
    """Give the numbers of the records found that are newest in the mirror, at most `limit`."""
    terms = _terms(asked)
    if not terms.match:
        return tuple(all_ids(conn, asked)[:limit])
    query = f"SELECT rowid FROM records_fts WHERE {_text_where(terms)} ORDER BY rowid DESC LIMIT :limit"
    return tuple(row[0] for row in conn.execute(query, {**terms.values, "match": terms.match, "limit": limit}))


def live_rows(conn: sqlite3.Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give all columns of those of `ids` (at most some hundreds) that are live, in their order."""
    marks = ", ".join(str(int(one)) for one in ids)
    found = {row["id"]: row for row in rows(conn, f"SELECT * FROM records WHERE id IN ({marks}) AND deleted = 0")}
    return [found[one] for one in ids if one in found]


def matching(conn: sqlite3.Connection, asked: Asked, ids: tuple[int, ...]) -> set[int]:
    """Give those of `ids` (at most 900) that a search would find."""
    terms = _terms(asked)
    if terms.match == "":
        return set()
    marks = ", ".join(str(int(one)) for one in ids)
    text = "AND id IN (SELECT rowid FROM records_fts WHERE records_fts MATCH :match)" if terms.match else ""
    query = f"SELECT id FROM records WHERE id IN ({marks}) AND {terms.where} {text}"
    return {row[0] for row in conn.execute(query, {**terms.values, "match": terms.match})}


def _terms(asked: Asked) -> _Terms:
    parts, values = ["deleted = 0"], dict[str, Any]()
    for name, value in asked.chosen.items():
        parts.append(f"{name} IS NULL" if value == "" else f"{name} = :{name}")
        values[name] = int(value) if name == "year" and value.lstrip("-").isdecimal() else value
    parts += ["is_open_access = 1"] if asked.open else []
    parts += ["is_cc_by_nc = 1"] if asked.cc_by_nc else []
    match = None
    if doi := reading.doi_in(asked.text):
        parts, values = [*parts, "doi = :doi"], {**values, "doi": doi}
    elif identifier := reading.oai_identifier_in(asked.text):
        parts, values = [*parts, "oai_identifier = :oai"], {**values, "oai": identifier}
    elif asked.text:
        match = reading.match(asked.text)
    return _Terms(" AND ".join(parts), values, match)


def _by_text(conn: sqlite3.Connection, asked: Asked, terms: _Terms) -> Found:
    if not terms.match:
        return Found(asked, 0, (), {}, 0, False, 1)
    values = {**terms.values, "match": terms.match}
    where = _text_where(terms)
    total = conn.execute(f"SELECT count(*) FROM records_fts WHERE {where}", values).fetchone()[0]
    ranked = total <= MAX_COUNTED
    order = "bm25(records_fts, 8.0, 4.0, 2.0, 1.0), rowid DESC" if ranked else "rowid DESC"
    query = f"SELECT rowid FROM records_fts WHERE {where} ORDER BY {order} LIMIT {PAGE} OFFSET :offset"
    ids = tuple(row[0] for row in conn.execute(query, {**values, "offset": (asked.page - 1) * PAGE}))
    newest = f"SELECT rowid FROM records_fts WHERE {where} ORDER BY rowid DESC LIMIT {MAX_COUNTED}"
    counts = _tally(conn.execute(f"SELECT {', '.join(FACETS)}, 1 FROM records WHERE id IN ({newest})", values))
    shown = _with_snippets(conn, terms.match, _rows(conn, ids))
    return Found(asked, total, shown, _facets(asked, counts), min(total, MAX_COUNTED), ranked, _pages(total))


def _text_where(terms: _Terms) -> str:
    """The plus sign keeps SQLite from looking up the text once for each record."""
    if terms.where == "deleted = 0":  # tombstones are not in the full-text index
        return "records_fts MATCH :match"
    return f"records_fts MATCH :match AND +rowid IN (SELECT id FROM records WHERE {terms.where})"


def _counts(conn: sqlite3.Connection, asked: Asked, terms: _Terms) -> tuple[dict[str, Counter[str]], int]:
    if not asked.narrowed:
        return _counted_ahead(conn)
    grouped = "count(*)" if not {"doi", "oai"} & set(terms.values) else "1"
    group = f"GROUP BY {', '.join(FACETS)}" if grouped != "1" else ""
    counts = _tally(
        conn.execute(f"SELECT {', '.join(FACETS)}, {grouped} FROM records WHERE {terms.where} {group}", terms.values)
    )
    return counts, sum(counts["access"].values())


def _counted_ahead(conn: sqlite3.Connection) -> tuple[dict[str, Counter[str]], int]:
    """Give the counts of all live records out of `stats`: they are as old as the last refresh."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for name, key, value in conn.execute("SELECT measure, key, value FROM stats WHERE repository = '*'"):
        if name in counts:
            counts[name][key] = value
    query = "SELECT repository, value FROM stats WHERE measure = 'records' AND key = '-' AND repository <> '*'"
    counts["repository"] = Counter(dict(conn.execute(query)))
    return counts, sum(counts["access"].values())


def _tally(groups: sqlite3.Cursor) -> dict[str, Counter[str]]:
    """Add up groups of facet values facet by facet."""
    counts: tuple[dict[Any, int], ...] = tuple({} for _ in FACETS)
    for *values, times in groups:
        for counter, value in zip(counts, values, strict=True):
            counter[value] = counter.get(value, 0) + times
    named = zip(FACETS, counts, strict=True)
    return {name: Counter({"" if v is None else str(v): n for v, n in counter.items()}) for name, counter in named}


def _newest(conn: sqlite3.Connection, terms: _Terms, total: int, *, limit: int, offset: int) -> tuple[int, ...]:
    """Give numbers of records, newest first; a frequent condition is met on the way down, a rare one is looked up."""
    frequent = "NOT INDEXED" if total > 50_000 else ""
    query = f"SELECT id FROM records {frequent} WHERE {terms.where} ORDER BY id DESC LIMIT :limit OFFSET :offset"
    return tuple(row[0] for row in conn.execute(query, {**terms.values, "limit": limit, "offset": offset}))


def _rows(conn: sqlite3.Connection, ids: tuple[int, ...]) -> tuple[dict[str, Any], ...]:
    """Give the records of a page in the order of `ids`."""
    marks = ", ".join(str(int(one)) for one in ids)
    cursor = conn.execute(f"SELECT {_COLUMNS} FROM records WHERE id IN ({marks})")
    names = [column[0] for column in cursor.description]
    found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    return tuple(found[one] for one in ids if one in found)


def _with_snippets(
    conn: sqlite3.Connection, match: str, found: tuple[dict[str, Any], ...]
) -> tuple[dict[str, Any], ...]:
    snippets = ", ".join(f"snippet(records_fts, {column}, char(2), char(3), '…', 32)" for column in (3, 1, 2))
    query = (
        f"SELECT substr(highlight(records_fts, 0, char(2), char(3)), 1, {MAX_TITLE}), {snippets} "
        "FROM records_fts WHERE records_fts MATCH ? AND rowid = ?"
    )
    for row in found:
        title, *texts = conn.execute(query, (match, row["id"])).fetchone() or (None,)
        row["marked_title"] = title if len(row["title"] or "") < MAX_TITLE // 2 else None
        row["snippet"] = next((text for text in texts if MARK_START in (text or "")), None)
    return found


def _facets(asked: Asked, counts: dict[str, Counter[str]]) -> dict[str, tuple[Facet, ...]]:
    return {name: _values(asked, name, counts.get(name, Counter())) for name in FACETS}


def _values(asked: Asked, name: str, counts: Counter[str]) -> tuple[Facet, ...]:
    chosen = asked.chosen.get(name)
    if chosen is not None:
        return (Facet(chosen, counts.get(chosen, 0), asked.with_facet(name, None).address(), True),)
    top = counts.most_common(SHOWN_FACETS)
    if name == "year":
        top = sorted(top, reverse=True)
    return tuple(Facet(value, times, asked.with_facet(name, value).address(), False) for value, times in top)


def _pages(total: int) -> int:
    return min(MAX_PAGES, max(1, -(-total // PAGE)))
