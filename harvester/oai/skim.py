"""A page most of whose records are held already: they are cut out unread, and only what is left is parsed.

    bytes -> cut at the records' tags -> which of them are known, byte for byte? -> one empty record in their place -> strict parse

It is as strict as reading everything: a slice that is known was read as a well-formed record when it came, the rest is
parsed as ever, and every cut must turn out to stand where a record of the list stands. Whatever is not certain, or too large
for one piece, is parsed as ever (None).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from harvester.oai.items import Item
from harvester.oai.large import LARGE
from harvester.oai.page import NotOai, Page, parse
from harvester.oai.slices import digest
from harvester.oai.xml import SPACE

_PLACE = b"<record></record>"
_CLOSING = b"</record>"
_UNCERTAIN = b"!?"  # behind a "<": comments, CDATA and instructions; a record in one of them is none
_HEAD = re.compile(rb"<record>(?:\s*+<header([^<>]*+)>\s*+<identifier(?:\s[^<>]*+)?>([^<&]*+)<)?")
_DEAD = b' status="deleted"'
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


class _Cut(NamedTuple):
    """A record in a page: where it stands, what its header's tag says, and its identifier, "" where that is not plain."""

    start: int
    end: int
    header: bytes
    name: str


def skim(body: bytes, look: Look) -> Page | None:
    """Read a page of records; those that `look` gives with the digest of their slice come without bytes and metadata.

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
    cuts = _cuts(body)
    if not cuts or cuts[0].start < start:
        return None
    held = look([cut.name for cut in cuts if cut.name])
    if not held:
        return None
    view = memoryview(body)
    known = [_known(view, cut, held.get(cut.name)) for cut in cuts]
    if known.count(None) > (1 - WORTH_IT) * len(known):
        return None
    left, places = _shortened(body, cuts, known)
    return _merged(parse(left), places)


def _opens(body: bytes, mark: int, start: int) -> bool:
    """Tell whether the mark stands behind a "<"; searching for the rare one of the two costs a tenth of searching for both."""
    at = body.find(mark, start)
    while at >= 0:
        if body[at - 1] == _PLACE[0]:
            return True
        at = body.find(mark, at + 1)
    return False


def _cuts(body: bytes) -> list[_Cut]:
    """Cut a page at its records' opening tags; each reaches to the last closing tag before the next one opens.

    One that reaches too far has the digest of none that is held.
    """
    heads = list(_HEAD.finditer(body))
    starts = [*(head.start() for head in heads), len(body)]
    cuts = []
    for head, start, following in zip(heads, starts, starts[1:], strict=False):
        end = body.rfind(_CLOSING, start, following)
        header, name = head.groups(b"")
        end = following if end < 0 else end + len(_CLOSING)
        cuts.append(_Cut(start, end, header, name.decode("utf-8", "replace").strip(SPACE)))
    return cuts


def _known(view: memoryview, cut: _Cut, old: Held | None) -> Item | None:
    """Give the item of a record that is held byte for byte; of one that counts as deleted only where its header says so."""
    if old is None or (old.deleted and cut.header != _DEAD):
        return None
    mark = digest(view[cut.start : cut.end])
    if old.digest != mark:
        return None
    stamp, dead = old.datestamp, bool(old.deleted)
    return Item._make((cut.name, stamp, stamp, dead, (), None, not dead, b"", "", mark, (), None))


def _shortened(body: bytes, cuts: Sequence[_Cut], known: Sequence[Item | None]) -> tuple[bytes, list[list[Item]]]:
    """Give what is left of the page, and what stands in its list: known records, side by side in one place, or none."""
    left: list[bytes] = []
    places: list[list[Item]] = []
    done, is_open = 0, False  # what is copied; the last place takes one more
    for cut, item in zip(cuts, known, strict=True):
        between = body[done : cut.start]
        if item is None:
            left += (between, body[cut.start : cut.end])
            places.append([])
        elif is_open and not between.strip():
            places[-1].append(item)
        else:
            left += (between, _PLACE)
            places.append([item])
        done, is_open = cut.end, item is not None
    return b"".join((*left, body[done:])), places


def _merged(page: Page | NotOai, places: Sequence[Sequence[Item]]) -> Page | None:
    """Put the known records where their places were found; None unless every place was found."""
    if isinstance(page, NotOai) or page.notes or page.lost or len(page.items) != len(places):
        return None
    pairs = list(zip(page.items, places, strict=True))
    if any(held and item.xml != _PLACE for item, held in pairs):
        return None
    return page._replace(items=tuple(one for item, held in pairs for one in (held or (item,))))
