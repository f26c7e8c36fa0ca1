"""The overview: every number of it comes from `stats`, whatever the size of the mirror."""

import sqlite3
from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from mirror_db.site.words import ACCESS
from mirror_db.stats import ALL, HEALTH_DAYS, counted_at

_MEASURES = (
    "records",
    "deleted",
    "open_access",
    "cc_by_nc",
    "cc_by_nc_open",
    "no_license",
    "access",
    "year_license",
    "quarantine",
    "health",
)
_TROUBLE = frozenset({"partial", "stale", "failing", "deferred", "blocked"})
_GRAVEST = ("failed", "interrupted", "partial", "deferred", "running", "complete")
LICENSED_SINCE = 25  # years of the chart of licences


class Place(NamedTuple):
    """One repository as the overview shows it."""

    row: dict[str, Any]
    records: int
    open_access: int
    cc_by_nc: int
    no_license: int
    quarantined: int
    access: dict[str, int]
    health: tuple[str | None, ...]  # gravest outcome of each day, oldest first


class Home(NamedTuple):
    """Everything that the overview shows."""

    totals: dict[str, int]
    places: tuple[Place, ...]
    trouble: tuple[Place, ...]
    year_license: dict[tuple[int, str], int]
    days: tuple[str, ...]
    counted_at: str | None


def home(conn: sqlite3.Connection, today: date) -> Home:
    """Read the overview; `today` is the last day of the chart of health."""
    figures = _figures(conn)
    days = tuple((today - timedelta(days=back)).isoformat() for back in range(HEALTH_DAYS - 1, -1, -1))
    places = tuple(_place(row, figures, days) for row in _repositories(conn))
    return Home(
        totals={
            name: figures[ALL, name, "-"]
            for name in ("records", "open_access", "cc_by_nc", "cc_by_nc_open", "no_license", "deleted")
        },
        places=places,
        trouble=tuple(one for one in places if one.row["state"] in _TROUBLE),
        year_license=_years(figures, today.year),
        days=days,
        counted_at=counted_at(conn),
    )


def shares(places: tuple[Place, ...]) -> list[Place]:
    """Give the repositories with records, the most open first."""
    held = [one for one in places if one.records]
    return sorted(held, key=lambda one: (-one.open_access / one.records, one.row["name"]))


def _figures(conn: sqlite3.Connection) -> Counter[tuple[str, str, str]]:
    """Give the figures of every repository, and those of all together with their years."""
    measures = ", ".join(f"'{name}'" for name in _MEASURES if name != "year_license")
    query = (
        f"SELECT repository, measure, key, value FROM stats WHERE measure IN ({measures}) "
        "UNION ALL SELECT repository, measure, key, value FROM stats WHERE repository = '*' AND measure = 'year_license'"
    )
    return Counter({(repository, measure, key): value for repository, measure, key, value in conn.execute(query)})


def _repositories(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    cursor = conn.execute(
        "SELECT id, name, state, state_reason, state_since, not_before, last_complete_at FROM repositories ORDER BY name, id"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _place(row: dict[str, Any], figures: Counter[tuple[str, str, str]], days: tuple[str, ...]) -> Place:
    number = row["id"]
    return Place(
        row=row,
        records=figures[number, "records", "-"],
        open_access=figures[number, "open_access", "-"],
        cc_by_nc=figures[number, "cc_by_nc", "-"],
        no_license=figures[number, "no_license", "-"],
        quarantined=figures[number, "quarantine", "-"],
        access={word: figures[number, "access", word] for word in ACCESS},
        health=tuple(_gravest(figures, number, one) for one in days),
    )


def _gravest(figures: Counter[tuple[str, str, str]], repository: str, one: str) -> str | None:
    return next((word for word in _GRAVEST if figures[repository, "health", f"{one}|{word}"]), None)


def _years(figures: Counter[tuple[str, str, str]], last: int) -> dict[tuple[int, str], int]:
    found = {}
    for (_, measure, key), value in figures.items():
        year, _, family = key.partition("|")
        if measure == "year_license" and year and last - LICENSED_SINCE < int(year) <= last:
            found[int(year), family] = value
    return found
