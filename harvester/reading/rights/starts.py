"""From which day on a licence stated in words is in force: `Licence for VoR version of this article starting on 12-12-2027: …`."""

import re
from functools import cache

from harvester.reading.rights.embargo import date_pattern, first_open_day

_BEFORE = 160  # characters of the sentence before a licence, and
_BEHIND = 60  # behind it, in which its first day may stand
# The patterns of dates take 7 ms each to compile: most values have no word that calls for them.
_MAY_BE = re.compile(r"(?:start|effective|from|as of|after|ab |partir|compter|начиная|od ).{0,40}\d{4}")
# A year alone is a day's date only behind the first: `From 2026 the journal uses …` tells of a journal.
_FROM = (
    r"(?:(?P<plainly>start(?:s|ing)?(?: date)?(?: on| from)?|effective(?: from| on)?|valid from)|from|as of|after|ab(?: dem)?|à (?:partir|compter) du"
    r"|a partir de(?:l)?|a partir do|a partire dal?|начиная с|od)"
)


def start_of(text: str, start: int, end: int) -> str | None:
    """Give the first day (YYYY-MM-DD) of the licence that stands in a cleaned text from `start` to `end`; None where none is named.

    Of a month or a year the day behind it is given: the safe side.
    """
    before = re.split(r"(?<!\d)[.;] ", text[max(0, start - _BEFORE) : start])[-1]
    behind = text[end : end + _BEHIND]
    match = None
    if _MAY_BE.search(before):
        match = _leading().search(before)
    if match is None and _MAY_BE.search(behind):
        match = _following().match(behind)
    if match is None:
        return None
    plainly, *groups = match.groups()
    is_year_alone = groups[0] is not None and groups[1] is None
    return None if is_year_alone and not plainly else first_open_day(tuple(groups))


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_FROM}:? ?(?:on )?{date_pattern()}(?!\d)(?:[^.;]|[.](?=\S)){{0,80}}\Z")


@cache
def _following() -> re.Pattern[str]:
    return re.compile(
        rf"[\s,/]*(?:\(|(?:licen[sc]e|lizenz|licencia|licença|licenza)? ?){_FROM}:? ?(?:on )?{date_pattern()}(?!\d)"
    )
