"""The numbers of a chart as a table of years: what the drawing shows, for those who cannot or do not want to see it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mirror_db.site.words import ACCESS, FAMILIES, family

Years = Mapping[tuple[int, str], int]  # (year, word) -> records
OTHER = "other"
ORDER = (*FAMILIES, OTHER, "")  # most open first; "" is no licence


class Grid(NamedTuple):
    """A table of years, the newest first: a heading per column, a number per column in each row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[int, ...]], ...]


def folded(figures: Years) -> Counter[tuple[int, str]]:
    """Give the figures with the licence families that have no column of their own added up as other terms."""
    found: Counter[tuple[int, str]] = Counter()
    for (year, name), records in figures.items():
        found[year, name if name in ORDER else OTHER] += records
    return found


def licence_grid(figures: Years) -> Grid:
    """Give records by year and licence family; families without a record are left out."""
    found = folded(figures)
    return _grid(found, [name for name in ORDER if any(word == name for _, word in found)], heading)


def access_grid(figures: Years) -> Grid:
    """Give records by year and access."""
    return _grid(figures, ACCESS, str)


def heading(name: str) -> str:
    """Give a licence family as a heading."""
    return "Other terms" if name == OTHER else family(name)


def _grid(figures: Years, words: Sequence[str], label: Callable[[str], str]) -> Grid:
    years = sorted({year for year, _ in figures}, reverse=True)
    rows = tuple((year, tuple(figures.get((year, word), 0) for word in words)) for year in years)
    return Grid(tuple(label(word) for word in words), rows)
