"""The dates of a record, and which of them is the publication date (dublin-core.md section 2)."""

import re
from datetime import date
from functools import lru_cache

from harvester.reading.assemble import Draft
from harvester.reading.fields import Attributes
from harvester.reading.values import dates
from mirror_db.model import DateValue

_EU_REPO = re.compile(r"info:eu-?repo/(?:semantics/)?date/([A-Za-z]+)/(.*)\Z", re.IGNORECASE)
_EVIDENCE = re.compile(r"(?:NO_RESTRICTION|MONTHS_WITHHELD)", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(print|online|electronic|first)?\s*(?:publication|published|issued)(?: date)?|(accepted|acceptance)(?: date)?|(deposited|date deposited|submitted|submission date|received)|(available)(?: online)?(?: from)?|(created|updated|modified|collected|copyrighted|valid))\s*:\s*(.+)\Z",
    re.IGNORECASE,
)
_ELEMENTS = {
    "dc:date": "unknown",
    "dc:date.issued": "issued",
    "dcterms:issued": "issued",
    "dcterms:available": "available",
    "dcterms:created": "created",
    "dcterms:modified": "updated",
    "dcterms:dateAccepted": "accepted",
    "dcterms:dateSubmitted": "submitted",
    "dc:date.available": "available",
    "dc:date.accessioned": "accessioned",
    "datacite:date": "unknown",  # dateType says which
}
_ROLES = {
    "embargoend": "embargo_end",
    "issued": "issued",
    "accepted": "accepted",
    "submitted": "submitted",
    "available": "available",
    "created": "created",
    "updated": "updated",
    "modified": "updated",
    "collected": "created",
    "valid": "unknown",
    "copyrighted": "unknown",
}
_DIGITS = frozenset("0123456789")
_ROLE_AT = DateValue._fields.index("role")
_MAY_PUBLISH = frozenset({"issued", "unknown"})
_GOOD = frozenset({"day", "month", "year"})
_MAY_LIE_AHEAD = frozenset({"embargo_end", "available"})
_IMPOSSIBLE = dates.Date(None, None, None, None, "date_invalid")
_LONGEST_KEPT = 200  # characters
_new = tuple.__new__
_YEARS_AHEAD = 5  # further than this after the datestamp is a typing error


def read_dates(draft: Draft) -> None:
    """Read every date, then choose the publication date among them."""
    order, until = draft.profile.date_order, _latest_year(draft.datestamp)
    named = draft.named
    for element, role in _ELEMENTS.items():
        if element not in named:
            continue
        for field in named[element]:
            at, ordinal, value, _, attributes, _ = field
            if not value or value.isspace():
                draft.issue(at, ordinal, "empty", "the value is empty")
                continue
            read = _kept if len(value) <= _LONGEST_KEPT else _read
            for role_of_it, found, text in read(value, role, order, attributes):
                edtf, first, last, precision, issue, year = found
                if year and year > until and edtf and role_of_it not in _MAY_LIE_AHEAD:
                    edtf, first, last, precision, issue, _ = _IMPOSSIBLE
                if issue:
                    draft.issue(at, ordinal, issue, text)
                draft.dates.append(_new(DateValue, (at, ordinal, role_of_it, edtf, first, last, precision, text)))
    _publish(draft)


def _read(value: str, role: str, order: str | None, attributes: Attributes) -> tuple[tuple[str, dates.Date, str], ...]:
    """Read a value as received: the role and the date of each part, and its text."""
    whole = value.strip()
    if whole[0] not in _DIGITS and _EVIDENCE.match(whole):
        return ()
    return tuple(_read_one(part, role, order, dict(attributes)) for part in _several(whole, order))


_kept = lru_cache(maxsize=16_384)(_read)  # a repository has few days, and most of them in many records


