"""A page most of whose records are held already: they are cut out unread, and only what is left is parsed.

    bytes -> cut at the records' tags -> which of them are known, byte for byte? -> one empty record in their place -> strict parse

It is as strict as reading everything: a slice that is known was read as a well-formed record when it came, the rest is
parsed as ever, and every cut must turn out to stand where a record of the list stands. Whatever is not certain, or too large
for one piece, is parsed as ever (None).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from harvester.oai.items import Item, identifier_in
from harvester.oai.large import LARGE
from harvester.oai.page import NotOai, Page, parse
from harvester.oai.slices import digest

_PLACE = b"<record></record>"
_OPENING, _CLOSING = b"<record>", b"</record>"
_UNCERTAIN = b"!?"  # behind a "<": comments, CDATA and instructions; a record in one of them is none
WORTH_IT = 0.5  # share of known records below which a page is parsed whole


class Held(Protocol):
    """What is known of a record: the digest of its newest slice, its datestamp in UTC, and whether it counts as deleted."""

    @property
    def digest(self) -> bytes | None:
        """Give the digest of its newest slice."""

    @property
    def datestamp(self) -> str | None:
        """Give its datestamp in UTC."""

    @property
    def deleted(self) -> int:
        """Give 1 where it counts as deleted."""


Look = Callable[[Sequence[str]], Mapping[str, Held]]


def skim(body: bytes, look: Look) -> Page | None:
    """Read a page of records; those that `look` gives with the digest of their slice come without their metadata.

    `look` is asked once for all identifiers of the page. None where the page is better parsed whole.
    """
    start = body.find(b"ListRecords>")
    if (
        start < 0
        or len(body) >= LARGE
        or b'encoding="UTF-8"' not in body[:64]
        or any(_opens(body, mark, start) for mark in _UNCERTAIN)
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
    known = [_known(one, name, held.get(name or "")) for one, name in zip(slices, names, strict=True)]
    if known.count(None) > (1 - WORTH_IT) * len(known):
        return None
    left, places = _shortened(slices, tails, known)
    return _merged(parse(b"".join((pieces[0], *left))), places)


def _opens(body: bytes, mark: int, start: int) -> bool:
    """Tell whether the mark stands behind a "<"; searching for the rare one of the two costs a tenth of searching for both."""
    at = body.find(mark, start)
    while at >= 0:
        if body[at - 1] == _OPENING[0]:
            return True
        at = body.find(mark, at + 1)
    return False


def _known(one: bytes, name: str | None, old: Held | None) -> Item | None:
    """Give the item of a slice that is held byte for byte."""
    if old is None or old.deleted:
        return None
    mark = digest(one)
    return (
        Item(name, old.datestamp, old.datestamp, False, (), None, True, one, "", mark) if old.digest == mark else None
    )


def _shortened(
    slices: Sequence[bytes], tails: Sequence[bytes], known: Sequence[Item | None]
) -> tuple[list[bytes], list[list[Item]]]:
    """Give what is left of the list, and what stands in it: known records, side by side in one place, or none."""
    if None not in known and not b"".join(tails[:-1]).strip():
        return [_PLACE, tails[-1]], [list(known)]  # type: ignore[arg-type]
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
        end = piece.find(_CLOSING)
        end = len(piece) if end < 0 else end + len(_CLOSING)
        slices.append(_OPENING + piece[:end])
        tails.append(piece[end:])
    return slices, tails


def _merged(page: Page | NotOai, places: Sequence[Sequence[Item]]) -> Page | None:
    """Put the known records where their places were found; None unless every place was found."""
    if isinstance(page, NotOai) or page.notes or page.lost or len(page.items) != len(places):
        return None
    pairs = list(zip(page.items, places, strict=True))
    if any(held and item.xml != _PLACE for item, held in pairs):
        return None
    return page._replace(items=tuple(one for item, held in pairs for one in (held or (item,))))
