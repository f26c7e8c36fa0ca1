"""Writing records: what is new is inserted, what changed is replaced, what is the same is not touched.

known(...) tells what the mirror holds; write(...) sorts entries into new, changed, touched and deleted and writes each kind in bulk.
"""

import json
import sqlite3
from binascii import unhexlify as unhex
from collections.abc import Iterable, Sequence

from mirror_db import changes, fulltext, parts, rows
from mirror_db.entries import Counts, Entry, Known, Raw, Written
from mirror_db.made import Made, MadeEntries, insert
from mirror_db.model import Fields, MirrorRecord

_FIELDS = Fields._fields
_FLAGS = ("license", "access", "is_open_access", "is_cc_by_nc", "embargo_end")
_VERDICT = _FIELDS[_FIELDS.index("license") : _FIELDS.index("description")]
_TEXT_AT = tuple(_FIELDS.index(name) for name in fulltext.COLUMNS)
_FLAGS_AT = tuple(_FIELDS.index(name) for name in _FLAGS)
_VERDICT_AT = tuple(_FIELDS.index(name) for name in _VERDICT)

_UPDATE_RECORD = (
    "UPDATE records SET datestamp = ?, deleted = 0, deleted_why = NULL, changed_at = coalesce(?, changed_at), "
    f"flags_changed_at = coalesce(?, flags_changed_at), {', '.join(f'{name} = ?' for name in _FIELDS)} WHERE id = ?"
)
_BURY_RECORD = (
    "UPDATE records SET datestamp = ?, deleted = 1, deleted_why = ?, changed_at = coalesce(?, changed_at), "
    f"flags_changed_at = coalesce(?, flags_changed_at), {', '.join(f'{name} = ?' for name in _VERDICT)} WHERE id = ?"
)
_AS_READ = f"SELECT datestamp, deleted, {', '.join(_FIELDS)} FROM records WHERE id = ?"
_KNOWN = (
    "SELECT json_group_array(json_array(asked.key, r.id, r.deleted, hex(w.digest), hex(w.content_digest), r.datestamp)) "
    "FROM json_each(?) AS asked CROSS JOIN records AS r ON r.repository = ? AND r.oai_identifier = asked.value "
    "LEFT JOIN raw_records AS w ON w.record = r.id AND w.prefix = ?"
)
_OLD_ROW = f"SELECT id, deleted, {', '.join(_FLAGS)}, {', '.join(fulltext.COLUMNS)} FROM records WHERE id = ?"


def known(conn: sqlite3.Connection, repository: str, prefix: str, identifiers: Iterable[str]) -> dict[str, Known]:
    """Give what the mirror holds of these identifiers; absent ones are not in the answer.

    The answer is one row: for each row, Python gives its interpreter's lock away and waits until it has it back.
    """
    asked = [*identifiers]
    (found,) = conn.execute(_KNOWN, (json.dumps(asked), repository, prefix)).fetchone()
    return {
        asked[at]: Known(number, deleted, unhex(digest) if digest else None, unhex(content) if content else None, stamp)
        for at, number, deleted, digest, content, stamp in json.loads(found)
    }


def write(
    conn: sqlite3.Connection,
    repository: str,
    entries: Sequence[Entry],
    *,
    run: int,
    now: str,
    within: int | None = None,
) -> Written:
    """Write entries with distinct identifiers inside the caller's transaction; `now` is UTC text.

    `within` is the list that they stand in: a record that this list has shown in a newer state stays as it is (Q23, Q24).
    """
    if not entries:
        return Written(Counts())
    changes.note(conn, repository)
    if isinstance(entries, MadeEntries):
        raw = entries.made.raw[0]
        if not known(conn, repository, raw.prefix, entries.identifiers):
            return _add_made(conn, entries.made, now=now)
    held = known(conn, repository, entries[0].raw.prefix, (e.record.oai_identifier for e in entries))
    fresh = [entry for entry in entries if entry.record.oai_identifier not in held]
    again = [(held[e.record.oai_identifier], e) for e in entries if e.record.oai_identifier in held]
    numbers = [old.id for old, _ in again]
    if within is not None:
        again = [(old, e) for old, e in again if not _is_older(conn, (within, run), old.id, e.record)]
    live = [(old, e) for old, e in again if not e.record.deleted]
    dead = [(old, e) for old, e in again if e.record.deleted]
    added = _add(conn, repository, fresh, now=now)
    changed, buried = _change(conn, live, run=run, now=now), _bury(conn, dead, run=run, now=now)
    return Written(added.counts.plus(changed).plus(buried), (*added.numbers, *numbers))


