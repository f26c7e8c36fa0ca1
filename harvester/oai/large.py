"""A large page, read record by record in flat memory: only its bytes and the places of its records are held (Q60).

bytes -> places of the records -> the envelope without them, parsed strictly -> Page whose items are read when they are taken

Each record is parsed strictly by itself; one that is broken is mended by itself, or goes to quarantine by itself.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import overload

from lxml import etree

from harvester.oai import repair
from harvester.oai.items import Item, broken_item, reopen
from harvester.oai.slices import Cut, digest
from harvester.oai.xml import Element, Refused, local

LARGE = 8_388_608  # bytes from which a page is read in this way
MAX_RECORD = 16_777_216  # bytes of one record; a larger one alone goes to quarantine
PART_BYTES = 262_144
_KEPT = 65_536  # bytes kept of a record that is too large
_MARK = b"<?record?>"


class Records(Sequence[Item]):
    """The records of a large page; each is read anew whenever it is taken."""

    def __init__(self, body: bytes, cuts: tuple[Cut, ...], context: str) -> None:
        self._body = body
        self._starts = array("Q", (cut.start for cut in cuts))  # a page may hold a hundred thousand
        self._ends = array("Q", (cut.end for cut in cuts))
        self._context = context

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(place, slice):
            return tuple(self._read(number) for number in range(len(self))[place])
        return self._read(range(len(self))[place])

    def parts(self) -> Iterator[tuple[Item, ...]]:
        """Give the records in parts of a few megabytes, none of them empty."""
        first = size = 0
        for number in range(len(self)):
            length = min(self._ends[number] - self._starts[number], MAX_RECORD)
            if size and size + length > PART_BYTES:
                yield self[first:number]
                first, size = number, 0
            size += length
        yield self[first:]

    def _read(self, number: int) -> Item:
        start, end = self._starts[number], self._ends[number]
        if end - start > MAX_RECORD:
            head = self._body[start : start + _KEPT]
            return broken_item(head)._replace(problem="too_large", mark=digest(head))
        return alone(self._body[start:end], self._context)


def envelope(body: bytes, cuts: tuple[Cut, ...], *, marked: bool = False) -> bytes:
    """Give a page without its records, where wished with a mark in the place of each."""
    parts, last = [], 0
    for one in cuts:
        parts += [body[last : one.start], _MARK] if marked else [body[last : one.start]]
        last = one.end
    return b"".join((*parts, body[last:]))


def marks_in(element: Element) -> int:
    """Give how many records' marks stand directly in a list element."""
    return sum(one.tag is etree.ProcessingInstruction and one.target == "record" for one in element)


def has_records(element: Element) -> bool:
    """Tell whether a record was left in a list element."""
    return any(local(one) == "record" for one in element)


def alone(xml: bytes, context: str) -> Item:
    """Read one record by itself: as it is, else mended, else as a broken one."""
    try:
        return reopen(xml, context)
    except Refused as refused:
        if refused.kind != "not_xml":
            return broken_item(xml)
    mended = repair.mend_part(repair.decode(xml, None))
    fixed = mended.text.encode("utf-8", "replace")
    try:
        return reopen(fixed, context)._replace(notes=tuple(code for code, _ in mended.notes))
    except Refused:
        return broken_item(xml)
