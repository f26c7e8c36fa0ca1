"""What to ask first: full or incremental, resumed or new, pure decisions from the ledger, the source and the wish.

wish + ledger + what was learnt  ->  Plan(purpose, from, until, list to resume)
"""

from typing import NamedTuple

from harvester.engine.types import Rules, ServerFacts, Wish
from harvester.oai.dates import Granularity, next_from, to_granularity
from mirror_db.ledger import List


class Plan(NamedTuple):
    """One list to walk: `resume` is the ledger's number of an unfinished one to go on with."""

    purpose: str  # full, incremental or window
    prefix: str
    set: str | None
    from_: str | None
    until: str | None
    resume: int | None = None
    abandon: tuple[int, ...] = ()  # unfinished lists that this one makes pointless


class Past(NamedTuple):
    """What the mirror knows of one (prefix, set)."""

    last_proven: List | None
    unfinished: tuple[List, ...]  # root lists only
    relist: bool = False  # only a full list can bring back what is lacking


def plan(wish: Wish, past: Past, *, prefix: str, set_spec: str | None, facts: ServerFacts, rules: Rules) -> Plan:
    """Decide what to ask of one (prefix, set). Windows of the user are never mixed with the mirror's own lists."""
    purpose, from_ = _purpose(wish, past, facts, rules)
    until = to_granularity(wish.until, facts.granularity, end=True) if wish.until else None
    mine = [row for row in past.unfinished if (row.prefix, row.set) == (prefix, set_spec)]
    same = [row for row in mine if _serves(row, purpose, from_, until)]
    others = tuple(row.id for row in mine if row not in same and (row.purpose != "window") == (purpose != "window"))
    if not same:
        return Plan(purpose, prefix, set_spec, from_, until, None, others)
    row = same[-1]
    older = tuple(r.id for r in same[:-1])
    return Plan(row.purpose, prefix, set_spec, row.from_, row.until, row.id, (*others, *older))


def _purpose(wish: Wish, past: Past, facts: ServerFacts, rules: Rules) -> tuple[str, str | None]:
    if wish.is_window:
        return "window", to_granularity(wish.from_, facts.granularity, end=False) if wish.from_ else None
    shows_changes = facts.selective and facts.restamps
    if wish.full or past.relist or past.last_proven is None or not shows_changes:
        return "full", None
    overlap_s = rules.overlap_day_s if facts.granularity is Granularity.DAY else rules.overlap_s
    start = next_from(past.last_proven.first_response_date or "", facts.granularity, overlap_s)
    return ("full", None) if start is None else ("incremental", start)


def _serves(row: List, purpose: str, from_: str | None, until: str | None) -> bool:
    """An unfinished list serves if it covers at least what is wanted now: a full list serves an incremental harvest."""
    if row.purpose == "full" and purpose == "incremental":
        return True
    if row.purpose != purpose:
        return False
    return purpose != "window" or (row.from_, row.until) == (from_, until)


def is_due_again(failures: int) -> bool:
    """Tell whether lost records are looked for again by a full list: after 1, 2, 4, 8 ... runs that did not end complete."""
    return failures > 0 and failures & (failures - 1) == 0
