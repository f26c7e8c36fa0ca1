"""A repository's page: is it healthy, is it complete, and what should its manager mend?"""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from mirror_db.reports import Row, rows
from mirror_db.site.words import number, percent

RUNS = 15
MAX_SETS = 100


class Advice(NamedTuple):
    """One thing to mend, in words, with the address of the rows it speaks of."""

    text: str
    address: str | None


class RepositoryPage(NamedTuple):
    """Everything that a repository's page shows."""

    row: Row
    totals: dict[str, int]
    access: dict[str, int]
    year_access: dict[tuple[int, str], int]
    year_license: dict[tuple[int, str], int]
    unread: tuple[tuple[str, int], ...]
    issues: tuple[tuple[str, int, int], ...]  # code, records, an example
    quarantine: tuple[Row, ...]
    runs: tuple[Row, ...]
    lists: dict[int, tuple[Row, ...]]
    proof: Row | None
    sets: tuple[Row, ...]
    formats: tuple[Row, ...]
    learned: tuple[Row, ...]
    counted_at: str | None


def repository_page(conn: sqlite3.Connection, name: str) -> RepositoryPage | None:
    """Read a repository's page; None when the mirror does not know it."""
    found = rows(conn, "SELECT * FROM repositories WHERE id = ?", (name,))
    if not found:
        return None
    figures: dict[str, dict[str, int]] = {}
    for measure, key, value in conn.execute("SELECT measure, key, value FROM stats WHERE repository = ?", (name,)):
        figures.setdefault(measure, {})[key] = value
    counted = conn.execute("SELECT updated_at FROM stats LIMIT 1").fetchone()
    runs = tuple(rows(conn, "SELECT * FROM runs WHERE repository = ? ORDER BY id DESC LIMIT ?", (name, RUNS)))
    return RepositoryPage(
        found[0],
        {measure: keys["-"] for measure, keys in figures.items() if "-" in keys},
        figures.get("access", {}),
        _pairs(figures.get("year_access", {})),
        _pairs(figures.get("year_license", {})),
        tuple(sorted(figures.get("unread_value", {}).items(), key=lambda pair: -pair[1])),
        _issues(figures),
        tuple(
            rows(
                conn,
                "SELECT id, oai_identifier, place, why, detail, last_seen_at FROM quarantine WHERE repository = ? AND resolved_at IS NULL ORDER BY id DESC LIMIT 20",
                (name,),
            )
        ),
        runs,
        {run["id"]: _ledger(conn, run["id"]) for run in runs},
        _proof(conn, name),
        tuple(
            rows(
                conn,
                "SELECT spec, name, gone_at FROM sets WHERE repository = ? ORDER BY spec LIMIT ?",
                (name, MAX_SETS),
            )
        ),
        tuple(rows(conn, "SELECT prefix, namespace FROM formats WHERE repository = ? ORDER BY prefix", (name,))),
        tuple(
            rows(conn, "SELECT topic, value, why, learned_at FROM learned WHERE repository = ? ORDER BY topic", (name,))
        ),
        counted[0] if counted else None,
    )


def advice(page: RepositoryPage) -> tuple[Advice, ...]:
    """Say what the repository's manager should mend, the gravest first."""
    live, name = page.totals.get("records", 0), page.row["id"]
    missing = page.totals.get("no_license", 0)
    found = [*_of_state(page.row)]
    if page.totals.get("quarantine"):
        found.append(
            Advice(
                f"Records that cannot be read: {number(page.totals['quarantine'])}; the section Quarantine says where and why.",
                "#quarantine",
            )
        )
    if page.row["redirected_to"]:
        found.append(
            Advice(f"The address has moved for good to {page.row['redirected_to']}: tell your harvesters.", None)
        )
    if live and missing / live > 0.1:
        found.append(
            Advice(
                f"Records without a licence in dc:rights: {number(missing)} ({percent(missing, live)}); nobody can tell how they may be used.",
                f"search?repository={name}&license=",
            )
        )
    unknown = page.access.get("unknown", 0)
    if live and unknown / live > 0.1:
        found.append(
            Advice(
                f"Records that do not say whether they are open: {number(unknown)} ({percent(unknown, live)}); dcterms:accessRights or an access word in dc:rights would.",
                f"search?repository={name}&access=unknown",
            )
        )
    if page.totals.get("license_conflict"):
        found.append(
            Advice(
                f"Records whose licences disagree: {number(page.totals['license_conflict'])}; the least open one is believed.",
                None,
            )
        )
    if page.totals.get("unread_rights"):
        found.append(
            Advice(
                f"Rights values that no rule understands: {number(page.totals['unread_rights'])}; the section below lists the most frequent.",
                "#unread",
            )
        )
    if live and page.totals.get("doi", 0) / live < 0.1:
        found.append(Advice("Few records carry a DOI in dc:identifier: copies elsewhere cannot be found by it.", None))
    if not page.row["admin_emails"] and page.row["identified_at"]:
        found.append(Advice("Identify names no adminEmail: nobody can be told when something breaks.", "#identify"))
    return tuple(found)


def _of_state(row: Mapping[str, object]) -> tuple[Advice, ...]:
    if row["state"] in {"partial", "stale", "failing", "blocked"} and row["state_reason"]:
        return (Advice(f"The last harvest did not end complete: {row['state_reason']}.", "#runs"),)
    return ()


def _pairs(figures: Mapping[str, int]) -> dict[tuple[int, str], int]:
    split = ((key.partition("|"), value) for key, value in figures.items())
    return {(int(year), word): value for (year, _, word), value in split if year}


def _issues(figures: Mapping[str, Mapping[str, int]]) -> tuple[tuple[str, int, int], ...]:
    examples = figures.get("issue_example", {})
    found = [(code, times, examples.get(code, 0)) for code, times in figures.get("issue", {}).items()]
    return tuple(sorted(found, key=lambda one: -one[1]))


def _ledger(conn: sqlite3.Connection, run: int) -> tuple[Row, ...]:
    return tuple(
        rows(
            conn,
            'SELECT id, verb, purpose, prefix, "set", "from", "until", pages, got, expected, restarts, ended, proven FROM lists WHERE run = ? ORDER BY id LIMIT 20',
            (run,),
        )
    )


def _proof(conn: sqlite3.Connection, name: str) -> Row | None:
    """Give the newest list that was proven to its end over the whole repository."""
    query = (
        "SELECT expected, got, ended_at, purpose FROM lists WHERE repository = ? AND proven = 1 AND parent IS NULL AND purpose = 'full' "
        'AND "set" IS NULL ORDER BY id DESC LIMIT 1'
    )
    found = rows(conn, query, (name,))
    return found[0] if found else None
