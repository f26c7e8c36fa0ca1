"""Closing in on the record with which a page fails, where the server lists by datestamp (Q33).

first page of a window fails -> ListIdentifiers names what it should hold -> searched by halves -> the last few: GetRecord each

A half that comes is kept and moves the near border on, one that fails moves the far one: a page of a hundred records costs
some seven requests. What lies behind the record is then listed on as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from harvester.engine.asking import TroubleKind
from harvester.engine.audit import AS_NAMED, trusts_no_size
from harvester.engine.cutting import Window, behind
from harvester.engine.keeping import answered_at, expected
from harvester.engine.lists import walk_list
from harvester.engine.run import ListEnd, Run
from harvester.engine.singles import Singles, fetch_record, named_pages, root_of
from harvester.oai.dates import to_granularity
from harvester.oai.types import Form
from harvester.oai.walk import Done, More
from mirror_db.ledger import List, NewList

ONE_BY_ONE = "its records were asked one by one"
MAX_NAMED = 5_000  # headers looked at for one failing page
_FAILS = frozenset({TroubleKind.PAGE, TroubleKind.SLOW, TroubleKind.TOO_LARGE})


@dataclass(slots=True)
class Headway:
    """How one list fares: its form, failures in a row, windows tried, and what was asked before it."""

    form: Form
    asked_before: int
    failed: int = 0
    refusals: int = 0  # in a row
    tried: int = 0
    refused: bool = False
    singles_only: bool = False  # the server delivers records, but no list of them, however short
    ignores_windows: bool = False  # from and until change nothing
    held: dict[int, int] = field(
        default_factory=dict
    )  # windows shown before, with the records met when they were left out
    singles: Singles = field(default_factory=Singles)

    def went_on(self) -> None:
        """Note that something came."""
        self.failed = self.refusals = 0

    def left(self, run: Run, row: List) -> int:
        """Give how many requests the list may still cost: twice its pages, and what narrowing may take besides."""
        root = run.store.list(root_of(run, row))
        size = max(root.expected or 0, run.store.met_count(root.id))
        pages = max(1, -(-size // fullest(run, root)))
        return 2 * pages + run.job.rules.narrowing_requests - (run.spent.asks - self.asked_before)


def fullest(run: Run, root: List) -> int:
    """Give how many records a page of a whole list holds; this run alone may have seen short windows only."""
    return max(run.spent.fullest, root.got // max(1, root.pages))


class Header(NamedTuple):
    """A record as ListIdentifiers names it; the stamp is in the server's granularity."""

    stamp: str
    identifier: str


class Named(NamedTuple):
    """The records of a window in order, up to a datestamp behind which more may follow, or `whole`; `at`: when it was asked."""

    headers: tuple[Header, ...]
    whole: bool
    at: str | None


def first_named(run: Run, row: List, headway: Headway) -> Named | None:
    """Give the records that the first page of a window should hold, or None where the server does not name them in order."""
    root = run.store.list(root_of(run, row))
    shown: list[Header] = []
    announced = 0
    at: str | None = None
    for got, move in named_pages(run, row, headway.form):
        if expected(got.page) and not announced:
            announced = expected(got.page) or 0
            run.store.announce(row.id, announced)
        is_sized = root.expected is not None or (row.id == root.id and announced > 0)  # else only its end proves it
        at = at or answered_at(got, run.ports.now())
        headers = [_header(run, item.datestamp, item.identifier) for item in got.page.items]
        shown += [one for one in headers if one is not None]
        if None in headers or shown != sorted(shown, key=lambda one: one.stamp):
            return None
        match move:
            case Done(_, (), is_empty, False):
                is_short = len(shown) < announced and not trusts_no_size(run)
                return None if is_short or (is_empty and row.parent is None) else Named(tuple(shown), True, at)
            case More() if is_sized and shown and shown[-1].stamp > shown[0].stamp:
                return Named(tuple(one for one in shown if one.stamp < shown[-1].stamp), False, at)
            case More() if len(shown) <= MAX_NAMED:
                continue
            case _:
                return None
    headway.singles = Singles(Window(row.from_, row.until))  # they cannot be had
    return None


def _header(run: Run, datestamp: str | None, identifier: str | None) -> Header | None:
    if not datestamp or not identifier:
        return None
    return Header(to_granularity(datestamp, run.facts.granularity, end=False), identifier)


