"""Dates to EDTF, never guessed: a regular expression per shape that was seen (dublin-core.md section 2)."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from harvester.reading.patterns import late
from harvester.reading.values.months import months

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:Z|[+-]\d{2}:\d{2})?\Z")  # a day of XML Schema may have a zone
_MONTH = re.compile(r"(\d{4})-(\d{1,2})\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_STAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)?\Z", re.IGNORECASE
)
# From here on compiled when a value asks: dates of these shapes are few.
_RANGE = r"(\d{4})(\??)\s*[-/–—]\s*(\d{4})(\??)\Z"
_BETWEEN = r"(?i)(?:between|zwischen|entre)\s+(\d{4})\s+(?:and|und|et|y|e)\s+(\d{4})\Z"
_OPEN = r"(?i)(?:(after|since|nach|not before)|(before|until|vor|not after))\s+(\d{4})\Z"
_BEGUN = r"(\d{4})\s*-{1,2}\Z"  # of a serial
_RANGE_DAYS = r"(\d{4}(?:-\d{2}){0,2})\s*/\s*(\d{4}(?:-\d{2}){0,2})\Z"
_ABOUT = r"(?i)(?:c\.|c(?=\s)|ca\.?|circa|approx\.?|approximately|about|um|etwa|vers|hacia)\s*[=:]?\s*(?=\d|after|before|between)"
_ABOUT_BEHIND = r"(?i)\s*\((?:circa|ca\.?|c\.|approx\.?|approximate(?:ly)?)\)\Z"
_TWICE = r"(\S.{2,20}) \1\Z"
_COPYRIGHT = r"(?i)(?:©|c|copyright|cop\.?|p)\s?(\d{4})\Z"
_DECADE = r"(?i)(\d{3})(?:0\s?['’]?s|-|\?|x|u)\Z"
_CENTURY = r"(?i)(\d{2})(?:--|\?\?|xx|uu)\Z"
_CENTURY_NAMED = r"(?i)(\d{1,2})(?:st|nd|rd|th) century\Z"
_SLASHED = r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\Z"
_SLASHED_YEAR_FIRST = r"(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?\Z"
_NAMED = r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s+)?(?:de\s+|of\s+|d')?([^\W\d_]{3,12})\.?,?\s+(?:del?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?,\s*)?(\d{4})(?:\s?(?:г|р|г\.|р\.|года|року|r|r\.))?\Z"
_EAST_ASIAN = r"(?:(\d{4})|(明治|大正|昭和|平成|令和)\s?(\d{1,2}|元))\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일])?)?\Z"
_ERA_NAMED = r"(?i)(?:Meiji|Taish[oō]|Sh[oō]wa|Heisei|Reiwa) \d{1,2} \[(\d{4})\Z"
_FROM_TO = r"(.{4,20}?)\s+(?:[-–—]|to|bis|à)\s+(.{4,20})\Z"
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_WEEKDAY = r"(?i)(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?|le|el|am)\s+(?=\d|\w+ \d)"
_MONTH_YEAR = r"(0?[1-9]|1[0-2])[./-](\d{4})\Z"
_SEASON = r"(\d{2})(\d{2})/(\d{2})\Z"  # 1998/99
_YEAR_FIRST = r"(\d{4}),?\s+([^\W\d_]{3,12})\.?(?:\s+(\d{1,2}))?\Z"
_NOTHING = r"(?i)(?:undated|n\.?\s?d\.?|s\.?\s?d\.?|no date|unknown|not dated|sem data|sin fecha|o\.?\s?j\.?|\[?s\.?\s?a\.?\]?|0)\Z"
EARLIEST_YEAR = 1400


class Date(NamedTuple):
    """A date that was read. `edtf` None with an `issue`: it was not."""

    edtf: str | None
    date_min: str | None
    date_max: str | None
    precision: str | None  # year month day range timestamp
    issue: str | None = None
    year: int | None = None


_UNREAD = Date(None, None, None, None, "date_invalid")


@lru_cache(maxsize=16_384)
def read(text: str, order: str | None = None) -> Date:
    """Read a date; `order` is dmy or mdy where the repository's profile says how it writes 03/04/2011."""
    value = text.strip()
    if len(value) > 60:
        return _UNREAD
    plain = _plain(value)
    if plain is not None:
        return plain
    inner = value.strip("()[]{}.,; ").removesuffix(" - Video").removesuffix(" - Audio")
    if not inner.strip("? ") or late(_NOTHING).match(value) or late(_NOTHING).match(inner):
        return Date(None, None, None, None, "date_none")
    bare, about = _without_about(value.strip("[]{}.,; ").removesuffix(" - Video").removesuffix(" - Audio"))
    bare = bare.strip("()[]{}.,; ")
    found = _plain(bare) or _other(bare, order)
    if found.edtf is None and bare.endswith("?"):
        found = _marked(_plain(bare.rstrip("? ")) or _other(bare.rstrip("? "), order), "?")
    return _marked(found, "~") if about else found


def _without_about(value: str) -> tuple[str, bool]:
    """Take off what says that a date is approximate, and the second of two dates that are the same."""
    bare = late(_ABOUT_BEHIND).sub("", late(_ABOUT).sub("", value, count=1))
    twice = late(_TWICE).match(bare)
    return (twice[1] if twice else bare), bare != value


