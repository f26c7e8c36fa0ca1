"""The rows of repositories: who they are, what Identify said, what may be believed of them, what was learnt."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Standing(NamedTuple):
    """What the next run must know of a repository."""

    state: str
    state_reason: str | None
    state_since: str | None
    not_before: str | None
    last_complete_at: str | None
    failures: int
    granularity: str | None
    base_url: str
    admin_emails: str | None


class SetRow(NamedTuple):
    """One set as listed."""

    spec: str
    name: str | None
    description: str | None


class FormatRow(NamedTuple):
    """One metadata format as listed."""

    prefix: str
    schema: str | None
    namespace: str | None


_IDENTIFY = (
    "repository_name",
    "identify_base_url",
    "protocol_version",
    "earliest_datestamp",
    "deleted_record",
    "granularity",
    "admin_emails",
    "compression",
    "descriptions",
    "redirected_to",
    "platform",
)


def enter(conn: sqlite3.Connection, number: str, *, name: str, base_url: str, country: str | None = None) -> None:
    """Make sure that the repository has a row; name and address follow the configuration."""
    conn.execute(
        "INSERT INTO repositories (id, name, base_url, country) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "name = excluded.name, base_url = excluded.base_url, country = coalesce(excluded.country, country) "
        "WHERE name IS NOT excluded.name OR base_url IS NOT excluded.base_url OR country IS NOT coalesce(excluded.country, country)",
        (number, name, base_url, country),
    )


def standing(conn: sqlite3.Connection, number: str) -> Standing | None:
    """Give what is known of the repository, or None."""
    row = conn.execute(
        "SELECT state, state_reason, state_since, not_before, last_complete_at, failures, granularity, base_url, admin_emails "
        "FROM repositories WHERE id = ?",
        (number,),
    ).fetchone()
    return None if row is None else Standing(*row)


def identified(conn: sqlite3.Connection, number: str, facts: Mapping[str, str | None], *, now: str) -> None:
    """Keep what Identify said; keys are column names, unknown ones are refused."""
    unknown = set(facts) - set(_IDENTIFY)
    if unknown:
        raise ValueError(f"not facts of Identify: {sorted(unknown)}")
    terms = ", ".join(f"{name} = ?" for name in facts)
    conn.execute(
        f"UPDATE repositories SET {terms}, identified_at = ? WHERE id = ?",
        (*facts.values(), now, number),
    )


def settle(conn: sqlite3.Connection, number: str, *, state: str, reason: str | None, now: str) -> None:
    """Enter the state after a run; `state_since` moves only when the state does."""
    conn.execute(
        "UPDATE repositories SET state_since = CASE WHEN state = ?1 AND state_since IS NOT NULL THEN state_since ELSE ?3 END, "
        "state = ?1, state_reason = ?2, "
        "last_complete_at = CASE WHEN ?1 = 'complete' THEN ?3 ELSE last_complete_at END, "
        "failures = CASE WHEN ?1 = 'complete' THEN 0 ELSE failures + 1 END WHERE id = ?4",
        (state, reason, now, number),
    )


def age(conn: sqlite3.Connection, number: str, *, reason: str, now: str) -> None:
    """Call a complete repository stale: it is no failure, and its last complete harvest stays what it was."""
    conn.execute(
        "UPDATE repositories SET state = 'stale', state_reason = ?, state_since = ? WHERE id = ? AND state = 'complete'",
        (reason, now, number),
    )


def completed(conn: sqlite3.Connection) -> dict[str, str]:
    """Give when each repository that is complete was last harvested completely."""
    query = "SELECT id, last_complete_at FROM repositories WHERE state = 'complete' AND last_complete_at IS NOT NULL"
    return dict(conn.execute(query).fetchall())


def defer(conn: sqlite3.Connection, number: str, not_before: str | None) -> None:
    """Remember that the server asked not to be called before an instant; None forgets it."""
    conn.execute("UPDATE repositories SET not_before = ? WHERE id = ?", (not_before, number))


def learned(conn: sqlite3.Connection, number: str) -> dict[str, str]:
    """Give what was learnt of the server, topic by topic."""
    return dict(conn.execute("SELECT topic, value FROM learned WHERE repository = ?", (number,)).fetchall())


def learned_why(conn: sqlite3.Connection, number: str, topic: str) -> str | None:
    """Give why a topic was learnt, or None."""
    row = conn.execute("SELECT why FROM learned WHERE repository = ? AND topic = ?", (number, topic)).fetchone()
    return None if row is None else str(row[0])


def learn(conn: sqlite3.Connection, number: str, topic: str, *, value: str, why: str, now: str) -> None:
    """Keep what was learnt."""
    conn.execute(
        "INSERT INTO learned (repository, topic, value, why, learned_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (repository, topic) DO UPDATE SET value = excluded.value, why = excluded.why, "
        "learned_at = excluded.learned_at WHERE value <> excluded.value OR why <> excluded.why",
        (number, topic, value, why, now),
    )


def forget(conn: sqlite3.Connection, number: str, topic: str) -> None:
    """Forget what was learnt of the server."""
    conn.execute("DELETE FROM learned WHERE repository = ? AND topic = ?", (number, topic))


def list_sets(
    conn: sqlite3.Connection, number: str, rows: Sequence[SetRow], *, complete: bool, now: str
) -> tuple[str, ...]:
    """Keep the sets that were listed; gives those that a complete list no longer holds (Q21)."""
    conn.executemany(
        "INSERT INTO sets (repository, spec, name, description, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (repository, spec) DO UPDATE SET name = excluded.name, description = excluded.description, "
        "last_seen_at = excluded.last_seen_at, gone_at = NULL",
        ((number, *row, now, now) for row in rows),
    )
    if not complete:
        return ()
    query = "SELECT spec FROM sets WHERE repository = ? AND last_seen_at <> ? AND gone_at IS NULL"
    gone = tuple(row[0] for row in conn.execute(query, (number, now)))
    conn.execute(
        "UPDATE sets SET gone_at = ? WHERE repository = ? AND last_seen_at <> ? AND gone_at IS NULL", (now, number, now)
    )
    return gone


def list_formats(conn: sqlite3.Connection, number: str, rows: Sequence[FormatRow], *, now: str) -> None:
    """Keep the metadata formats that were listed."""
    conn.executemany(
        "INSERT INTO formats (repository, prefix, schema, namespace, last_seen_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (repository, prefix) DO UPDATE SET schema = excluded.schema, namespace = excluded.namespace, "
        "last_seen_at = excluded.last_seen_at",
        ((number, *row, now) for row in rows),
    )


def holds_live(conn: sqlite3.Connection, number: str, set_spec: str | None) -> bool:
    """Tell whether the mirror holds live records of the repository, or of one of its sets."""
    where = "" if set_spec is None else "AND id IN (SELECT record FROM record_sets WHERE set_spec = ?)"
    values = (number,) if set_spec is None else (number, set_spec)
    query = f"SELECT EXISTS (SELECT 1 FROM records WHERE repository = ? AND deleted = 0 {where})"
    return bool(conn.execute(query, values).fetchone()[0])


def held(conn: sqlite3.Connection, number: str) -> tuple[int, int]:
    """Give how many live records and how many tombstones the mirror holds of it."""
    row = conn.execute(
        "SELECT count(*) FILTER (WHERE deleted = 0), count(*) FILTER (WHERE deleted = 1) FROM records WHERE repository = ?",
        (number,),
    ).fetchone()
    return int(row[0]), int(row[1])


def figures(conn: sqlite3.Connection, number: str) -> dict[str, int]:
    """Give the counts that a report names: records, open_access, cc_by_nc; live ones only."""
    row = conn.execute(
        "SELECT count(*), coalesce(sum(is_open_access), 0), coalesce(sum(is_cc_by_nc), 0) FROM records "
        "WHERE repository = ? AND deleted = 0",
        (number,),
    ).fetchone()
    return dict(zip(("records", "open_access", "cc_by_nc"), row, strict=True))
