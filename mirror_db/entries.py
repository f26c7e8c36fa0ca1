"""What is handed to the writer: one page's worth of read records, as immutable values."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from mirror_db.model import MirrorRecord
from mirror_db.parts import rows_of


class Raw(NamedTuple):
    """The slice a record was read from; `body` and `tombstone` as received: the writer compresses them."""

    prefix: str
    digest: bytes  # 16 bytes, of the whole slice
    content_digest: bytes  # 16 bytes, of the metadata alone
    declarations: str  # namespace declarations it inherited
    body: bytes | None  # None for a deleted record
    tombstone: bytes | None  # None for a live record
    notes: str | None = None


class Entry(NamedTuple):
    """One record, read, with its raw form; `rows` are its parts where `mirror_db.parts.rows_of` has made them already."""

    record: MirrorRecord
    raw: Raw
    rows: list[list[list[Any]]] | None = None

    def parts(self) -> list[list[list[Any]]]:
        """Give the rows of its parts."""
        return rows_of(self.record) if self.rows is None else self.rows


class Known(NamedTuple):
    """What the mirror holds of an identifier already."""

    id: int
    deleted: int
    digest: bytes | None
    content_digest: bytes | None
    datestamp: str | None = None


class Quarantined(NamedTuple):
    """Bytes that could not be read as a record."""

    prefix: str
    oai_identifier: str | None
    place: str
    why: str  # code
    detail: str
    digest: bytes
    body: bytes  # as received, uncompressed


class Warned(NamedTuple):
    """Something a run noticed."""

    code: str
    detail: str


class Progress(NamedTuple):
    """Where a list stands after this page."""

    list: int
    token: str | None
    token_expires: str | None = None
    expected: int | None = None
    first_response_date: str | None = None
    pages: int = 1
    got: int = 0


class Batch(NamedTuple):
    """Everything that one transaction writes: one page, or a few of one list."""

    repository: str
    run: int
    prefix: str
    entries: Sequence[Entry] = ()
    unchanged: tuple[int, ...] = ()  # records.id of slices that the mirror holds already
    quarantined: tuple[Quarantined, ...] = ()
    warnings: tuple[Warned, ...] = ()
    progress: Progress | None = None
    track_seen: bool = False  # a full list: remember who was met
    duplicates: int = 0
    beside: bool = False  # forms of a further format: they add to records and become none


class Coming(Protocol):
    """A batch that is still being made, by another process or thread."""

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Give the records that it will write."""

    def ready(self) -> bool:
        """Tell whether `take` gives it without waiting."""

    def take(self) -> Batch:
        """Wait for it and give it, as often as it is asked for."""


class Counts(NamedTuple):
    """What a batch did to the mirror; the names are columns of `runs`."""

    pages: int = 0
    listed: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    restored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    flags_changed: int = 0
    beside: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Add field by field."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class Written(NamedTuple):
    """What became of entries that were handed to the mirror."""

    counts: Counts
    numbers: tuple[int, ...] = ()  # records.id of those that it holds now
