"""What changed since a day: items that became open, CC BY-NC items, licence changes, embargoes that ended, trouble."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from mirror_db.connection import open_reader

SHOWN = 50  # items listed of each kind; all are counted

_ITEM = (
    "r.id AS record, r.repository, r.oai_identifier, r.title, r.creators, r.year, r.license, r.access, "
    "r.landing_url, r.doi, r.first_seen_at"
)
# A record that is new has changed, so that the index over changed_at finds it.
_NEW = "r.changed_at >= :since AND r.first_seen_at >= :since"
_TURNED = "SELECT record FROM flag_changes WHERE changed_at >= :since AND flag = '{flag}' AND after = '1'"
_BECAME = "FROM records AS r WHERE r.deleted = 0 AND r.{flag} = 1 AND (({new}) OR r.id IN ({turned}))"
_CHANGED = (
    "FROM flag_changes AS c JOIN records AS r ON r.id = c.record "
    "WHERE c.changed_at >= :since AND c.flag = 'license' AND r.deleted = 0 AND c.why NOT IN ('deleted', 'restored')"
)
_ENDED = (
    "FROM flag_changes AS c JOIN records AS r ON r.id = c.record "
    "WHERE c.changed_at >= :since AND c.flag = 'is_open_access' AND c.after = '1' AND c.why = 'clock' AND r.deleted = 0"
)
_TROUBLE = (
    "SELECT p.id AS repository, p.name, p.state, p.state_reason, p.state_since, p.last_complete_at, "
    "count(r.id) AS runs, count(r.id) FILTER (WHERE r.outcome IN ('failed', 'partial')) AS runs_not_complete "
    "FROM repositories AS p LEFT JOIN runs AS r ON r.repository = p.id AND r.started_at >= :since "
    "WHERE p.state NOT IN ('complete', 'never') GROUP BY p.id ORDER BY p.id"
)
_RUNS = (
    "SELECT count(*) AS runs, coalesce(sum(created), 0) AS created, coalesce(sum(updated), 0) AS updated, "
    "coalesce(sum(deleted + vanished), 0) AS deleted FROM runs WHERE started_at >= :since"
)


class Part(NamedTuple):
    """One kind of change: how many there are, and the first of them."""

    name: str
    title: str
    total: int
    items: tuple[dict[str, Any], ...]


class Report(NamedTuple):
    """Everything that changed since an instant (UTC text)."""

    since: str
    totals: dict[str, int]
    parts: tuple[Part, ...]
    trouble: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it in JSON's kinds."""
        parts = {part.name: {"count": part.total, "items": list(part.items)} for part in self.parts}
        return {"since": self.since, "totals": self.totals, **parts, "trouble": list(self.trouble)}


def report(db: Path, since: str) -> Report:
    """Gather what changed in the mirror since an instant, 2026-11-23T00:00:00Z."""
    with closing(open_reader(db)) as conn:
        return gather(conn, since)


def gather(conn: sqlite3.Connection, since: str) -> Report:
    """Gather what changed, from an open mirror."""
    became = {flag: _became(flag) for flag in ("is_open_access", "is_cc_by_nc")}
    change = f"{_ITEM}, c.before, c.after, c.why, c.changed_at"
    parts = (
        _part(conn, since, ("new_open", "New open access items"), _ITEM, became["is_open_access"]),
        _part(conn, since, ("new_cc_by_nc", "New CC BY-NC items"), _ITEM, became["is_cc_by_nc"]),
        _part(conn, since, ("licence_changes", "Changed licences"), change, _CHANGED),
        _part(conn, since, ("embargoes_ended", "Embargoes that ended"), change, _ENDED),
    )
    values = {"since": since}
    totals = _rows(conn, _RUNS, values)[0]
    return Report(since, totals, parts, tuple(_rows(conn, _TROUBLE, values)))


def _became(flag: str) -> str:
    return _BECAME.format(flag=flag, new=_NEW, turned=_TURNED.format(flag=flag))


def _part(conn: sqlite3.Connection, since: str, named: tuple[str, str], columns: str, source: str) -> Part:
    values = {"since": since}
    count = conn.execute(f"SELECT count(*) {source}", values).fetchone()[0]
    items = _rows(conn, f"SELECT {columns} {source} ORDER BY r.repository, r.id LIMIT {SHOWN}", values)
    return Part(*named, int(count), tuple(items))


def _rows(conn: sqlite3.Connection, query: str, values: dict[str, str]) -> list[dict[str, Any]]:
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
