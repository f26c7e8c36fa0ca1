"""Embargo dates in rights and date values, as the first open day (rights.md section 5, access, rule 3)."""

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from harvester.reading.rights.clean import fold
from harvester.reading.values.months import months

_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_UNTIL = (
    r"(?:until|till|to|bis(?: zum)?|jusqu'(?:au|en|à)|hasta(?: el)?|até(?: o| a)?|fino a(?:l|d)?|tot|do|до|t\.o\.m\.)"
)
_MAY_BE = re.compile(r"embarg|until|available |sperr|gesperrt|бар|confidentiel|restri|restre|riserv|öffentlich")
_YEAR = re.compile(r"\d{4}")
_MONTHS_WITHHELD = re.compile(r"\Amonths_withheld:(\d{1,5})")
_NUMBER = r"(?:(?!0+\b)\d{1,3}|six|twelve|eighteen|twenty[- ]four)"
_MONTH_EMBARGO = re.compile(
    rf"(?:\A|[^\w])(?:{_NUMBER}[- ](?:month|year)s?[- ](?:period of )?embargo|embargo(?: period)?(?: of)?:?(?: duration:?)? {_NUMBER}[- ](?:month|year)s?"
    rf"|embarg(?:o|ad[oa]) ?\(?(?:de )?{_NUMBER} (?:an[oi]s?|años?|mes(?:es|i)?|mês|mois|ans?)(?![^\W_]))"
)


class Embargo(NamedTuple):
    """`first_open_day` as YYYY-MM-DD, or None for an embargo without an end."""

    first_open_day: str | None
    rule: str
    confidence: float


def of_date(text: str) -> Embargo | None:
    """Read a cleaned date value that is a statement on an embargo: info:eu-repo/date/embargoEnd/…, MONTHS_WITHHELD:n."""
    match = _eu_repo().match(text) if "date/embargo" in text else None
    if match:
        day = first_open_day(match.groups())
        return None if day is None else Embargo(day, "embargo-date", 0.9)
    match = _MONTHS_WITHHELD.match(text)
    if match and int(match[1]):
        return Embargo(None, "months-withheld", 0.8)
    return None


def of_prose(text: str) -> Embargo | None:
    """Read a sentence that names an embargo's end, or only its length."""
    if not _MAY_BE.search(text):
        return None
    match = _prose().search(text) if _YEAR.search(text) else None
    if match:
        if match[0].startswith("available") and "embargo" not in text:
            return None
        day = first_open_day(match.groups())
        if day is not None:
            return Embargo(day, "embargo-prose", 0.6)
    if _MONTH_EMBARGO.search(text):
        return Embargo(None, "embargo-length", 0.6)
    return None


def plain_date(text: str, *, last_closed: bool) -> str | None:
    """Read a bare date; `last_closed`: the date is the last closed day, as EPrints means it."""
    match = _plain().match(text.strip().lower())
    if match is None:
        return None
    day = first_open_day(match.groups())
    exact = match[3] is not None or match[4] is not None
    if day is None or not last_closed or not exact:
        return day
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def first_open_day(groups: tuple[str | None, ...]) -> str | None:
    """Give the day on which a date opens: itself, or the day after the period that a partial date names."""
    year, month, day, d1, d2, y2, name1, day1, y3, day2, name2, y4 = groups
    try:
        if y2:
            return _slashed(int(d1 or 0), int(d2 or 0), int(y2))
        if y3:
            return _of(int(y3), _months()[name1 or ""], int(day1) if day1 else None)
        if y4:
            return _of(int(y4), _months()[name2 or ""], int(day2 or 0))
        return _of(int(year or 0), int(month) if month else None, int(day) if day else None)
    except (ValueError, OverflowError):
        return None


def _of(year: int, month: int | None, day: int | None) -> str:
    if month is None:
        return date(year + 1, 1, 1).isoformat()
    if day is None:
        return date(year + month // 12, month % 12 + 1, 1).isoformat()
    return date(year, month, day).isoformat()


def _slashed(first: int, second: int, year: int) -> str:
    """Where day and month cannot be told apart the later reading is taken: the safe side."""
    readings = []
    for day, month in ((first, second), (second, first)):
        try:
            readings.append(date(year, month, day).isoformat())
        except ValueError:
            continue
    return max(readings)


@cache
def _months() -> dict[str, int]:
    return {fold(name): number for name, number in months().items()}


# A pattern that names every month takes 7 ms to compile, and few repositories need one.
@cache
def date_pattern() -> str:
    """Give the pattern of a date in figures or words; its groups are those of `first_open_day`."""
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return rf"(?:(\d{{4}})(?:-(\d{{1,2}})(?:-(\d{{1,2}}))?)?|(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}})|({names})\.? (?:{_DAY},? )?(?:de )?(\d{{4}})|{_DAY} (?:de |of )?({names})\.?,? (?:del? )?(\d{{4}}))"


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(date_pattern())


@cache
def _eu_repo() -> re.Pattern[str]:
    return re.compile(rf"\A(?:info:eu-?repo/(?:semantics/)?)?date/embargo(?:end)?/{date_pattern()}")


@cache
def _prose() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<![^\W_])(?:embarg(?:o(?:ed)?|ad[oa])|sperrfrist|sperrvermerk|эмбарго|ембарго)(?: period| access| de acceso| temporal)?:?(?: starts:? [\d./-]{{8,10}},)?(?: (?:(?:end |expir\w+ )?date|expires?|expired|expiry|expiration|ends?|ended|ending|lifts?|lifted|{_UNTIL}))*"
        rf"|(?:access(?: is)?|full[- ]text(?: is)?|file(?: is)?|thesis(?: is)?|item(?: is)?) (?:restricted|closed|withheld|unavailable|not available) until"
        rf"|(?:restricted(?: by (?:the |its )?\w+)?|closed|withheld|not (?:publicly |yet )?available(?: (?:online )?for (?:public )?download)?|(?:delayed|deferred) (?:open )?access)(?: access)? until|(?:gesperrt|zugang gesperrt|zugriff gesperrt|nicht öffentlich|confidentiel(?:le)?|restringid[oa]|restrit[oa]|restreint|riservato) {_UNTIL}|available (?:from|after)) ?(?:on |the )?:? ?{date_pattern()}"
    )