def _is_older(conn: sqlite3.Connection, walk: tuple[int, int], number: int, record: MirrorRecord) -> bool:
    """Tell whether the same walk has shown the record in a newer state; at a tie the live one is newer.

    `walk` is a list and the run that walks it. What an earlier run saw of the list, or this one before it began the list
    again, is merely older: a record deleted since on the same day is dead (found by a random life, seed 3500).
    """
    query = (
        "SELECT r.datestamp, r.deleted FROM seen AS s JOIN records AS r ON r.id = s.record JOIN lists AS l ON l.id = s.list "
        "JOIN runs AS u ON u.id = ? WHERE s.list = ? AND s.record = ? AND l.restarts = 0 AND l.started_at >= u.started_at"
    )
    shown = conn.execute(query, (walk[1], walk[0], number)).fetchone()
    return shown is not None and (record.datestamp or "", not record.deleted) < (shown[0] or "", not shown[1])


def rejudge(
    conn: sqlite3.Connection, pairs: Sequence[tuple[int, MirrorRecord]], *, run: int | None, now: str, why: str
) -> int:
    """Put newly read values in place of old ones; content and raw stay, `changed_at` does not move.

    `why` is clock, rules, page or content. Gives how many verdicts changed. What is the same is not written.
    """
    changed = 0
    others = set()
    for number, record in pairs:
        if conn.execute(_AS_READ, (number,)).fetchone() == (record.datestamp, 0, *record.fields):
            continue
        before = conn.execute(_OLD_ROW, (number,)).fetchone()
        after = [record.fields[at] for at in _FLAGS_AT]
        flagged = _log_flags(conn, (number, run, now, why), before[2:7], after)
        conn.execute(_UPDATE_RECORD, (record.datestamp, None, now if flagged else None, *record.fields, number))
        _reindex(conn, number, before, record.fields)
        changed += flagged
        others.add(number)
    others |= parts.mend(conn, [(number, parts.rows_of(record)) for number, record in pairs])
    changes.note_of(conn, others)
    return changed


def names_of(conn: sqlite3.Connection, numbers: Iterable[int]) -> set[str]:
    """Give the OAI identifiers of records by their numbers."""
    query = "SELECT oai_identifier FROM records WHERE id = ?"
    return {conn.execute(query, (number,)).fetchone()[0] for number in numbers}


def live_rows(
    conn: sqlite3.Connection, repository: str, identifiers: Sequence[str]
) -> tuple[tuple[int, str, str | None], ...]:
    """Give (number, identifier, datestamp) of those of these records that are live."""
    query = (
        "SELECT r.id, r.oai_identifier, r.datestamp FROM json_each(?) AS asked CROSS JOIN records AS r "
        "ON r.repository = ? AND r.oai_identifier = asked.value WHERE r.deleted = 0"
    )
    return tuple(conn.execute(query, (json.dumps([*identifiers]), repository)))


def count_bare(conn: sqlite3.Connection, repository: str, *, since: str) -> int:
    """Give how many live records came without metadata since an instant."""
    query = (
        "SELECT count(DISTINCT r.id) FROM issues AS i JOIN records AS r ON r.id = i.record "
        "JOIN raw_records AS w ON w.record = r.id "
        "WHERE i.code = 'no_metadata' AND r.repository = ? AND r.deleted = 0 AND w.received_at >= ?"
    )
    return int(conn.execute(query, (repository, since)).fetchone()[0])


def bare(conn: sqlite3.Connection, repository: str, run: int, *, since: str, limit: int) -> tuple[str, ...]:
    """Give live records that came without metadata since an instant and before a run began, newest first."""
    query = (
        "SELECT r.oai_identifier FROM issues AS i JOIN records AS r ON r.id = i.record "
        "JOIN raw_records AS w ON w.record = r.id WHERE i.code = 'no_metadata' AND r.repository = ? AND r.deleted = 0 "
        "AND w.received_at >= ? AND r.changed_at < (SELECT started_at FROM runs WHERE id = ?) ORDER BY r.id DESC LIMIT ?"
    )
    return tuple(row[0] for row in conn.execute(query, (repository, since, run, limit)))


def _add(conn: sqlite3.Connection, repository: str, entries: Sequence[Entry], *, now: str) -> Written:
    if not entries:
        return Written(Counts())
    first = _next_number(conn)
    numbered = [(first + i, entry) for i, entry in enumerate(entries)]
    conn.executemany(rows.INSERT_RECORD, [rows.record_row(i, repository, e.record, now) for i, e in numbered])
    parts.insert(conn, [(i, e.parts()) for i, e in numbered])
    parts.insert_sets(conn, [(i, e.record.sets) for i, e in numbered])
    put_raw(conn, [(i, e.raw) for i, e in numbered], now)
    return _added(first, [e.record.deleted for e in entries])


def _add_made(conn: sqlite3.Connection, made: Made, *, now: str) -> Written:
    first = _next_number(conn)
    insert(conn, made, first, contexts=_contexts(conn, made.raw), now=now)
    return _added(first, [row[rows.DELETED_AT] for row in made.records])


