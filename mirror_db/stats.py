"""Figures counted ahead into the table `stats`, so that the home page needs no scan.

One scan of a covering index gives all that depends on the facets of live records; the rest comes from small or partial indexes.
`key` is `-` for a total, empty for "not stated", `2020|open` for a pair; repository `*` is all repositories together.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from mirror_db.connection import one_state, transaction

ALL = "*"
TOTAL = "-"
HEALTH_DAYS = 14
UNREAD_SHOWN = 20  # most frequent rights values without a rule, per repository
MAX_KEY = 500  # characters of a harvested value that serves as a key

_PAIRED = (
    "year",
    "access",
    "license",
    "type",
    "language",
)  # counted within one another; with repositories by their own rows
Figures = Counter[tuple[str, str, str]]  # (repository, measure, key)

_FACETS = (
    "SELECT repository, year, access, license, type, language, count(*), sum(is_open_access), sum(is_cc_by_nc), "
    "sum(is_open_access AND is_cc_by_nc) FROM records WHERE deleted = 0 "
    "GROUP BY repository, year, access, license, type, language"
)
_SIMPLE = (
    (
        "deleted",
        "SELECT repository, count(*) FROM records INDEXED BY records_by_facets WHERE deleted = 1 GROUP BY repository",
    ),
    (
        "doi",
        "SELECT repository, count(*) FROM records INDEXED BY records_by_doi "
        "WHERE doi IS NOT NULL AND deleted = 0 GROUP BY repository",
    ),
    (
        "license_conflict",
        "SELECT repository, count(*) FROM records WHERE license_conflict = 1 AND deleted = 0 GROUP BY repository",
    ),
    ("quarantine", "SELECT repository, count(*) FROM quarantine WHERE resolved_at IS NULL GROUP BY repository"),
)
_ISSUES = (
    "SELECT r.repository, i.code, count(DISTINCT i.record), min(i.record) FROM issues AS i JOIN records AS r ON r.id = i.record "
    "WHERE r.deleted = 0 GROUP BY r.repository, i.code"
)
_UNREAD = (
    "SELECT r.repository, substr(e.value, 1, :long), count(*) FROM evidence AS e JOIN records AS r ON r.id = e.record "
    "WHERE e.rule = 'unread' AND r.deleted = 0 GROUP BY r.repository, substr(e.value, 1, :long) ORDER BY count(*) DESC"
)
_HEALTH = (
    "SELECT repository, substr(started_at, 1, 10), outcome, count(*) FROM runs "
    "WHERE started_at >= date(:now, :back) GROUP BY repository, substr(started_at, 1, 10), outcome"
)


def refresh(conn: sqlite3.Connection, now: str) -> int:
    """Count everything anew and put it in place of the old figures at one instant; `now` is UTC text. Gives how many figures.

    The counting reads one consistent state without holding the lock for writing.
    """
    with one_state(conn):
        figures = _count(conn, now)
    with transaction(conn):
        conn.execute("DELETE FROM stats")
        conn.executemany(
            "INSERT INTO stats (repository, measure, key, value, updated_at) VALUES (?, ?, ?, ?, ?)",
            ((*name, value, now) for name, value in figures.items()),
        )
    return len(figures)


def are_counted(conn: sqlite3.Connection) -> bool:
    """Tell whether the figures were ever counted; a mirror without a record needs none."""
    query = "SELECT EXISTS (SELECT 1 FROM stats) OR NOT EXISTS (SELECT 1 FROM records)"
    return bool(conn.execute(query).fetchone()[0])


def _count(conn: sqlite3.Connection, now: str) -> Figures:
    figures: Figures = Counter()
    _count_facets(conn, figures)
    for measure, query in _SIMPLE:
        for repository, value in conn.execute(query):
            _both(figures, repository, measure, TOTAL, value)
    _count_issues(conn, figures)
    _count_unread(conn, figures)
    values = {"now": now, "back": f"-{HEALTH_DAYS - 1} days"}
    for repository, day, outcome, value in conn.execute(_HEALTH, values):
        _both(figures, repository, "health", f"{day}|{outcome}", value)
    return figures


def _both(figures: Figures, repository: str, measure: str, key: str, value: int) -> None:
    figures[repository, measure, key] += value
    figures[ALL, measure, key] += value


def _count_facets(conn: sqlite3.Connection, figures: Figures) -> None:
    families = _families(conn)
    pairs = _Pairs()
    for repository, year, access, license_id, kind, language, live, opened, nc, nc_open in conn.execute(_FACETS):
        family = families.get(license_id, "")
        keys = (
            ("records", TOTAL, live),
            ("open_access", TOTAL, opened),
            ("cc_by_nc", TOTAL, nc),
            ("cc_by_nc_open", TOTAL, nc_open),
            ("no_license", TOTAL, 0 if license_id else live),
            ("access", access, live),
            ("license", license_id or "", live),
            ("license_family", family, live),
            ("year", _year(year), live),
            ("type", kind or "", live),
            ("language", language or "", live),
            ("year_access", f"{_year(year)}|{access}", live),
            ("year_license", f"{_year(year)}|{family}", live),
        )
        for measure, key, value in keys:
            figures[repository, measure, key] += value
        pairs.add((_year(year), access, license_id or "", kind or "", language or ""), live, opened, nc)
    for (_, measure, key), value in list(figures.items()):
        figures[ALL, measure, key] += value
    for measure, key, value in pairs.figures():
        figures[ALL, measure, key] = value


class _Pairs:
    """Records by two facets at a time, and by a flag and a facet: plain dictionaries, for this runs once for each group."""

    def __init__(self) -> None:
        at = range(len(_PAIRED))
        self._both: list[tuple[int, int, dict[tuple[str, str], int]]] = [(i, j, {}) for i, j in combinations(at, 2)]
        self._open: tuple[dict[str, int], ...] = tuple({} for _ in at)
        self._nc: tuple[dict[str, int], ...] = tuple({} for _ in at)

    def add(self, values: tuple[str, ...], live: int, opened: int, nc: int) -> None:
        """Count one group of records with the same `values` of the paired facets."""
        for i, j, counts in self._both:
            key = (values[i], values[j])
            counts[key] = counts.get(key, 0) + live
        for records, flagged in ((opened, self._open), (nc, self._nc)):
            if records:
                for value, counted in zip(values, flagged, strict=True):
                    counted[value] = counted.get(value, 0) + records

    def figures(self) -> Iterator[tuple[str, str, int]]:
        """Yield measure, key and records, each pair from both its sides."""
        for i, j, counts in self._both:
            for (one, other), records in counts.items():
                yield within(_PAIRED[i], one), f"{_PAIRED[j]}|{other}", records
                yield within(_PAIRED[j], other), f"{_PAIRED[i]}|{one}", records
        for flag, flagged in (("open", self._open), ("cc_by_nc", self._nc)):
            for facet, counted in zip(_PAIRED, flagged, strict=True):
                for value, records in counted.items():
                    yield within(flag, "1"), f"{facet}|{value}", records


def within(facet: str, value: str) -> str:
    """Give the measure under which the other facets of the records with one facet's value are counted; keys are `type|book`."""
    return f"within {facet}={value}"


