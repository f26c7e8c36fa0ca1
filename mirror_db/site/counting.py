"""How many records have which value of a facet: out of `stats` where one condition at the most was asked, else summed in SQL.

Figures of `stats` are as old as the last refresh; at a million records summing takes most of a second, looking up some milliseconds.
"""

import sqlite3
from collections import Counter

from mirror_db.site.asked import FACETS, Asked
from mirror_db.site.terms import Terms
from mirror_db.stats import ALL
from mirror_db.tally import TOTAL, within

Counts = dict[str, Counter[str]]  # facet -> value -> records
_FLAGS = {"open": "open_access", "cc_by_nc": "cc_by_nc"}  # tick -> measure of the repositories


def counts(conn: sqlite3.Connection, asked: Asked, terms: Terms) -> tuple[Counts, int]:
    """Give the counts of each facet, and how many records were found, for a search without a text."""
    if not asked.narrowed:
        return _every(conn)
    only = _only(asked) if terms.covered else None
    ahead = _ahead(conn, *only) if only else None
    return ahead or _summed(conn, terms)


def _only(asked: Asked) -> tuple[str, str] | None:
    """Give the one condition that was asked, where there is no other."""
    conditions = [*asked.chosen.items(), *((name, "1") for name in _FLAGS if getattr(asked, name))]
    return conditions[0] if len(conditions) == 1 else None


def _every(conn: sqlite3.Connection) -> tuple[Counts, int]:
    found = _by_measure(conn, ALL)
    query = "SELECT repository, value FROM stats WHERE measure = 'records' AND key = ? AND repository <> ?"
    found["repository"] = Counter(dict(conn.execute(query, (TOTAL, ALL))))
    return found, found["access"].total()


def _ahead(conn: sqlite3.Connection, name: str, value: str) -> tuple[Counts, int] | None:
    """Give the counts within one value of a facet, or under one flag; None where nothing is counted under it."""
    if name == "repository":
        found = _by_measure(conn, value)
    else:
        found = _empty()
        measure = within(name, value)
        for key, records in conn.execute(
            "SELECT key, value FROM stats WHERE repository = ? AND measure = ?", (ALL, measure)
        ):
            facet, _, held = key.partition("|")
            if facet in found and records:
                found[facet][held] = records
        of_places = (_FLAGS[name], TOTAL) if name in _FLAGS else (name, value)
        query = "SELECT repository, value FROM stats WHERE measure = ? AND key = ? AND repository <> ? AND value > 0"
        found["repository"] = Counter(dict(conn.execute(query, (*of_places, ALL))))
    total = found["language" if name == "access" else "access"].total()
    if name in FACETS:
        found[name] = Counter({value: total})
    return (found, total) if total else None


def _by_measure(conn: sqlite3.Connection, repository: str) -> Counts:
    found = _empty()
    marks = ", ".join("?" * len(FACETS))
    query = f"SELECT measure, key, value FROM stats WHERE repository = ? AND measure IN ({marks}) AND value > 0"
    for name, key, records in conn.execute(query, (repository, *FACETS)):
        found[name][key] = records
    return found


def _summed(conn: sqlite3.Connection, terms: Terms) -> tuple[Counts, int]:
    groups = f"SELECT {', '.join(FACETS)}, count(*) AS n FROM records WHERE {terms.where} GROUP BY {', '.join(FACETS)}"
    each = " UNION ALL ".join(f"SELECT '{name}', {name}, sum(n) FROM groups GROUP BY {name}" for name in FACETS)
    found = _empty()
    for name, value, records in conn.execute(f"WITH groups AS MATERIALIZED ({groups}) {each}", terms.values):
        found[name]["" if value is None else str(value)] = records
    return found, found["access"].total()


def _empty() -> Counts:
    return {name: Counter() for name in FACETS}