def close_in(run: Run, row: List, named: Named, headway: Headway) -> ListEnd | None:
    """Get what a window should hold but for the records that fail; gives an end where the whole harvest of the list stops.

    What was asked of the window is closed in the ledger; what lies behind it stays open.
    """
    search = _Search(run, row, named, headway)
    while (at := search.border()) is not None:
        end = search.ask(at)
        if end is not None:
            return end if end.limited or end.trouble is TroubleKind.SERVER else None
    return search.finish()


class _Search:
    """The suspects and the windows around them: `near` holds the suspects asked for, `far` all that follows."""

    def __init__(self, run: Run, row: List, named: Named, headway: Headway) -> None:
        self.run, self.row, self.named, self.headway = run, row, named, headway
        self.suspects = self._lacking(named.headers)
        self.windows: tuple[int, int] | None = None
        self.came = self.missed = False

    def _lacking(self, headers: Sequence[Header]) -> tuple[Header, ...]:
        lacking = self.run.store.not_met(root_of(self.run, self.row), [one.identifier for one in headers])
        return tuple(one for one in headers if one.identifier in lacking)

    def border(self) -> str | None:
        """Give the datestamp up to which to ask next; None where the suspects are few or share one."""
        if len(self.suspects) <= self.run.job.rules.suspects or self.headway.singles_only:
            return None
        last = self.suspects[-1].stamp
        middle = self.suspects[(len(self.suspects) - 1) // 2].stamp
        earlier = [one.stamp for one in self.suspects if one.stamp < last]
        return min(middle, earlier[-1]) if earlier else None

    def ask(self, at: str) -> ListEnd | None:
        """Ask for the suspects up to `at`; gives an end that is neither all of it nor nothing."""
        near, far = self._windows(at, at)
        end = walk_list(self.run, self.run.store.list(near), self.headway.form, attempts=1)
        self.headway.form = end.form
        if end.trouble is None and not end.limited:
            self.run.store.end_list(near, ended=end.why, proven=end.proven)
            self.row, self.windows, self.came = self.run.store.list(far), None, True
            tied = self._lacking([one for one in self.suspects if one.stamp == at])  # until may be exclusive (Q4)
            self.suspects = (*tied, *(one for one in self.suspects if one.stamp > at))
            return None
        if end.trouble in _FAILS and end.reached == "":
            self.suspects, self.missed = tuple(one for one in self.suspects if one.stamp <= at), True
            return None
        return end

    def _windows(self, until: str, from_: str) -> tuple[int, int]:
        store, row = self.run.store, self.row
        if self.windows is None:
            parts = (Window(row.from_, until), Window(from_, row.until))
            new = [NewList(row.verb, row.purpose, row.prefix, row.set, *part, row.id) for part in parts]
            store.cut_list(self.run.repository, self.run.number, row, new)
            near, far = store.children(row.id)[-2:]
            self.windows = near.id, far.id
        else:
            store.move_border(*self.windows, until=until, from_=from_)
        return self.windows

    def finish(self) -> ListEnd | None:
        """Ask for the suspects one by one and close the window that ends with them."""
        if self.came and not self.suspects:
            self.headway.went_on()
            return None
        number = self._last_window()
        delivered = 0
        left = self.headway.left(self.run, self.row)
        for one in self.suspects[: max(0, left)]:
            delivered += fetch_record(
                self.run, self.row.prefix, one.identifier, self.headway.form, number=number, at=self.named.at
            )
        if left < len(self.suspects):
            return overspent(self.headway.form)
        self.run.store.end_list(number, ended=ONE_BY_ONE if self.named.whole else AS_NAMED, proven=True)
        self.headway.went_on()
        self.headway.singles_only |= self.missed and not self.came and delivered == len(self.suspects)
        return None

    def _last_window(self) -> int:
        """Give the window that ends with the suspects, as all that is named up to there was met or is asked now."""
        last = (self.suspects or self.named.headers or (Header("", ""),))[-1]
        if self.named.whole and last in (*self.named.headers[-1:], Header("", "")) and self.windows is None:
            return self.row.id
        parts = behind(Window(self.row.from_, self.row.until), last.stamp, self.run.facts.granularity)
        if len(parts) == 1 and self.windows is None:
            return self.row.id
        return self._windows(last.stamp, parts[-1].from_ or last.stamp)[0]


def overspent(form: Form, what: str = "the list fails in too many places to be had") -> ListEnd:
    """Give the end of a list that has cost enough for one run."""
    return ListEnd(False, f"{what} in one run; the next one goes on (harvest.narrowing_requests)", form)
