"""Finding records: full text and facets over the whole mirror, exact wherever that stays quick, and honest where it does not.

Without a text the counts come from `stats` or one covering index. With a text the hits come from the full-text index, and the facets are
counted over the newest of them (`fulltext.MAX_COUNTED`), which are also those that are ranked; the page says so.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from mirror_db.site.asked import FACETS, Asked
from mirror_db.site.counting import Counts, counts
from mirror_db.site.fulltext import hits
from mirror_db.site.snippets import Term, marked, snippet, terms_of
from mirror_db.site.terms import Terms, terms

PAGE = 20
MAX_PAGES = 500
SHOWN_FACETS = 12

_COLUMNS = (
    "id, repository, oai_identifier, substr(title, 1, 600) AS title, substr(creators, 1, 300) AS creators, year, type, language, "
    "access, license, license_family, is_open_access, is_cc_by_nc, embargo_end, doi, landing_url, "
    "substr(container, 1, 300) AS container, substr(subjects, 1, 600) AS subjects, substr(description, 1, 8000) AS description"
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
    more: bool  # there are more than `total`: counting them all would take too long
    rows: tuple[dict[str, Any], ...]
    facets: dict[str, tuple[Facet, ...]]
    counted: int  # how many matches the facets were counted over; less than total: they speak of the newest ones
    ranked: bool  # the best of those that were counted come first, else the newest
    pages: int


def search(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Answer a search; every query is bounded, the caller keeps the time limit."""
    wanted = terms(asked)
    if wanted.match is not None:
        return _by_text(conn, asked, wanted)
    counted, total = counts(conn, asked, wanted)
    ids = _newest(conn, wanted, total, limit=PAGE, offset=(asked.page - 1) * PAGE)
    return Found(asked, total, False, _rows(conn, ids), _facets(asked, counted), total, False, _pages(total))


def without_facets(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Answer a search that has no text, where counting its facets took longer than the site allows."""
    wanted = terms(asked)
    total = conn.execute(f"SELECT count(*) FROM records WHERE {wanted.where}", wanted.values).fetchone()[0]
    ids = _newest(conn, wanted, total, limit=PAGE, offset=(asked.page - 1) * PAGE)
    return Found(asked, total, False, _rows(conn, ids), {}, 0, False, _pages(total))


def _by_text(conn: sqlite3.Connection, asked: Asked, terms: Terms) -> Found:
    if not terms.match:
        return Found(asked, 0, False, (), {}, 0, False, 1)
    found = hits(conn, terms)
    ids = (found.newest if found.best is None else found.best)[(asked.page - 1) * PAGE :][:PAGE]
    tallied = _tally(conn.execute(f"SELECT {', '.join(FACETS)} FROM records WHERE id IN ({_marks(found.newest)})"))
    shown = _with_snippets(_rows(conn, ids), terms_of(terms.match))
    facets = _facets(asked, tallied)
    return Found(
        asked, found.total, found.more, shown, facets, len(found.newest), found.best is not None, _pages(found.total)
    )


def _tally(records: sqlite3.Cursor) -> Counts:
    """Count the facet values of records one by one."""
    columns = zip(FACETS, zip(*records, strict=True), strict=False)  # without a record there is no column
    counted = {name: Counter("" if value is None else str(value) for value in column) for name, column in columns}
    return {name: counted.get(name, Counter()) for name in FACETS}


def _newest(conn: sqlite3.Connection, terms: Terms, total: int, *, limit: int, offset: int) -> tuple[int, ...]:
    """Give numbers of records, newest first; a frequent condition is met on the way down, a rare one is looked up."""
    frequent = "NOT INDEXED" if total > 50_000 else ""
    query = f"SELECT id FROM records {frequent} WHERE {terms.where} ORDER BY id DESC LIMIT :limit OFFSET :offset"
    return tuple(row[0] for row in conn.execute(query, {**terms.values, "limit": limit, "offset": offset}))


def _rows(conn: sqlite3.Connection, ids: tuple[int, ...]) -> tuple[dict[str, Any], ...]:
    """Give the records of a page in the order of `ids`."""
    cursor = conn.execute(f"SELECT {_COLUMNS} FROM records WHERE id IN ({_marks(ids)})")
    names = [column[0] for column in cursor.description]
    found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    return tuple(found[one] for one in ids if one in found)


def _with_snippets(found: tuple[dict[str, Any], ...], wanted: tuple[Term, ...]) -> tuple[dict[str, Any], ...]:
    """Mark the hits: in the title, and in a piece of the abstract, else of the names, else of the subjects."""
    for row in found:
        row["marked_title"] = marked(row["title"] or "", wanted)
        texts = (row["description"], row["creators"], row["subjects"])
        row["snippet"] = next((piece for text in texts if text and (piece := snippet(text, wanted))), None)
    return found


def _marks(ids: Sequence[int]) -> str:
    """Give numbers as a list for SQL: whole numbers, nothing else."""
    return ", ".join(str(int(one)) for one in ids)


def _facets(asked: Asked, counted: Counts) -> dict[str, tuple[Facet, ...]]:
    return {name: _values(asked, name, counted.get(name, Counter())) for name in FACETS}


def _values(asked: Asked, name: str, held: Counter[str]) -> tuple[Facet, ...]:
    chosen = asked.chosen.get(name)
    if chosen is not None:
        return (Facet(chosen, held.get(chosen, 0), asked.with_facet(name, None).address(), True),)
    top = held.most_common(SHOWN_FACETS)
    if name == "year":
        top = sorted(top, reverse=True)
    return tuple(Facet(value, times, asked.with_facet(name, value).address(), False) for value, times in top)


def _pages(total: int) -> int:
    return min(MAX_PAGES, max(1, -(-total // PAGE)))
