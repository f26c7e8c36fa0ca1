"""Lists that showed less than was announced, or that moved: asked again in two halves, which prove or disprove it (Q9, Q16).

doubtful list -> two windows at its middle -> something new: it was short | nothing new: the announcement was wrong, or go on halving
"""

from collections.abc import Callable, Sequence

from harvester.engine import vanish
from harvester.engine.audit import MOVED, REPEATS, SHORT, is_short, known_size
from harvester.engine.cutting import Window, apart
from harvester.engine.narrowing import Headway, fullest
from harvester.engine.run import Run
from harvester.engine.singles import is_denied, root_of
from harvester.oai.dates import Granularity, to_granularity
from harvester.oai.types import Form
from mirror_db.ledger import List, NewList

_HALVES = 2
_ENOUGH = 4  # records by which halves that show the same are told

Cut = Callable[[Window, str, Granularity], tuple[Window, ...]]


def costs_too_much(run: Run, leaf: List, headway: Headway) -> bool:
    """Tell whether a half of a list in doubt would take more requests than the list may still cost in this run."""
    met_before = _met_before_halving(run, leaf)
    if met_before is None:
        return False
    half = -(-met_before // (2 * fullest(run, run.store.list(root_of(run, leaf)))))
    return run.spent.asks > headway.asked_before and headway.left(run, leaf) < max(1, half)


def ask_in_halves(run: Run, leaf: List) -> bool:
    """Ask a doubtful list again in two halves; a half of such a list waits for its sibling first. Tells whether it is cut."""
    return _met_before_halving(run, leaf) is None and _halve_in_doubt(run, leaf)


def _met_before_halving(run: Run, leaf: List) -> int | None:
    """Give how many records the list in doubt had shown of which this is a half; None where it is no such half."""
    return None if leaf.parent is None else run.store.list(leaf.parent).met_before


def _halve_in_doubt(run: Run, row: List) -> bool:
    parts = at_middle(run, row, apart) if run.facts.selective else ()
    if not parts:
        return False
    run.warn("asked_in_halves", "what a list held is in doubt: it is asked again in two halves")
    enter(run, row, parts, met=run.store.met_count(row.id))
    return True


def at_middle(run: Run, row: List, cut: Cut) -> Sequence[Window]:
    """Cut a list at the datestamp in the middle of what it showed; nothing where it showed one datestamp, or nothing."""
    middle = run.store.middle_datestamp(row.id)
    if middle is None:
        return ()
    at = to_granularity(middle, run.facts.granularity, end=False)
    return cut(Window(row.from_, row.until), at, run.facts.granularity)


def enter(run: Run, row: List, parts: Sequence[Window], *, met: int | None = None) -> None:
    """Put the windows of a list into the ledger; `met`: how many records it had shown when it came into doubt."""
    new = [NewList(row.verb, row.purpose, row.prefix, row.set, one.from_, one.until, row.id) for one in parts]
    run.store.cut_list(run.repository, run.number, row, new, met=met)


def settle(run: Run, row: List, windows: Sequence[List], form: Form) -> None:
    """Judge a doubtful list by its two halves (Q16).

    Halves whose announcements add up to the list's make it credible: those that are short themselves are cut further. Where
    they do not, or each half is proven, and nothing new was shown, the announcement was wrong.
    """
    broken = [w for w in windows if not w.proven and not (w.ended or "").startswith((SHORT, MOVED))]
    short = [window for window in windows if not window.proven]
    is_old = row.run != run.number  # the repository may have changed since it was announced: that proves nothing then
    adds_up = row.expected is not None and (
        is_old or _adds_up(row.expected, sum(_announced(run, window) for window in windows))
    )
    nothing_new = run.store.met_count(row.id) == row.met_before
    if broken:
        run.store.end_list(row.id, ended=broken[0].ended or "", proven=False)
    elif _show_the_same(run, row, windows):
        run.store.end_list(row.id, ended=f"{SHORT}, and both halves of the list show the same records", proven=False)
    elif nothing_new and _repeat_steadily(run, row, windows):
        _learn_repeats(
            run, row, "it lists the same number of records twice as a whole and in halves, and nothing was lacking"
        )
        run.store.end_list(row.id, ended="end of list, proven in two halves", proven=True)
    elif not short or (nothing_new and not adds_up):
        if _ask_between(run, row, windows):
            return
        if not is_old:
            _learn(run, row, nothing_new=nothing_new)
        if not short:
            _mark_denied(run, row, form)
        run.store.end_list(row.id, ended="end of list, proven in two halves", proven=True)
    elif not [window for window in short if window.met_before is None and _halve_in_doubt(run, window)]:
        run.store.end_list(row.id, ended=short[0].ended or "", proven=False)


def _repeat_steadily(run: Run, row: List, windows: Sequence[List]) -> bool:
    """Tell whether all that is lacking was listed twice instead, by the whole list and by its halves alike (Q23).

    A list that slipped while it was paged shows other records twice, or none, when it is asked in parts.
    """
    again = _repeats(row)
    in_parts = sum(window.got - run.store.met_count(window.id) for window in windows)
    return row.expected is not None and again > 0 and again == in_parts and row.got >= row.expected


def _ask_between(run: Run, row: List, windows: Sequence[List]) -> bool:
    """Ask for what lies at the border of two halves, where records are still lacking: `until` may be taken as exclusive (Q4)."""
    if len(windows) != _HALVES or row.expected is None or run.store.met_count(row.id) >= row.expected:
        return False
    edges = {one for window in windows for one in (window.from_, window.until)} - {row.from_, row.until}
    ends = sorted(one for one in edges if one is not None)
    if len(ends) != _HALVES:
        return False
    enter(run, row, (Window(ends[0], ends[1]),), met=row.met_before)
    return True


def _show_the_same(run: Run, row: List, windows: Sequence[List]) -> bool:
    """Tell whether windows that lie apart show many records twice: the server ignores them, and proves nothing by them (Q46a).

    A page of which half lies outside its window is not told from one of a server that stamps in local time.
    """
    shown = run.store.met_count(row.id)
    return shown >= _ENOUGH and 2 * sum(run.store.met_count(window.id) for window in windows[:_HALVES]) > 3 * shown


def _mark_denied(run: Run, row: List, form: Form) -> None:
    """A record that a list showed while it became shorter, and neither of its halves after, is gone if GetRecord says so."""
    shrank = row.expected is not None and not is_short(run, row, row.met_before or 0)
    if not shrank or row.purpose != "full" or run.job.source.deletions != "sweep":
        return
    few = run.job.rules.few_records
    once = run.store.shown_once(row.id, limit=few + 1)
    if len(once) <= few:
        vanish.mark(run, [one for one in once if is_denied(run, row.prefix, one[1], form)])


def _adds_up(whole: int, parts: int) -> bool:
    """Parts that overlap by a day announce somewhat more than the whole; a number that never changes, twice as much."""
    return whole <= 2 * parts and 2 * parts <= 3 * whole


def _announced(run: Run, window: List) -> int:
    """Give the size that a window announced, or what it showed where it came in one page and announced none."""
    return run.store.met_count(window.id) if window.expected is None else window.expected


def _learn(run: Run, row: List, *, nothing_new: bool) -> None:
    """Keep what a whole list that was asked twice, in different parts, tells of the server."""
    met = run.store.met_count(row.id)
    if row.parent is not None:
        return
    if row.expected is not None and row.expected > met:
        why = f"it announced {row.expected} records and holds {met}, asked twice in different parts"
        run.store.learn(run.repository, "size_unreliable", value="1", why=why)
        run.warn("size_unreliable", why)
    if nothing_new and known_size(row, met) is None and _repeats(row) > 0:
        _learn_repeats(
            run, row, "it lists records twice, and nothing was lacking when everything was asked again in two halves"
        )


def _repeats(row: List) -> int:
    """Give how many records a list had shown twice when it came into doubt."""
    return row.got - (row.met_before or 0)


def _learn_repeats(run: Run, row: List, why: str) -> None:
    run.store.learn(run.repository, REPEATS, value=str(_repeats(row)), why=why)
