"""Cutting a page into its records' own bytes, without parsing them: `raw_records` keeps them exactly as received.

    well formed, no comment or CDATA behind the list's start  ->  between_tags: one search per record
    well formed                                               ->  cut: comments, CDATA and instructions are stepped over
    broken somewhere                                          ->  cut_roughly, or at every opening tag: for the repair

Every pattern steps over each byte a bounded number of times, whatever a server sends.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

_HEADER_END = re.compile(rb"</(?:[\w.-]{1,64}:)?header\s*>")
_TAG_END = re.compile(rb"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_LIST_END = re.compile(rb"<(?:[\w.-]{1,64}:)?resumptionToken[\s>/]|</(?:[\w.-]{1,64}:)?ListRecords\s*>")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_AFTER_NAME = b" >/\t\r\n"
_SPACES = b" \t\r\n"
# Bytes hashed at once; for more hashlib lets go of the interpreter's lock: getting it back costs more than hashing a record.
_AT_ONCE = 2047


class Cut(NamedTuple):
    """Where one record stands in the page's bytes."""

    start: int
    end: int


def between_tags(body: bytes, tag: bytes, start: int, expected: int) -> list[bytes] | None:
    """Give the elements called `tag` (with its prefix) behind `start`, by splitting the page at their closing tags.

    For a well-formed page without comments and instructions. None unless the cut is certain: without CDATA `<` begins
    nothing but a tag there, each element is followed by the next one, and behind the last no tag of that name closes.
    An element of that name inside another would be followed by something else.
    """
    opening, closing = b"<" + tag, b"</" + tag + b">"
    first = body.find(opening, start)
    if first < 0 or body.find(b"<![CDATA[", start) >= 0:
        return None
    *found, rest = body.split(closing)
    if not found or len(found) != expected or closing[:-1] in rest or first > len(found[0]):
        return None
    found[0] = found[0][first:]
    for at, one in enumerate(found):
        piece = one.lstrip(_SPACES)
        if not piece.startswith(opening) or piece[len(opening) : len(opening) + 1] not in _AFTER_NAME:
            return None
        found[at] = piece + closing
    return found


@lru_cache(maxsize=4)
def _marks(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<!--|<!\[CDATA\[|<\?|<(/?)(?:[\w.-]{1,64}:)?" + name.encode() + rb"(?=[\s>/])")


def cut(body: bytes, name: str) -> tuple[Cut, ...] | None:
    """Give the outermost elements called `name` of a well-formed page, in whatever namespace (Q55)."""
    found: list[Cut] = []
    marks, at, depth, begin = _marks(name), 0, 0, 0
    while (mark := marks.search(body, at)) is not None:
        if (end := _ENDS.get(mark[0])) is not None:
            at = body.find(end, mark.end())
            if at < 0:
                return None
            continue
        tag_end = _TAG_END.match(body, mark.end())
        if tag_end is None:
            return None
        at = tag_end.end()
        if not depth:
            begin = mark.start()
        if not body.endswith(b"/>", mark.end(), at):
            depth += -1 if mark[1] else 1
        if depth < 0:
            return None
        if not depth:
            found.append(Cut(begin, at))
    return tuple(found) if depth == 0 else None


@lru_cache(maxsize=4)
def _tags(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<(/?)(?:[\w.-]{1,64}:)?" + name.encode() + rb"(?=[\s>/])[^<>]{0,4096}(/?)>")


def cut_roughly(body: bytes, name: str, start: int) -> tuple[Cut, ...] | None:
    """Give the outermost elements by their tags alone, for a page that is broken somewhere; None when they do not pair up."""
    found: list[Cut] = []
    depth = begin = 0
    for match in _tags(name).finditer(body, start):
        if not depth:
            begin = match.start()
        if not match[0].endswith(b"/>"):
            depth += -1 if match[1] else 1
        if depth < 0:
            return None
        if not depth:
            found.append(Cut(begin, match.end()))
    return tuple(found) if depth == 0 else None


def cut_at_openings(body: bytes, name: str, start: int) -> tuple[Cut, ...]:
    """Give the pieces from each opening tag to the next, the last to the list's end: for a page with a tag missing."""
    starts = [match.start() for match in _tags(name).finditer(body, start) if not match[1]]
    if not starts or _LIST_END.search(body, starts[0], starts[-1]):
        return ()
    over = _LIST_END.search(body, starts[-1])
    return tuple(map(Cut, starts, (*starts[1:], over.start() if over else len(body))))


def digest(xml: bytes | memoryview) -> bytes:
    """Give the hash of a slice: 16 bytes of BLAKE2b."""
    whole = hashlib.blake2b(xml[:_AT_ONCE], digest_size=16)
    for at in range(_AT_ONCE, len(xml), _AT_ONCE):
        whole.update(xml[at : at + _AT_ONCE])
    return whole.digest()


BARE = digest(b"bare")  # of a live record without metadata (Q56)
_DELETED = digest(b"deleted")


def content_digest(xml: bytes, *, deleted: bool) -> bytes:
    """Give the hash of what lies between the header and the end of the metadata: a new datestamp alone leaves it (Q47)."""
    if deleted:
        return _DELETED
    head = _HEADER_END.search(xml)
    start = head.end() if head else 0
    end = xml.rfind(b"metadata>", start)
    return digest(xml[start : end + 9]) if end >= 0 else BARE
