"""The rows of `records` and `raw_records`: which columns, in which order, and the statements that insert them."""

from collections.abc import Iterable
from typing import Any

from mirror_db import binding
from mirror_db.binding import blob, bound
from mirror_db.entries import Raw
from mirror_db.model import Fields, MirrorRecord

HEADER = "header"  # why a record counts as deleted: its header says so
HEAD = ("id", "repository", "oai_identifier", "datestamp", "deleted", "deleted_why", "first_seen_at", "changed_at")
NUMBER_AT, NAME_AT, STAMP_AT, DELETED_AT, FIRST_SEEN_AT, CHANGED_AT = (
    HEAD.index(name) for name in (*HEAD[:1], *HEAD[2:5], *HEAD[6:])
)
_NEVER_NULL = frozenset(
    name for name, value in Fields()._asdict().items() if value is not None
)  # the columns with a default
INSERT_RECORD = binding.insert(
    "records", (*HEAD, *Fields._fields), never_null={*_NEVER_NULL, *HEAD} - {"datestamp", "deleted_why"}
)
_RAW = ("record", "prefix", "digest", "content_digest", "context", "body", "tombstone", "notes", "received_at")
PUT_RAW = (
    binding.insert("raw_records", _RAW)
    + " ON CONFLICT (record, prefix) DO UPDATE SET digest = excluded.digest, content_digest = excluded.content_digest, "
    "context = excluded.context, body = coalesce(excluded.body, body), tombstone = excluded.tombstone, "
    "notes = excluded.notes, received_at = excluded.received_at"
)


def record_row(number: int, repository: str, record: MirrorRecord, now: str) -> list[Any]:
    """Give the row of a new record."""
    why = HEADER if record.deleted else None
    head = (number, repository, record.oai_identifier, record.datestamp, record.deleted, why, now, now)
    return bound((*head, *record.fields))


def raw_row(number: int, raw: Raw, context: int, now: str) -> list[Any]:
    """Give the row of a raw record; `context` is the number of its declarations."""
    digests = bytearray(raw.digest), bytearray(raw.content_digest)
    return [number, raw.prefix, *digests, context, blob(raw.body), blob(raw.tombstone), *bound((raw.notes, now))]


def read_back(row: Iterable[Any]) -> list[Any]:
    """Give a bound row as it was before it was bound, but for bytes."""
    return [None if value == binding.EMPTY else value for value in row]
