"""The reader process: slices of a page come in, the rows of their records go out; it knows no network and no mirror.

    frame -> parse the page's slices at once -> read each record, make its rows, compress its bytes -> frame

It lives as long as its input is open, so that a writer that was killed leaves no process behind.
"""

import gc
import marshal
import os
import sys
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import IO, Any, NamedTuple

from harvester.engine.collecting import THRESHOLDS
from harvester.engine.desk import Desk, Unreadable, make_ready, raw_of, read_items, read_plainly
from harvester.engine.pages import Read, Unread
from harvester.oai.items import reopen
from harvester.oai.slices import content_digest, digest
from harvester.oai.xml import Element, Refused, child, parse_strictly
from mirror_db.entries import Entry, Raw
from mirror_db.made import Made, MadeEntries, Maker
from mirror_db.model import Fields, MirrorRecord
from mirror_db.parts import rows_of
from mirror_db.raw import compressor

READY = b"ready"
_LENGTH_BYTES = 4
_AT_ONCE = 16  # records that are read together: fewer values than the nearest cache of a processor holds


class Slice(NamedTuple):
    """What a reader needs of an item: plain values."""

    identifier: str
    datestamp: str | None
    deleted: bool
    sets: tuple[str, ...]
    xml: bytes
    context: str
    notes: tuple[str, ...] = ()


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Write one frame: its length, then its bytes."""
    stream.write(len(body).to_bytes(_LENGTH_BYTES, "little") + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Read one frame, or None at the end of the stream."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    body = stream.read(int.from_bytes(head, "little"))
    return body if len(body) == int.from_bytes(head, "little") else None


def request_of(unread: Unread) -> bytes:
    """Give the frame that asks for a page to be read."""
    slices = [
        (i.identifier or "", i.datestamp, i.deleted, tuple(i.sets), bytes(i.xml), i.context, i.notes)
        for i in unread.items
    ]
    import pickle  # 2 ms, and a harvest that brings nothing new asks for nothing to be read

    return marshal.dumps((pickle.dumps(unread.desk), slices))


def answer_to(request: bytes) -> bytes:
    """Read the slices of a request and give the frame that answers it.

    It holds the places and reasons of what could not be read, the raw forms of the rest, and these: where the mirror holds
    nothing of the repository as the rows that are inserted, else record by record.
    """
    pickled, told = marshal.loads(request)  # noqa: S302 - from our own writer, over a pipe
    desk, slices = _desk(pickled), [Slice(*one) for one in told]
    failed: list[tuple[int, str]] = []
    raws: list[tuple[Any, ...]] = []
    rows = Maker(desk.repository) if desk.is_new else Entries()
    for start in range(0, len(slices), _AT_ONCE):
        some = slices[start : start + _AT_ONCE]
        for at, (one, record) in enumerate(zip(some, _read(desk, some), strict=True), start):
            if isinstance(record, Unreadable):
                failed.append((at, record.detail))
            else:
                raws.append(tuple(_raw(one, desk)))
                rows.add(record)
    return marshal.dumps((failed, desk.is_new, raws, rows.told()))


def read_of(unread: Unread, answer: bytes) -> Read:
    """Give what an answer holds."""
    failed, is_made, raws, told = marshal.loads(answer)  # noqa: S302 - from our own reader, over a pipe
    why = tuple((at, Unreadable(detail)) for at, detail in failed)
    raw = [Raw._make(one) for one in raws]
    if unread.desk.dictionary is None:
        raw = _with_bytes(unread, raw, {at for at, _ in failed})
    if is_made:
        return Read(MadeEntries(Made.of(told, raw)), why)
    return Read(tuple(_entry(one, of) for one, of in zip(told, raw, strict=True)), why)


def _with_bytes(unread: Unread, raw: Sequence[Raw], failed: Set[int]) -> list[Raw]:
    """Put in the bytes as they came, which do not cross to the reader and back."""
    items = (item for at, item in enumerate(unread.items) if at not in failed)
    return [
        one._replace(tombstone=item.xml) if item.deleted else one._replace(body=item.xml)
        for one, item in zip(raw, items, strict=True)
    ]


def _entry(told: tuple[Any, ...], raw: Raw) -> Entry:
    (identifier, datestamp, deleted, sets), fields, rows = told
    return Entry(MirrorRecord(identifier, datestamp, deleted, sets, Fields._make(fields)), raw, rows)


def _raw(one: Slice, desk: Desk) -> Raw:
    """Give the raw form of a slice: compressed where the repository has its dictionary already, else without its bytes."""
    frame = None if desk.dictionary is None else bytes(_compressor(desk.dictionary).compress(one.xml))
    raw = raw_of(one, desk.prefix, (digest(one.xml), content_digest(one.xml, deleted=one.deleted)), frame)
    return raw if frame is not None else raw._replace(body=None, tombstone=None)


class Entries:
    """What crosses of records that may be held: values, of which the writer makes entries."""

    def __init__(self) -> None:
        self._told: list[tuple[Any, ...]] = []

    def add(self, record: MirrorRecord) -> None:
        """Take the next record of the page."""
        self._told.append((tuple(record[:4]), tuple(record.fields), rows_of(record)))

    def told(self) -> list[tuple[Any, ...]]:
        """Give what crosses, as marshal takes it."""
        return self._told


_compressor = lru_cache(maxsize=8)(compressor)


@lru_cache(maxsize=64)
def _desk(pickled: bytes) -> Desk:
    import pickle

    desk = pickle.loads(pickled)  # noqa: S301 - from our own writer, over a pipe
    assert isinstance(desk, Desk)
    return desk


def _read(desk: Desk, slices: Sequence[Slice]) -> list[MirrorRecord | Unreadable]:
    """Read slices; those that are not plain are parsed, at once where they fit together."""
    metadata = [read_plainly(one.xml, one.context, desk) for one in slices]
    odd = [at for at, one in enumerate(slices) if metadata[at] is None and not one.deleted]
    if odd:
        elements = _parsed_at_once([slices[at] for at in odd])
        if elements is None:
            return [_read_alone(one, desk) for one in slices]
        for at, element in zip(odd, elements, strict=True):
            metadata[at] = _metadata(element)
    return read_items(list(zip(slices, metadata, strict=True)), desk)


def _parsed_at_once(slices: Sequence[Slice]) -> list[Element] | None:
    """Parse the slices of a page as one document, as they came; None where they do not fit together."""
    context = slices[0].context
    if any(one.context != context for one in slices):
        return None
    try:
        root = parse_strictly(b"".join((b"<slices ", context.encode(), b">", *(s.xml for s in slices), b"</slices>")))
    except Refused:
        return None
    return list(root) if len(root) == len(slices) else None


def _metadata(record: Element) -> Element | None:
    container = child(record, "metadata")
    return None if container is None else next((one for one in container if isinstance(one.tag, str)), None)


def _read_alone(one: Slice, desk: Desk) -> MirrorRecord | Unreadable:
    try:
        return read_items([(one, reopen(one.xml, one.context).metadata)], desk)[0]
    except Refused as refused:
        return Unreadable(refused.detail)


def serve_streams() -> None:
    """Serve standard input and output; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


def serve(requests: IO[bytes], answers: IO[bytes], *, for_sure: bool = False) -> None:
    """Answer requests until they end; `for_sure`: records will come, so what reads them is imported now."""
    if for_sure:
        make_ready()
    gc.freeze()  # what was imported lives for ever: the collector need not look at it again
    gc.set_threshold(*THRESHOLDS)
    try:
        write_frame(answers, READY)
        while (request := read_frame(requests)) is not None:
            write_frame(answers, answer_to(request))
    except BrokenPipeError:
        os._exit(0)  # the writer is gone; closing the stream would only fail again
