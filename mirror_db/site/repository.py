"""A repository's page: is it healthy, is it complete, and what should its manager mend?"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from mirror_db.reports import Row, rows
from mirror_db.site.words import number, percent
from mirror_db.stats import counted_at

RUNS = 15
MAX_SETS = 100
WORTH_SAYING = 0.1  # share of the records from which a lack is worth a sentence
_QUARANTINE = (
    "SELECT id, oai_identifier, place, why, detail, last_seen_at FROM quarantine "
    "WHERE repository = ? AND resolved_at IS NULL ORDER BY id DESC LIMIT 20"
)
_LEDGER = (
    'SELECT id, verb, purpose, prefix, "set", "from", "until", pages, got, expected, restarts, ended, proven FROM lists '
    "WHERE run = ? ORDER BY id LIMIT 20"
)
_PROOF = (  # the newest list that was proven to its end over the whole repository
    "SELECT expected, got, ended_at, purpose FROM lists WHERE repository = ? AND proven = 1 AND parent IS NULL "
    "AND purpose = 'full' AND \"set\" IS NULL ORDER BY id DESC LIMIT 1"
)


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
    figures = _figures(conn, name)
    runs = _of(conn, f"SELECT * FROM runs WHERE repository = ? ORDER BY id DESC LIMIT {RUNS}", name)
    return RepositoryPage(
        row=found[0],
        totals={measure: keys["-"] for measure, keys in figures.items() if "-" in keys},
        access=figures.get("access", {}),
        year_access=_pairs(figures.get("year_access", {})),
        year_license=_pairs(figures.get("year_license", {})),
        unread=tuple(sorted(figures.get("unread_value", {}).items(), key=lambda pair: -pair[1])),
        issues=_issues(figures),
        quarantine=_of(conn, _QUARANTINE, name),
        runs=runs,
        lists={run["id"]: _of(conn, _LEDGER, run["id"]) for run in runs},
        proof=next(iter(_of(conn, _PROOF, name)), None),
        sets=_of(
            conn, f"SELECT spec, name, gone_at FROM sets WHERE repository = ? ORDER BY spec LIMIT {MAX_SETS}", name
        ),
        formats=_of(conn, "SELECT prefix, namespace FROM formats WHERE repository = ? ORDER BY prefix", name),
        learned=_of(
            conn, "SELECT topic, value, why, learned_at FROM learned WHERE repository = ? ORDER BY topic", name
        ),
        counted_at=counted_at(conn),
    )


def _figures(conn: sqlite3.Connection, name: str) -> dict[str, dict[str, int]]:
    figures: dict[str, dict[str, int]] = {}
    for measure, key, value in conn.execute("SELECT measure, key, value FROM stats WHERE repository = ?", (name,)):
        figures.setdefault(measure, {})[key] = value
    return figures


def _of(conn: sqlite3.Connection, query: str, value: str | int) -> tuple[Row, ...]:
    return tuple(rows(conn, query, (value,)))


def advice(page: RepositoryPage) -> tuple[Advice, ...]:
    """Say what the repository's manager should mend, the gravest first."""
    return (*_of_state(page.row), *_of_bytes(page), *_of_statements(page), *_of_contact(page))


def _of_bytes(page: RepositoryPage) -> Iterator[Advice]:
    if page.totals.get("quarantine"):
        held = number(page.totals["quarantine"])
        yield Advice(f"Records that cannot be read: {held}; the section Quarantine says where and why.", "#quarantine")
    if page.row["redirected_to"]:
        yield Advice(f"The address has moved for good to {page.row['redirected_to']}: tell your harvesters.", None)


def _of_statements(page: RepositoryPage) -> Iterator[Advice]:
    live, name = page.totals.get("records", 0), page.row["id"]
    missing, unknown = page.totals.get("no_license", 0), page.access.get("unknown", 0)
    if live and missing / live > WORTH_SAYING:
        yield Advice(
            f"Records without a licence in dc:rights: {number(missing)} ({percent(missing, live)}); nobody can tell how they may be used.",
            f"search?{urlencode({'repository': name, 'license': ''})}",
        )
    if live and unknown / live > WORTH_SAYING:
        yield Advice(
            f"Records that do not say whether they are open: {number(unknown)} ({percent(unknown, live)}); "
            "dcterms:accessRights or an access word in dc:rights would.",
            f"search?{urlencode({'repository': name, 'access': 'unknown'})}",
        )
    if clash := page.totals.get("license_conflict"):
        yield Advice(f"Records whose licences disagree: {number(clash)}; the least open one is believed.", None)
    if unread := page.totals.get("unread_rights"):
        yield Advice(
            f"Rights values that no rule understands: {number(unread)}; the section below lists the most frequent.",
            "#unread",
        )


def _of_contact(page: RepositoryPage) -> Iterator[Advice]:
    live = page.totals.get("records", 0)
    if live and page.totals.get("doi", 0) / live < WORTH_SAYING:
        yield Advice("Few records carry a DOI in dc:identifier: copies elsewhere cannot be found by it.", None)
    if not page.row["admin_emails"] and page.row["identified_at"]:
        yield Advice("Identify names no adminEmail: nobody can be told when something breaks.", "#identify")


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