def _added(first: int, deleted: Sequence[int]) -> Written:
    """Tell of new records, numbered from `first` on; `deleted` says of each whether it is a tombstone."""
    dead, size = sum(deleted), len(deleted)
    return Written(Counts(created=size - dead, deleted=dead), (*range(first, first + size),))


def _next_number(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM records").fetchone()[0])


def _change(conn: sqlite3.Connection, pairs: Sequence[tuple[Known, Entry]], *, run: int, now: str) -> Counts:
    """Replace live records; `changed_at` moves only for those whose metadata differ or that were deleted."""
    counts = Counts()
    for old, entry in pairs:
        record = entry.record
        moved = old.content_digest != entry.raw.content_digest or bool(old.deleted)
        before = conn.execute(_OLD_ROW, (old.id,)).fetchone()
        why = "restored" if old.deleted else "content"
        flagged = _log_flags(conn, (old.id, run, now, why), before[2:7], [record.fields[at] for at in _FLAGS_AT])
        conn.execute(
            _UPDATE_RECORD,
            (record.datestamp, now if moved else None, now if flagged else None, *record.fields, old.id),
        )
        _reindex(conn, old.id, before, record.fields)
        counts = counts.plus(
            Counts(
                updated=int(moved and not old.deleted),
                restored=int(bool(old.deleted)),
                unchanged=int(not moved),
                flags_changed=int(flagged),
            )
        )
    parts.replace(conn, [(old.id, e.parts()) for old, e in pairs])
    parts.replace_sets(conn, [(old.id, e.record.sets) for old, e in pairs])
    put_raw(conn, [(old.id, e.raw) for old, e in pairs], now)
    return counts


def _bury(conn: sqlite3.Connection, pairs: Sequence[tuple[Known, Entry]], *, run: int, now: str) -> Counts:
    """Mark records as deleted: what they said stays, what they were flagged as goes."""
    died = 0
    for old, entry in pairs:
        died += bury(conn, old.id, entry.record, why=rows.HEADER, run=run, now=now)
        if entry.record.sets:  # EPrints' tombstones name no set: the last known ones stay (Q20, section 3.6)
            parts.replace_sets(conn, [(old.id, entry.record.sets)])
    put_raw(conn, [(old.id, e.raw) for old, e in pairs], now)
    return Counts(deleted=died, unchanged=len(pairs) - died)


def bury(conn: sqlite3.Connection, number: int, record: MirrorRecord, *, why: str, run: int, now: str) -> bool:
    """Mark one record as deleted for the reason `why`; tells whether it was live before.

    That figures change with it is the caller's to note, once for all that it marks.
    """
    before = conn.execute(_OLD_ROW, (number,)).fetchone()
    was_live = not before[1]
    verdict = [record.fields[at] for at in _VERDICT_AT]
    flagged = _log_flags(conn, (number, run, now, "deleted"), before[2:7], [record.fields[at] for at in _FLAGS_AT])
    conn.execute(
        _BURY_RECORD,
        (record.datestamp, why, now if was_live else None, now if flagged else None, *verdict, number),
    )
    if was_live:
        fulltext.change(conn, number, before=before[7:], after=None)
    parts.clear_evidence(conn, number)
    return was_live


def _log_flags(
    conn: sqlite3.Connection, head: tuple[int, int | None, str, str], before: Sequence[object], after: Sequence[object]
) -> bool:
    number, run, now, why = head
    changed = [(name, b, a) for name, b, a in zip(_FLAGS, before, after, strict=True) if b != a]
    conn.executemany(
        "INSERT INTO flag_changes (record, run, changed_at, flag, before, after, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((number, run, now, name, _text(b), _text(a), why) for name, b, a in changed),
    )
    return bool(changed)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _contexts(conn: sqlite3.Connection, raws: Iterable[Raw]) -> dict[str, int]:
    return {text: _context(conn, text) for text in {raw.declarations for raw in raws}}


def _context(conn: sqlite3.Connection, declarations: str) -> int:
    query = "SELECT id FROM contexts WHERE declarations = ?"
    row = conn.execute(query, (declarations,)).fetchone()
    if row is None:
        conn.execute("INSERT INTO contexts (declarations) VALUES (?)", (declarations,))
        row = conn.execute(query, (declarations,)).fetchone()
    return int(row[0])


def put_raw(conn: sqlite3.Connection, numbered: Sequence[tuple[int, Raw]], now: str) -> None:
    """Keep raw records by the number of their record; a live body outlives its tombstone."""
    contexts = _contexts(conn, [raw for _, raw in numbered])
    conn.executemany(rows.PUT_RAW, [rows.raw_row(i, raw, contexts[raw.declarations], now) for i, raw in numbered])


def _reindex(conn: sqlite3.Connection, number: int, before: Sequence[object], fields: Fields) -> None:
    text = tuple(fields[at] for at in _TEXT_AT)
    fulltext.change(conn, number, before=None if before[1] else tuple(before[7:]), after=text)
