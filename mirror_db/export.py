"""Records as rows for other programs: what is chosen, in which columns, and how a row becomes a line of CSV or JSON.

The rows come from one cursor in the order of their numbers, so that memory stays flat whatever the size of the mirror.
"""

import csv
import io
import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mirror_db.json_text import json_text

COLUMNS = (
    *("id", "repository", "oai_identifier", "datestamp", "deleted", "title", "creators", "subjects", "publisher"),
    *("container", "issued", "year", "type", "language", "version", "peer_reviewed", "doi", "landing_url", "file_url"),
    *("license", "license_url", "license_family", "access", "embargo_end", "is_open_access", "is_cc_by_nc"),
    *("is_nc_family", "license_confidence", "access_confidence", "evaluated_on", "rules_version", "first_seen_at"),
    *("changed_at", "flags_changed_at", "description"),
)
WHOLE = frozenset({"id", "deleted", "year", "peer_reviewed", "is_open_access", "is_cc_by_nc", "is_nc_family"})
REAL = frozenset({"license_confidence", "access_confidence"})
OVERLAP = timedelta(minutes=2)  # a commit may carry an instant from before it got the lock: at most BUSY_S earlier
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

Row = Sequence[Any]


class Wanted(NamedTuple):
    """Which records: all live ones, or what changed since an instant (UTC text, tombstones with it)."""

    open: bool = False
    cc_by_nc: bool = False
    repositories: tuple[str, ...] = ()
    since: str | None = None


def records(conn: sqlite3.Connection, wanted: Wanted) -> Generator[Row, None, None]:
    """Yield the wanted records with `COLUMNS`, in the order of their numbers, from one consistent state of the mirror.

    With `since` and no flag asked for, tombstones come too (deleted = 1): a copy can follow. With a flag, only records that bear it.
    """
    parts, values = _conditions(wanted)
    query = f"SELECT {', '.join(COLUMNS)} FROM records WHERE {' AND '.join(parts)} ORDER BY id"
    yield from conn.execute(query, values)


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    follows = wanted.since is not None and not (wanted.open or wanted.cc_by_nc)
    parts = ["deleted IN (0, 1)" if follows else "deleted = 0"]
    parts += ["is_open_access = 1"] if wanted.open else []
    parts += ["is_cc_by_nc = 1"] if wanted.cc_by_nc else []
    values: dict[str, Any] = {f"r{at}": name for at, name in enumerate(wanted.repositories)}
    if values:
        parts.append(f"repository IN ({', '.join(f':{name}' for name in values)})")
    if wanted.since is not None:
        parts.append("(changed_at >= :since OR flags_changed_at >= :since)")
        values["since"] = wanted.since
    return parts, values


def next_since(conn: sqlite3.Connection) -> str | None:
    """Give the instant from which the next export with `since` misses nothing; None for a mirror without records."""
    query = "SELECT max(at) FROM (SELECT max(changed_at) AS at FROM records UNION ALL SELECT max(flags_changed_at) FROM records)"
    newest = conn.execute(query).fetchone()[0]
    if newest is None:
        return None
    return (datetime.fromisoformat(newest) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")


def csv_lines(rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """Yield the lines of a CSV (RFC 4180) with a heading; texts that a spreadsheet would run as a formula are `guarded`."""
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([guarded(value) for value in row])


def json_lines(rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """Yield a JSON object a line; values are exact, what is empty is null."""
    for row in rows:
        yield json_text(dict(zip(columns, row, strict=True))) + "\n"


def guarded(value: Any) -> Any:
    """Give a text that begins like a formula with an apostrophe before it, others as they are (decision on CSV and formulas).

    Lossless: a text that already begins with apostrophes before such a sign gets one more, so that taking one off gives the original.
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _csv_line(values: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
