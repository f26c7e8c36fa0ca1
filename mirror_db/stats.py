"""Figures counted ahead into the table `stats`, so that the home page needs no scan.

    which repositories changed -> count those -> enter them, with how far each was counted -> sum those of all together

`mirror_db.changes` tells which repositories changed. What is small is counted each time: the quarantine, and the runs of the last
days. Repository `*` is all repositories together.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mirror_db import changes
from mirror_db.changes import Standing
from mirror_db.connection import one_state, transaction
from mirror_db.raw import pack, unpack
from mirror_db.tally import TOTAL, Figures, both_ways, dois, tally

ALL = "*"
HEALTH_DAYS = 14
BUNDLE = 100  # repositories counted before they are entered: a bound on memory
ATTEMPTS = 5  # others who count at the same time are few, and each leaves less to count

_QUARANTINE = (
    "SELECT repository, 'quarantine', :total, count(*) FROM quarantine WHERE resolved_at IS NULL GROUP BY repository"
)
_HEALTH = (
    "SELECT repository, 'health', substr(started_at, 1, 10) || '|' || outcome AS day, count(*) FROM runs "
    "WHERE started_at >= date(:now, :back) GROUP BY repository, day"
)
_QUICK_HELD = (
    "SELECT repository, measure, key, value FROM stats WHERE measure IN ('quarantine', 'health') "
    "AND repository IN (SELECT id FROM repositories UNION ALL SELECT :all)"
)
_TO_SUM = (  # an example, or a value among the most frequent, is one repository's own
    "SELECT measure, key, value FROM stats WHERE repository <> :all "
    "AND measure NOT IN ('issue_example', 'unread_value', 'quarantine', 'health')"
)
_DROP = "DELETE FROM stats WHERE repository = ? AND measure NOT IN ('quarantine', 'health')"
_PUT = "INSERT OR REPLACE INTO stats (repository, measure, key, value, updated_at) VALUES (?, ?, ?, ?, ?)"

Quick = Counter[tuple[str, str, str]]  # (repository, measure, key) -> value


class _Counted(NamedTuple):
    """What one state of the mirror holds; `pairs` are compressed JSON."""

    known: Mapping[str, Standing]
    figures: Mapping[str, Figures]
    pairs: Mapping[str, bytes]
    quick: Quick
    are_all: bool


def refresh(conn: sqlite3.Connection, now: str) -> int:
    """Bring the figures up to date; `now` is UTC text. Gives how many repositories were counted.

    The counting reads one consistent state without holding the lock for writing. Where another process entered figures
    meanwhile, which may be newer, it is done again; what changes meanwhile is counted the next time.
    """
    done: set[str] = set()
    conflicts = 0
    while conflicts < ATTEMPTS:
        with one_state(conn):
            counted = _count(conn, now, done)
        with transaction(conn):
            if not _are_as_counted(conn, counted.known):
                conflicts += 1
                continue
            _enter(conn, counted, now)
            _enter_quick(conn, counted.quick, now)
        done.update(counted.figures)
        if counted.are_all:
            break
    return len(done)


def counted_at(conn: sqlite3.Connection) -> str | None:
    """Give when the figures of all repositories together were entered, UTC; None where they never were."""
    row = conn.execute("SELECT max(updated_at) FROM stats WHERE repository = ?", (ALL,)).fetchone()
    return None if row[0] is None else str(row[0])


def are_right(conn: sqlite3.Connection) -> bool:
    """Tell whether the figures say what the records do; in a mirror of an older version nothing tells that they do."""
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'counted'").fetchone() is None:
        return False
    return not any(standing.is_behind for standing in changes.standings(conn).values())


def _count(conn: sqlite3.Connection, now: str, done: Collection[str]) -> _Counted:
    known = changes.standings(conn)
    behind = [name for name, standing in known.items() if standing.is_behind and name not in done]
    chosen = behind[:BUNDLE]
    figures: dict[str, Figures] = {}
    bodies: dict[str, bytes] = {}
    for name in chosen:
        figures[name], pairs = tally(conn, name)
        bodies[name] = pack(json.dumps(pairs, separators=(",", ":")).encode())
    for name, records in (dois(conn, chosen) if chosen else Counter[str]()).items():
        figures[name]["doi", TOTAL] = records
    return _Counted(known, figures, bodies, _count_quick(conn, now), len(chosen) == len(behind))


def _count_quick(conn: sqlite3.Connection, now: str) -> Quick:
    values = {"total": TOTAL, "now": now, "back": f"-{HEALTH_DAYS - 1} days"}
    quick: Quick = Counter()
    for query in (_QUARANTINE, _HEALTH):
        for repository, measure, key, value in conn.execute(query, values):
            quick[repository, measure, key] += value
            quick[ALL, measure, key] += value
    return quick


def _are_as_counted(conn: sqlite3.Connection, known: Mapping[str, Standing]) -> bool:
    """Tell whether nobody has entered figures since."""
    found = changes.standings(conn)
    return {name: one.counted for name, one in found.items()} == {name: one.counted for name, one in known.items()}


def _enter(conn: sqlite3.Connection, counted: _Counted, now: str) -> None:
    """Put the figures of the repositories that were counted in place of their old ones, and the sums over all."""
    if not counted.figures:
        return
    for name, figures in counted.figures.items():
        conn.execute(_DROP, (name,))
        conn.executemany(_PUT, ((name, *key, value, now) for key, value in figures.items()))
    conn.executemany("INSERT OR REPLACE INTO counted_pairs (repository, pairs) VALUES (?, ?)", counted.pairs.items())
    changes.settle(conn, ((name, counted.known[name].changes) for name in counted.figures))
    conn.execute(_DROP, (ALL,))
    conn.executemany(_PUT, ((ALL, *key, value, now) for key, value in _sums(conn)))


def _sums(conn: sqlite3.Connection) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield the figures of all repositories together."""
    sums: Figures = Counter()
    for measure, key, value in conn.execute(_TO_SUM, {"all": ALL}):
        sums[measure, key] += value
    for (body,) in conn.execute("SELECT pairs FROM counted_pairs"):
        for measure, key, value in both_ways(json.loads(unpack(body))):
            sums[measure, key] += value
    yield from sums.items()


def _enter_quick(conn: sqlite3.Connection, quick: Quick, now: str) -> None:
    """Write what differs of the figures that are counted each time."""
    held = {(*row[:3],): row[3] for row in conn.execute(_QUICK_HELD, {"all": ALL})}
    conn.executemany(
        "DELETE FROM stats WHERE repository = ? AND measure = ? AND key = ?", [key for key in held if key not in quick]
    )
    conn.executemany(_PUT, [(*key, value, now) for key, value in quick.items() if held.get(key) != value])
