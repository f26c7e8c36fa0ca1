"""What one repository's figures are, counted from its records: one scan of its part of a covering index, and a few look-ups.

`key` is `-` for a total, empty for "not stated", `2020|open` for a pair.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

TOTAL = "-"
UNREAD_SHOWN = 20  # most frequent rights values without a rule, per repository
MAX_KEY = 500  # characters of a harvested value that serves as a key

PAIRED = (
    "year",
    "access",
    "license",
    "type",
    "language",
)  # counted within one another; with repositories by their own rows
_TWO = tuple(combinations(range(len(PAIRED)), 2))  # the places of two of them, in the order of `combinations`
Figures = Counter[tuple[str, str]]  # (measure, key) -> records
Pairs = dict[
    str, dict[str, int]
]  # "year=2020" -> "access|open" -> records; each pair once, from the facet that is named first

_FACETS = (
    "SELECT year, access, license, type, language, count(*), sum(is_open_access), sum(is_cc_by_nc), "
    "sum(is_open_access AND is_cc_by_nc), min(id) FROM records INDEXED BY records_by_facets WHERE repository = ? AND deleted = 0 "
    "GROUP BY year, access, license, type, language"
)
_TOTALS = (
    ("deleted", "SELECT count(*) FROM records INDEXED BY records_by_facets WHERE repository = ? AND deleted = 1"),
    ("license_conflict", "SELECT count(*) FROM records WHERE repository = ? AND license_conflict = 1 AND deleted = 0"),
)
# From the records, in the order in which they mostly came, to what lies beside them: nothing is sorted, which would take memory.
# Whether a record is live is asked last, of those with a part to count: that needs the row of the record itself.
_ISSUES = (  # those of one record lie together
    "SELECT i.record, i.code FROM records AS r INDEXED BY records_by_identifier CROSS JOIN issues AS i ON i.record = r.id "
    "CROSS JOIN records AS row ON row.id = r.id WHERE r.repository = ? AND row.deleted = 0"
)
_UNREAD = (
    "SELECT substr(e.value, 1, :long) AS text, count(*) FROM records AS r INDEXED BY records_by_identifier "
    "CROSS JOIN evidence AS e ON e.record = r.id CROSS JOIN records AS row ON row.id = r.id "
    "WHERE r.repository = :repository AND e.rule = 'unread' AND row.deleted = 0 GROUP BY text ORDER BY count(*) DESC, text"
)
_DOIS = (
    "SELECT repository FROM records INDEXED BY records_by_doi WHERE doi IS NOT NULL AND deleted = 0 "
    "AND repository IN (SELECT value FROM json_each(?))"
)


def tally(conn: sqlite3.Connection, repository: str) -> tuple[Figures, Pairs]:
    """Count one repository: its figures, and the pairs of facets from which those of all together are summed."""
    figures, pairs = _facets(conn, repository)
    for measure, query in _TOTALS:
        if records := conn.execute(query, (repository,)).fetchone()[0]:
            figures[measure, TOTAL] = records
    _issues(conn, repository, figures)
    _unread(conn, repository, figures)
    return figures, pairs


def dois(conn: sqlite3.Connection, repositories: Iterable[str]) -> Counter[str]:
    """Count the live records of these repositories that have a DOI: one scan, for their index is not by repository."""
    return Counter(row[0] for row in conn.execute(_DOIS, (json.dumps([*repositories]),)))


def _facets(conn: sqlite3.Connection, repository: str) -> tuple[Figures, Pairs]:
    """Count pairs group by group, of which there may be tens of thousands; all other figures are summed from the pairs."""
    pairs, families, nc_open = _Pairs(), {"": ""}, 0
    for year, access, license_id, kind, language, live, opened, nc, both, one in conn.execute(_FACETS, (repository,)):
        if license_id and license_id not in families:
            families[license_id] = _family_of(conn, one)
        pairs.add((_year(year), access, license_id or "", kind or "", language or ""), live, opened, nc)
        nc_open += both
    figures = _singles(pairs, families)
    if figures:
        figures["cc_by_nc_open", TOTAL] = nc_open
    return figures, pairs.found()


def _family_of(conn: sqlite3.Connection, record: int) -> str:
    found = conn.execute("SELECT license_family FROM records WHERE id = ?", (record,)).fetchone()
    return found[0] or "other"


def _singles(pairs: "_Pairs", families: Mapping[str, str]) -> Figures:
    """Sum the figures of one facet, and those by year."""
    figures: Figures = Counter()
    for at, facet in enumerate(PAIRED[1:], 1):
        for (_, value), records in pairs.by_year(at).items():
            figures[facet, value] += records
    for (year, access), records in pairs.by_year(PAIRED.index("access")).items():
        figures["year", year] += records
        figures["year_access", f"{year}|{access}"] += records
    for (year, license_id), records in pairs.by_year(PAIRED.index("license")).items():
        figures["license_family", families[license_id]] += records
        figures["year_license", f"{year}|{families[license_id]}"] += records
    if figures:
        opened, nc = pairs.flagged()
        totals = {"open_access": opened, "cc_by_nc": nc, "no_license": figures["license", ""]}
        totals["records"] = sum(pairs.by_year(1).values())
        figures.update({(measure, TOTAL): records for measure, records in totals.items()})
    return figures


class _Pairs:
    """Records by two facets at a time, and by a flag and a facet: plain dictionaries, for this runs once for each group."""

    def __init__(self) -> None:
        self._both: tuple[defaultdict[tuple[str, str], int], ...] = tuple(defaultdict(int) for _ in _TWO)
        self._open: tuple[defaultdict[str, int], ...] = tuple(defaultdict(int) for _ in PAIRED)
        self._nc: tuple[defaultdict[str, int], ...] = tuple(defaultdict(int) for _ in PAIRED)

    def add(self, values: tuple[str, ...], live: int, opened: int, nc: int) -> None:
        """Count one group of records with the same `values` of the paired facets."""
        for key, counts in zip(combinations(values, 2), self._both, strict=True):
            counts[key] += live
        for records, flagged in ((opened, self._open), (nc, self._nc)):
            if records:
                for value, counted in zip(values, flagged, strict=True):
                    counted[value] += records

    def by_year(self, at: int) -> Mapping[tuple[str, str], int]:
        """Give the records by year and by the facet at a place of `PAIRED`."""
        return self._both[_TWO.index((0, at))]

    def flagged(self) -> tuple[int, int]:
        """Give how many records are open, and how many are under CC BY-NC."""
        return sum(self._open[0].values()), sum(self._nc[0].values())

    def found(self) -> Pairs:
        """Give what was counted."""
        pairs: Pairs = {}
        for (i, j), counts in zip(_TWO, self._both, strict=True):
            for (one, other), records in counts.items():
                pairs.setdefault(f"{PAIRED[i]}={one}", {})[f"{PAIRED[j]}|{other}"] = records
        for flag, flagged in (("open", self._open), ("cc_by_nc", self._nc)):
            held = {
                f"{facet}|{value}": n
                for facet, counted in zip(PAIRED, flagged, strict=True)
                for value, n in counted.items()
            }
            pairs |= {f"{flag}=1": held} if held else {}
        return pairs


def both_ways(pairs: Pairs) -> Iterator[tuple[str, str, int]]:
    """Yield measure, key and records of pairs, each of two facets from both its sides."""
    for one, held in pairs.items():
        facet, _, value = one.partition("=")
        for key, records in held.items():
            yield within(facet, value), key, records
            if facet in PAIRED:
                other, _, other_value = key.partition("|")
                yield within(other, other_value), f"{facet}|{value}", records


def within(facet: str, value: str) -> str:
    """Give the measure under which the other facets of the records with one facet's value are counted; keys are `type|book`."""
    return f"within {facet}={value}"


def _year(year: int | None) -> str:
    return "" if year is None else str(year)


def _issues(conn: sqlite3.Connection, repository: str, figures: Figures) -> None:
    """Count the records with each code, however often it stands in one of them, and name one of them."""
    last = 0
    met: set[str] = set()
    for record, code in conn.execute(_ISSUES, (repository,)):
        if record != last:
            last, met = record, set()
        if code not in met:
            met.add(code)
            figures["issue", code] += 1
            figures["issue_example", code] = min(record, figures["issue_example", code] or record)


def _unread(conn: sqlite3.Connection, repository: str, figures: Figures) -> None:
    values = {"long": MAX_KEY, "repository": repository}
    for shown, (value, times) in enumerate(conn.execute(_UNREAD, values)):
        figures["unread_rights", TOTAL] += times
        if shown < UNREAD_SHOWN:
            figures["unread_value", value] = times
