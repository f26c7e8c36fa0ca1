"""Resumption tokens in the manner of three platforms. All are stateless: the token itself says where the list goes on."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode


class Selection(NamedTuple):
    """What a list was asked for: the arguments as sent."""

    prefix: str
    from_: str | None = None
    until: str | None = None
    set: str | None = None


class Place(NamedTuple):
    """Where a list goes on. `offset` counts records, or is the least item number still to come (EPrints)."""

    selection: Selection
    offset: int
    issued_at: datetime | None = None


class Tokens(Protocol):
    """How a platform writes its tokens, orders its lists and counts in them."""

    @property
    def lifetime_s(self) -> int:
        """Give how long a token is said to hold, in seconds."""

    def write(self, place: Place, now: datetime) -> str:
        """Give the token for a place."""

    def read(self, token: str, now: datetime) -> Place | None:
        """Give the place of a token; None where it is not one of ours or has expired."""

    def order(self, identifier: str, datestamp: str) -> tuple[str | int, ...]:
        """Give the key by which lists are sorted."""

    def skip(self, offset: int, identifiers: Sequence[str]) -> int:
        """Give how many records of the sorted list lie before `offset`."""

    def next_offset(self, offset: int, identifiers: Sequence[str]) -> int:
        """Give the offset behind a page that began at `offset` and held these records."""


class _Counting:
    """Lists in the order of change; an offset counts records."""

    __slots__ = ()

    def order(self, identifier: str, datestamp: str) -> tuple[str | int, ...]:
        """Sort by the last change."""
        return datestamp, identifier

    def skip(self, offset: int, identifiers: Sequence[str]) -> int:
        """Pass over as many records as were listed."""
        return offset

    def next_offset(self, offset: int, identifiers: Sequence[str]) -> int:
        """Count the page."""
        return offset + len(identifiers)


@dataclass(frozen=True)
class OpaqueTokens(_Counting):
    """Base64 that means nothing to a client and expires `lifetime_s` after it was given."""

    lifetime_s: int = 3600

    def write(self, place: Place, now: datetime) -> str:
        """Give the token, stamped with the instant it was given."""
        parts = [("at", now.isoformat()), ("offset", str(place.offset)), *_pairs(place.selection)]
        return base64.urlsafe_b64encode(urlencode(parts).encode()).decode().rstrip("=")

    def read(self, token: str, now: datetime) -> Place | None:
        """Give the place, or None for a token that is foreign or expired."""
        try:
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
            place = _place(dict(parse_qsl(text, strict_parsing=True)))
        except (binascii.Error, UnicodeError, ValueError, KeyError):
            return None
        at = place.issued_at
        return place if at is not None and now <= at + timedelta(seconds=self.lifetime_s) else None


@dataclass(frozen=True)
class EprintsTokens:
    """EPrints: its own arguments, escaped twice; the offset is the next item number, so a token never goes stale.

    The expirationDate that goes with it is a pleasantry of one day (cgi/oai2; Q16, Q17).
    """

    lifetime_s: int = 86_400

    def write(self, place: Place, now: datetime) -> str:
        """Give the token."""
        prefix, *others = _pairs(place.selection)
        return quote(urlencode(sorted([prefix, ("offset", str(place.offset)), *others])), safe="")

    def read(self, token: str, now: datetime) -> Place | None:
        """Give the place, whatever its age."""
        try:
            return _place(dict(parse_qsl(unquote(token), strict_parsing=True)))
        except (ValueError, KeyError):
            return None

    def order(self, identifier: str, datestamp: str) -> tuple[str | int, ...]:
        """Sort by item number."""
        return (_number(identifier),)

    def skip(self, offset: int, identifiers: Sequence[str]) -> int:
        """Pass over every item below the offset."""
        return sum(_number(identifier) < offset for identifier in identifiers)

    def next_offset(self, offset: int, identifiers: Sequence[str]) -> int:
        """Go on behind the last item."""
        return _number(identifiers[-1]) + 1


@dataclass(frozen=True)
class DspaceTokens(_Counting):
    """DSpace: prefix/from/until/set/offset, readable, and good for as long as the list does not change."""

    lifetime_s: int = 3600

    def write(self, place: Place, now: datetime) -> str:
        """Give the token."""
        prefix, from_, until, set_ = place.selection
        return "/".join((prefix, from_ or "", until or "", set_ or "", str(place.offset)))

    def read(self, token: str, now: datetime) -> Place | None:
        """Give the place."""
        parts = token.split("/")
        if len(parts) != 5 or not parts[4].isascii() or not parts[4].isdecimal():
            return None
        return Place(Selection(parts[0], parts[1] or None, parts[2] or None, parts[3] or None), int(parts[4]))


def _pairs(selection: Selection) -> list[tuple[str, str]]:
    named = zip(("metadataPrefix", "from", "until", "set"), selection, strict=True)
    return [(name, value) for name, value in named if value is not None]


def _place(parts: dict[str, str]) -> Place:
    at = datetime.fromisoformat(parts["at"]) if "at" in parts else None
    selection = Selection(parts["metadataPrefix"], parts.get("from"), parts.get("until"), parts.get("set"))
    return Place(selection, int(parts["offset"]), at)


def _number(identifier: str) -> int:
    digits = identifier.rpartition(":")[2]
    return int(digits) if digits.isascii() and digits.isdecimal() else 0
