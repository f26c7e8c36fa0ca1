"""The reading of a page's records, whatever brought them: what must be known besides, values out, nothing that stops a page. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from harvester.engine.whole import Opened, read_whole, with_form
from harvester.oai.items import container_in
from harvester.reading.formats import Extracted, plain
from harvester.reading.profile import Profile
from mirror_db.entries import Raw
from mirror_db.model import MirrorRecord
from mirror_db.stored import Stored


class Desk(NamedTuple):
    """What the reader of a page must know besides the page."""

    repository: str
    run: int
    prefix: str
    profile: Profile
    today: date
    set: str | None = None  # the set that was asked for: where a live record's header names none, it is this
    beside: bool = False  # a further format: its forms add to records that the mirror holds, and become none
    dictionary: bytes | None = None  # with which raw records are compressed; None: they are left to the writer
    held: Mapping[str, Stored] = {}  # records of the page that have other forms, or a page of the item
    is_new: bool = False  # the mirror held nothing of the repository when the run began


class Unreadable(NamedTuple):
    """A record whose reading failed."""

    detail: str


class Named(Protocol):
    """What the header of a record says, wherever it is kept."""

    @property
    def identifier(self) -> str | None:
        """Give the OAI identifier."""

    @property
    def datestamp(self) -> str | None:
        """Give the datestamp in UTC."""

    @property
    def deleted(self) -> bool:
        """Tell whether it is a tombstone."""

    @property
    def sets(self) -> tuple[str, ...]:
        """Give the sets that it is in."""


def read_items(items: Sequence[tuple[Named, Any]], desk: Desk) -> list[MirrorRecord | Unreadable]:
    """Read records, each given with the element inside its metadata container, or None.

    Whatever a record holds, it must not stop its page (design rule 6).
    """
    if not items:
        return []
    from harvester.reading.record import Source, read_records  # a tenth of a second: unchanged records are never read

    done = [_beside(item, metadata, desk) for item, metadata in items] if desk.held else [None] * len(items)
    sources = [
        Source(item.identifier or "", item.datestamp, item.deleted, _sets(item, desk), metadata)
        for (item, metadata), record in zip(items, done, strict=True)
        if record is None
    ]
    rest = iter(read_records(sources, prefix=desk.prefix, profile=desk.profile, today=desk.today))
    read = (record or next(rest) for record in done)
    return [_unreadable(one) if isinstance(one, Exception) else one for one in read]


def make_ready() -> None:
    """Import what reads records before the first one comes."""
    import harvester.reading.record  # noqa: F401 - its rules are compiled with it


def read_plainly(xml: bytes, context: str, desk: Desk) -> Extracted | None:
    """Give the fields of a plain record in oai_dc from its own bytes; None where its elements are to be read, or it has none."""
    start = container_in(xml) if desk.prefix == "oai_dc" else -1
    return plain.fields(xml, start, context) if start >= 0 else None


def _unreadable(error: Exception) -> Unreadable:
    return Unreadable(f"{type(error).__name__} while reading it: {error}")


def _beside(item: Named, metadata: Any, desk: Desk) -> MirrorRecord | Unreadable | None:
    try:
        return _whole(item, metadata, desk)
    except Exception as error:
        return _unreadable(error)


def _whole(item: Named, metadata: Any, desk: Desk) -> MirrorRecord | None:
    """Read a record with what stands beside it, or None where nothing does; a deleted record is deleted whatever stands there."""
    held = desk.held.get(item.identifier or "")
    if held is None or (item.deleted and not desk.beside):
        return None
    form = None if item.deleted else Opened(desk.prefix, metadata, item.datestamp, tuple(_sets(item, desk)))
    whole = with_form(held, desk.prefix, form)
    return read_whole(whole, profile=desk.profile, today=desk.today) if whole.forms else None


def _sets(item: Named, desk: Desk) -> tuple[str, ...]:
    return item.sets or ((desk.set,) if desk.set and not item.deleted else ())


class Sliced(Protocol):
    """A record's own bytes and what belongs to them, wherever they are kept."""

    @property
    def deleted(self) -> bool:
        """Tell whether it is a tombstone."""

    @property
    def xml(self) -> bytes:
        """Give the bytes."""

    @property
    def context(self) -> str:
        """Give the declarations that they need."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Give what was noted of them."""


def raw_of(item: Sliced, prefix: str, digests: tuple[bytes, bytes], frame: bytes | None = None) -> Raw:
    """Give the raw form of an item; `digests` are those of its bytes and of its content, `frame` its bytes compressed."""
    xml = frame or item.xml
    body, tombstone = (None, xml) if item.deleted else (xml, None)
    return Raw(prefix, *digests, item.context, body, tombstone, ",".join(item.notes) or None)