def _several(value: str, order: str | None) -> list[str]:
    """Split `1924; 1925; 1926`, where every part is a date."""
    parts = [stripped for part in value.split(";") if (stripped := part.strip())] if ";" in value else []
    return parts if len(parts) > 1 and all(_read_one(part, "unknown", order, {})[1].edtf for part in parts) else [value]


def _read_one(value: str, role: str, order: str | None, said: dict[str, str]) -> tuple[str, dates.Date, str]:
    text = value
    role = _ROLES.get(said.get("dateType", "").lower(), role)
    if value[0] in _DIGITS:
        pass  # a plain date has neither
    elif match := _EU_REPO.match(value):
        role, text = _ROLES.get(match[1].lower(), "unknown"), match[2]
    elif match := _LABEL.match(value):
        role, text = _labelled(match), match[6]
    return role, dates.read(text, said.get("order") or order), value


def _labelled(match: re.Match[str]) -> str:
    for group, role in ((2, "accepted"), (3, "submitted"), (4, "available")):
        if match[group]:
            return role
    return _ROLES.get(match[5].lower(), "unknown") if match[5] else "issued"


def _latest_year(datestamp: str | None) -> int:
    """Give the last year that a record of this datestamp may name."""
    if datestamp is None or not datestamp[:4].isdecimal():
        return date.max.year
    return int(datestamp[:4]) + _YEARS_AHEAD


def _publish(draft: Draft) -> None:
    """The date that is stated as issued, else the earliest not after the datestamp; a timestamp only for want of better."""
    if not draft.dates:
        return
    read = [(at, one) for at, one in enumerate(draft.dates) if one.edtf and one.role in _MAY_PUBLISH]
    if not read:
        read = [(at, one) for at, one in enumerate(draft.dates) if one.edtf and _stands_in(one)]
    if len(read) == 1:  # most records have one date
        _set(draft, *read[0], only_stamps=read[0][1].precision == "timestamp")
    elif read:
        _choose(draft, read)


def _stands_in(one: DateValue) -> bool:
    """For want of a better date: when it was made, or a day on which it became available that is no deposit's time stamp."""
    return one.role == "created" or (one.role == "available" and one.precision != "timestamp")


def _choose(draft: Draft, read: list[tuple[int, DateValue]]) -> None:
    # What the item's page prints never overrules the record.
    read = [(at, one) for at, one in read if not one.element.startswith("page:")] or read
    candidates = [pair for pair in read if pair[1].role == "issued" and pair[1].precision != "timestamp"]
    candidates = candidates or [pair for pair in read if pair[1].precision in _GOOD]
    candidates = candidates or [pair for pair in read if pair[1].precision == "range"]
    only_stamps = not candidates
    candidates = candidates or read
    until = (draft.datestamp or "9999")[:10]
    early = [pair for pair in candidates if (pair[1].date_min or "") <= until] or candidates
    # Of values that begin on one day the finer one says more: 2014-05-01 before 2014.
    at, chosen = min(early, key=lambda pair: (pair[1].date_min or "", -len(pair[1].edtf or "")))
    finer = [
        p
        for p in early
        if (p[1].edtf or "").startswith(chosen.edtf or "?") and len(p[1].edtf or "") > len(chosen.edtf or "")
    ]
    if finer and chosen.precision in _GOOD:
        at, chosen = min(finer, key=lambda pair: pair[1].date_min or "")
    _set(draft, at, chosen, only_stamps=only_stamps)


def _set(draft: Draft, at: int, chosen: DateValue, *, only_stamps: bool) -> None:
    if only_stamps:
        draft.issue(chosen.element, chosen.ordinal, "date_only_timestamp", chosen.value)
    if chosen.role == "unknown":
        draft.dates[at] = _new(DateValue, (*chosen[:_ROLE_AT], "issued", *chosen[_ROLE_AT + 1 :]))
    draft.columns["issued"] = chosen.edtf
    draft.columns["year"] = int((chosen.date_min or "0")[:4]) or None
