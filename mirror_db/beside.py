"""Taking in further forms of records that the mirror holds: evidence is added to them, nothing becomes a record or leaves the mirror.

A form that is withdrawn is kept as a tombstone and does not count any more.
"""

import sqlite3
from collections.abc import Sequence

from mirror_db.entries import Counts, Entry, Written
from mirror_db.model import Fields, MirrorRecord
from mirror_db.records import known, put_raw, rejudge

_WORDS = (*Fields._fields[: Fields._fields.index("license")], "has_fulltext_link", "description")
_WORDS_AT = tuple(Fields._fields.index(name) for name in _WORDS)


def take_in(conn: sqlite3.Connection, repository: str, entries: Sequence[Entry], *, run: int, now: str) -> Written:
    """Write further forms inside the caller's transaction; each entry's record was read with everything that stands beside it."""
    if not entries:
        return Written(Counts())
    held = known(conn, repository, entries[0].raw.prefix, [entry.record.oai_identifier for entry in entries])
    pairs = [(held[e.record.oai_identifier], e) for e in entries if e.record.oai_identifier in held]
    live = [(old, entry) for old, entry in pairs if not old.deleted]
    changed = [(old.id, entry.record) for old, entry in live if _says_more(conn, old.id, entry.record)]
    flagged = rejudge(conn, [(old.id, entry.record) for old, entry in live], run=run, now=now, why="content")
    flagged -= _forget_first(conn, run)
    conn.executemany("UPDATE records SET changed_at = ? WHERE id = ?", [(now, number) for number, _ in changed])
    put_raw(conn, [(old.id, entry.raw) for old, entry in live], now)
    return Written(Counts(beside=len(live), flags_changed=flagged), tuple(old.id for old, _ in pairs))


def _forget_first(conn: sqlite3.Connection, run: int) -> int:
    """What a run adds to records that are new in it is their first verdict, no change; gives how many records these are."""
    new = "SELECT r.id FROM records AS r, runs AS u WHERE u.id = :run AND r.first_seen_at >= u.started_at"
    query = f"SELECT count(DISTINCT record) FROM flag_changes WHERE run = :run AND record IN ({new})"
    count = int(conn.execute(query, {"run": run}).fetchone()[0])
    if count:
        conn.execute(f"DELETE FROM flag_changes WHERE run = :run AND record IN ({new})", {"run": run})
    return count


def _says_more(conn: sqlite3.Connection, number: int, record: MirrorRecord) -> bool:
    """Tell whether the words of the record are others now; a verdict alone moves `flags_changed_at`, not `changed_at`."""
    before = conn.execute(f"SELECT {', '.join(_WORDS)} FROM records WHERE id = ?", (number,)).fetchone()
    return tuple(before) != tuple(record.fields[at] for at in _WORDS_AT)


def add_page(conn: sqlite3.Connection, number: int, record: MirrorRecord, *, run: int, now: str) -> Counts:
    """Write a record that was read anew with the page of its item, inside the caller's transaction."""
    changed = _says_more(conn, number, record)
    flagged = rejudge(conn, [(number, record)], run=run, now=now, why="page")
    if changed:
        conn.execute("UPDATE records SET changed_at = ? WHERE id = ?", (now, number))
    return Counts(beside=1, flags_changed=flagged)
