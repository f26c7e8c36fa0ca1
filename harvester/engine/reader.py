"""The reader process: slices of a page come in, the rows of their records go out; it knows no network and no mirror.

    frame -> parse the page's slices at once -> read each record, make its rows, compress its bytes -> frame

It lives as long as its input is open, so that a writer that was killed leaves no process behind.
"""

import gc
import marshal
import os
import pickle
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import IO, Any, NamedTuple

from harvester.engine.collecting import THRESHOLDS
from harvester.engine.pages import Desk, Unread, Unreadable, make_ready, raw_of, read_items, read_plainly
from harvester.oai.items import reopen
from harvester.oai.slices import content_digest, digest
from harvester.oai.xml import Element, Refused, child, parse_strictly
from mirror_db.entries import Entry
from mirror_db.model import Fields, MirrorRecord
from mirror_db.parts import rows_of
from mirror_db.raw import compressor

READY = b"ready"
_LENGTH_BYTES = 4
_AT_ONCE = 16


class Slice(NamedTuple):
    """What a reader needs of an item: plain values."""

    identifier: str
    datestamp: str | None
    deleted: bool
    sets: tuple[str, ...]
    xml: bytes
    context: str


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
        (i.identifier or "", i.datestamp, i.deleted, tuple(i.sets), bytes(i.xml), i.context) for i in unread.items
    ]
    return marshal.dumps((pickle.dumps(unread.desk), slices))


def answer_to(request: bytes) -> bytes:
    """Read the slices of a request and give the frame that answers it."""
    pickled, told = marshal.loads(request)  # noqa: S302 - from our own writer, over a pipe
    desk, slices = _desk(pickled), [Slice(*one) for one in told]
    answers: list[tuple[Any, ...]] = []
    for start in range(0, len(slices), _AT_ONCE):
        some = slices[start : start + _AT_ONCE]
        answers += [_plain(one, record, desk.dictionary) for one, record in zip(some, _read(desk, some), strict=True)]
    return marshal.dumps(answers)


def read_of(unread: Unread, answer: bytes) -> list[Entry | Unreadable]:
    """Give what an answer holds, item by item: what is to be written, or why it could not be read."""
    prefix = unread.desk.prefix
    read: list[Entry | Unreadable] = []
    answers = marshal.loads(answer)  # noqa: S302 - from our own reader, over a pipe
    for item, (head, fields, rows, digests, frame) in zip(unread.items, answers, strict=True):
        if fields is None:
            read.append(Unreadable(head))
        else:
            identifier, datestamp, deleted, sets = head
            record = MirrorRecord(identifier, datestamp, deleted, sets, Fields._make(fields))
            read.append(Entry(record, raw_of(item, prefix, digests, frame), rows))
    return read


def _plain(one: Slice, record: MirrorRecord | Unreadable, dictionary: bytes | None) -> tuple[Any, ...]:
    if isinstance(record, Unreadable):
        return record.detail, None, None, None, None
    frame = None if dictionary is None else bytes(_compressor(dictionary).compress(one.xml))
    digests = digest(one.xml), content_digest(one.xml, deleted=one.deleted)
    return tuple(record[:4]), tuple(record.fields), rows_of(record), digests, frame


_compressor = lru_cache(maxsize=8)(compressor)


@lru_cache(maxsize=64)
def _desk(pickled: bytes) -> Desk:
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