def _year(year: int | None) -> str:
    return "" if year is None else str(year)


def _families(conn: sqlite3.Connection) -> dict[str | None, str]:
    """Give the family of each licence: a handful of look-ups in the index of licences."""
    distinct = (
        "WITH RECURSIVE one(id) AS (SELECT min(license) FROM records UNION ALL "
        "SELECT (SELECT min(license) FROM records WHERE license > one.id) FROM one WHERE one.id IS NOT NULL) "
        "SELECT id, (SELECT license_family FROM records WHERE license = one.id LIMIT 1) FROM one WHERE id IS NOT NULL"
    )
    return {name: family or "other" for name, family in conn.execute(distinct)}


def _count_issues(conn: sqlite3.Connection, figures: Figures) -> None:
    for repository, code, value, example in conn.execute(_ISSUES):
        _both(figures, repository, "issue", code, value)
        figures[repository, "issue_example", code] = example


def _count_unread(conn: sqlite3.Connection, figures: Figures) -> None:
    shown: Counter[str] = Counter()
    for repository, value, times in conn.execute(_UNREAD, {"long": MAX_KEY}):
        _both(figures, repository, "unread_rights", TOTAL, times)
        if shown[repository] < UNREAD_SHOWN:
            shown[repository] += 1
            figures[repository, "unread_value", value] = times
