"""A page most of whose records are held already: they are cut out unread, and only what is left is parsed.

    bytes -> cut at the records' tags -> which of them are known, byte for byte? -> one empty record in their place -> strict parse

It is as strict as reading everything: a slice that is known was read as a well-formed record when it came, the rest is
parsed as ever, and every cut must turn out to stand where a record of the list stands. Whatever is not certain, or too large
for one piece, is parsed as ever (None).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from harvester.oai.items import Item, identifier_in
from harvester.oai.large import LARGE
from harvester.oai.page import NotOai, Page, parse
from harvester.oai.slices import digest

_PLACE = b"<record></record>"
_OPENING, _CLOSING = b"<record>", b"</record>"
_UNCERTAIN = (b"<!", b"<?")  # comments, CDATA and instructions: a record in one of them is none
WORTH_IT = 0.5  # share of known records below which a page is parsed whole


class Held(NamedTuple):
    """What is known of a live record: the digest of its newest slice, and its datestamp in UTC."""

    digest: bytes | None
    datestamp: str | None


Look = Callable[[Sequence[str]], Mapping[str, Held]]


def skim(body: bytes, look: Look) -> Page | None:
    """Read a page of records; those that `look` gives with the digest of their slice come without their metadata.

    `look` is asked once for all identifiers of the page and gives live records only. None where the page is better
    parsed whole.
    """
    start = body.find(b"ListRecords>")
    if (
        start < 0
        or len(body) >= LARGE
        or b'encoding="UTF-8"' not in body[:64]
        or any(body.find(mark, start) >= 0 for mark in _UNCERTAIN)
    ):
        return None
    pieces = body.split(_OPENING)
    if pieces[0].find(b"ListRecords>") < 0 or len(pieces) < 2:
        return None
    slices, tails = _slices(pieces[1:])
    names = [identifier_in(one) for one in slices]
    held = look([name for name in names if name])
    if not held:
        return None
    marks = [digest(one) for one in slices]
    known = [
        Item(name, old.datestamp, old.datestamp, False, (), None, True, one, "", mark)
        if name and (old := held.get(name)) is not None and old.digest == mark
        else None
        for name, one, mark in zip(names, slices, marks, strict=True)
    ]
    if sum(item is not None for item in known) < WORTH_IT * len(known):
        return None
    left, places = _shortened(slices, tails, known)
    return _merged(parse(b"".join((pieces[0], *left))), places)


def _shortened(
    slices: Sequence[bytes], tails: Sequence[bytes], known: Sequence[Item | None]
) -> tuple[list[bytes], list[list[Item]]]:
    """Give what is left of the list, and what stands in it: known records, side by side in one place, or none."""
    left: list[bytes] = []
    places: list[list[Item]] = []
    is_open = False  # the last place takes one more
    for one, tail, item in zip(slices, tails, known, strict=True):
        if item is None:
            left += (one, tail)
            places.append([])
            is_open = False
            continue
        if not is_open:
            left.append(_PLACE)
            places.append([])
        places[-1].append(item)
        is_open = not tail.strip()
        if not is_open:
            left.append(tail)
    return left, places


def _slices(pieces: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Give each record's own bytes, and what stands behind it up to the next one."""
    slices, tails = [], []
    for piece in pieces:
        end = piece.find(_CLOSING) + len(_CLOSING)
        slices.append(_OPENING + piece[:end] if end >= len(_CLOSING) else _OPENING + piece)
        tails.append(piece[end:] if end >= len(_CLOSING) else b"")
    return slices, tails


def _merged(page: Page | NotOai, places: Sequence[Sequence[Item]]) -> Page | None:
    """Put the known records where their places were found; None unless every place was found."""
    if isinstance(page, NotOai) or page.notes or page.lost or len(page.items) != len(places):
        return None
    pairs = list(zip(page.items, places, strict=True))
    if any(held and item.xml != _PLACE for item, held in pairs):
        return None
    return page._replace(items=tuple(one for item, held in pairs for one in (held or (item,))))
