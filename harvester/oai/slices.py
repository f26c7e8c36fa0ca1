"""Cutting a page into its records' own bytes, without parsing them: `raw_records` keeps them exactly as received.

The cut is checked by the caller against the parsed page (same number, identifiers inside), since a comment or a
CDATA section may hold anything.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

_HEADER_END = re.compile(rb"</(?:[\w.-]+:)?header\s*>")
_METADATA_END = re.compile(rb"</(?:[\w.-]+:)?metadata\s*>")


class Cut(NamedTuple):
    """Where one record stands in the page's bytes."""

    start: int
    end: int


@lru_cache(maxsize=4)
def _tags(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<(/?)(?:[\w.-]+:)?" + name.encode() + rb"(?=[\s>/])([^>]*)>")


def cut(body: bytes, name: str, start: int = 0) -> tuple[Cut, ...] | None:
    """Give the outermost elements called `name` behind `start`, or None when tags do not pair up (Q55)."""
    found: list[Cut] = []
    depth = 0
    begin = 0
    for match in _tags(name).finditer(body, start):
        if match[1]:
            depth -= 1
            if depth < 0:
                return None
            if depth == 0:
                found.append(Cut(begin, match.end()))
        elif match[2].endswith(b"/"):
            if depth == 0:
                found.append(Cut(match.start(), match.end()))
        else:
            if depth == 0:
                begin = match.start()
            depth += 1
    return tuple(found) if depth == 0 else None


def digest(xml: bytes) -> bytes:
    """Give the hash of a slice: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(xml, digest_size=16).digest()


def content_digest(xml: bytes, *, deleted: bool) -> bytes:
    """Give the hash of what lies between the header and the end of the metadata: a new datestamp alone leaves it (Q47)."""
    if deleted:
        return hashlib.blake2b(b"deleted", digest_size=16).digest()
    head = _HEADER_END.search(xml)
    start = head.end() if head else 0
    last = start
    for last_match in _METADATA_END.finditer(xml, start):
        last = last_match.end()
    return hashlib.blake2b(xml[start:last] if last > start else xml[start:], digest_size=16).digest()