def _marked(found: Date, mark: str) -> Date:
    """Qualify a year, or both years of a range; finer dates and decades stay as they are (EDTF level 1)."""
    parts = (found.edtf or "").split("/")
    if not all(part.isdigit() and len(part) == 4 for part in parts):
        return found
    return found._replace(edtf="/".join(f"{part}{mark}" for part in parts))


def _plain(value: str) -> Date | None:
    if match := _STAMP.match(value):
        return _of(int(match[1]), int(match[2]), int(match[3]), "timestamp")
    if match := _DAY.match(value):
        if match[2] in {"00", "0"}:
            return _of(int(match[1]))
        if match[3] in {"00", "0"}:
            return _of(int(match[1]), int(match[2]))
        return _of(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH.match(value):
        return _of(int(match[1]), int(match[2])) if int(match[2]) else _of(int(match[1]))
    if match := _YEAR.match(value):
        return _of(int(match[1]))
    if match := _COMPACT.match(value):
        return _of(int(match[1]), int(match[2]), int(match[3]))
    return None


def _other(value: str, order: str | None) -> Date:
    value = late(_WEEKDAY).sub("", value, count=1) if value[:1].isalpha() else value
    if match := late(_RANGE).match(value):
        found = _between(_of(int(match[1])), _of(int(match[3])))
        return found._replace(edtf=f"{match[1]}{match[2]}/{match[3]}{match[4]}") if found.edtf else found
    if match := late(_BETWEEN).match(value):
        return _between(_of(int(match[1])), _of(int(match[2])))
    if match := late(_OPEN).match(value):
        return _open_ended(_of(int(match[3])), after=match[1] is not None)
    if match := late(_BEGUN).match(value):
        return _open_ended(_of(int(match[1])), after=True)
    if match := late(_RANGE_DAYS).match(value):
        return _between(_plain(match[1]) or _UNREAD, _plain(match[2]) or _UNREAD)
    if match := late(_COPYRIGHT).match(value):
        return _of(int(match[1]))
    if match := late(_DECADE).match(value):
        return _span(int(match[1]) * 10, 9, f"{match[1]}X")
    if match := late(_CENTURY).match(value):
        return _span(int(match[1]) * 100, 99, f"{match[1]}XX")
    if match := late(_CENTURY_NAMED).match(value):
        return _span((int(match[1]) - 1) * 100, 99, f"{int(match[1]) - 1:02}XX")
    if match := late(_MONTH_YEAR).match(value):
        return _of(int(match[2]), int(match[1]))
    if (match := late(_SEASON).match(value)) and 12 < int(match[3]) == int(match[2]) + 1:
        return _between(_of(int(match[1] + match[2])), _of(int(match[1] + match[3])))
    if match := late(_SLASHED_YEAR_FIRST).match(value):
        return _of(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := late(_SLASHED).match(value):
        return _slashed(int(match[1]), int(match[2]), int(match[3]), order)
    if match := late(_EAST_ASIAN).match(value):
        year = int(match[1]) if match[1] else _ERAS[match[2]] + (1 if match[3] == "元" else int(match[3]))
        return _of(year, int(match[4]) if match[4] else None, int(match[5]) if match[5] else None)
    if match := late(_ERA_NAMED).match(value):
        return _of(int(match[1]))
    if match := late(_FROM_TO).match(value):
        return _between(_plain(match[1]) or _named(match[1]), _plain(match[2]) or _named(match[2]))
    return _named(value)


def _named(value: str) -> Date:
    if match := late(_NAMED).match(value):
        month = months().get(match[2].casefold())
        day = match[1] or match[3]
        return _of(int(match[4]), month, int(day) if day else None) if month else _UNREAD
    if match := late(_YEAR_FIRST).match(value):
        month = months().get(match[2].casefold())
        return _of(int(match[1]), month, int(match[3]) if match[3] else None) if month else _UNREAD
    return _UNREAD


def _slashed(first: int, second: int, year: int, order: str | None) -> Date:
    """Day and month that cannot be told apart are left out, never guessed."""
    if first > 12 or (order == "dmy" and second <= 12):
        return _of(year, second, first)
    if second > 12 or order == "mdy":
        return _of(year, first, second)
    if first == second:
        return _of(year, first, second)
    found = _of(year)
    return found._replace(issue="date_ambiguous") if found.edtf else found


def _of(year: int, month: int | None = None, day: int | None = None, precision: str | None = None) -> Date:
    if year < EARLIEST_YEAR or year > 2999:
        return _UNREAD
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return _UNREAD
    width = 10 if day else 7 if month else 4
    kind = precision or {10: "day", 7: "month", 4: "year"}[width]
    return Date(first.isoformat()[:width], first.isoformat(), last.isoformat(), kind, None, year)


def _between(low: Date, high: Date) -> Date:
    if low.edtf is None or high.edtf is None or (low.date_min or "") > (high.date_max or ""):
        return _UNREAD
    return Date(f"{low.edtf}/{high.edtf}", low.date_min, high.date_max, "range", None, low.year)


def _open_ended(found: Date, *, after: bool) -> Date:
    if found.edtf is None:
        return found
    if after:
        return Date(f"{found.edtf}/..", found.date_min, None, "range", None, found.year)
    return Date(f"../{found.edtf}", None, found.date_max, "range")


def _span(start: int, width: int, edtf: str) -> Date:
    if start < EARLIEST_YEAR:
        return _UNREAD
    return Date(edtf, f"{start}-01-01", f"{start + width}-12-31", "range", None, start)
