"""Lists that cannot be had whole, or whose end is in doubt: cut into windows of time, down to single records.

open list -> walk -> proven: close | trouble: single records, or two windows | unsure: two halves that prove or disprove it

The windows of the list cut last are walked first, so that a server that answers short windows only shows it soon, and one
that is out of order too. Covers Q9 and Q16 (doubtful ends), Q11 (halve the window), Q33 (a page that always fails)
and Q34 (a list refused as too large).
"""

from collections.abc import Sequence

from harvester.engine.asking import TroubleKind
from harvester.engine.audit import SHORT
from harvester.engine.cutting import Window, apart, around, halves, slices
from harvester.engine.lists import IGNORES_WINDOW, walk_list
from harvester.engine.run import ListEnd, Run
from harvester.engine.singles import Singles, ask_missing, root_of
from harvester.oai.dates import to_granularity
from harvester.oai.types import Form
from mirror_db.ledger import List, NewList

MAX_LEARNT_SLICES = (
    8  # a list that what was learnt would cut into more is tried whole first: the server may have been mended
)


class _Progress:
    """How the windows of one list fare: failures in a row, windows tried, and what ListIdentifiers told."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.failed = 0
        self.tried = 0
        self.refused = False
        self.singles = Singles()


def harvest_list(run: Run, number: int, form: Form) -> ListEnd:
    """Walk a list to its end by whatever way the server allows, and close its row and its windows' in the ledger."""
    progress = _Progress(form)
    _cut_as_agreed(run, run.store.list(number))
    while True:
        leaf = run.store.open_leaf(number)
        if leaf is not None:
            end = _walk(run, leaf, progress)
            if end is not None:
                return end
            continue
        parent = run.store.open_parent(number)
        if parent is None:
            break
        _close_parent(run, parent)
    root = run.store.list(number)
    if progress.refused and root.proven:
        _learn_slice(run, number)
    return ListEnd(bool(root.proven), root.ended or "", progress.form, code=_code_of(root))


def _code_of(root: List) -> str | None:
    """Give the OAI error code with which a list was refused."""
    word = (root.ended or "").partition(":")[0]
    return word if not root.proven and word in {"badArgument", "cannotDisseminateFormat", "noSetHierarchy"} else None


def _walk(run: Run, leaf: List, progress: _Progress) -> ListEnd | None:
    """Walk one list; gives its end where the whole harvest of the list stops there."""
    progress.tried += 1
    end = walk_list(run, leaf, progress.form, attempts=None if leaf.parent is None else 1)
    progress.form = end.form
    if end.limited or end.trouble is TroubleKind.SERVER:
        return end
    if end.code == IGNORES_WINDOW:
        _close(
            run, leaf, end._replace(proven=False, why="the server ignores from and until: it cannot be asked in parts")
        )
        return None
    if end.trouble in (None, TroubleKind.UNSURE):
        progress.failed = 0 if run.store.list(leaf.id).got else progress.failed  # an empty window shows nothing
        if end.trouble is None or not _doubt(run, leaf, end):
            _close(run, leaf, end)
        return None
    return _work_around(run, leaf, end, progress)


def _close(run: Run, row: List, end: ListEnd) -> None:
    run.store.end_list(row.id, ended=end.why, proven=end.proven)


def _doubt(run: Run, leaf: List, end: ListEnd) -> bool:
    """Ask a doubtful list again in two halves; a half of such a list waits for its sibling first. Tells whether it is cut."""
    parent = run.store.list(leaf.parent) if leaf.parent is not None else None
    if parent is not None and parent.met_before is not None:
        return False
    return _halve_in_doubt(run, leaf)


def _halve_in_doubt(run: Run, row: List) -> bool:
    middle = run.store.middle_datestamp(row.id) if run.facts.selective else None
    window = Window(row.from_, row.until)
    parts = (
        apart(window, to_granularity(middle, run.facts.granularity, end=False), run.facts.granularity) if middle else ()
    )
    if not parts:
        return False
    run.warn("asked_in_halves", "a list ended with less than announced: it is asked again in two halves")
    _enter(run, row, parts, met=run.store.met_count(row.id))
    return True


def _work_around(run: Run, leaf: List, end: ListEnd, progress: _Progress) -> ListEnd | None:
    """A list that fails is asked by single records, or cut; gives an end where the server is out of order."""
    refused = end.trouble is TroubleKind.TOO_LARGE
    progress.refused = progress.refused or refused
    progress.failed += not refused
    run.warn("list_broken", f"{end.why}; asking for less")
    if end.trouble is TroubleKind.PAGE and ask_missing(run, leaf, end, progress.singles):
        _close(run, leaf, ListEnd(True, f"{end.why}; the records missing were asked one by one", end.form))
        progress.failed = 0
        return None
    rules = run.job.rules
    if progress.failed > rules.failing_in_a_row or progress.tried > rules.max_windows:
        return _give_up(run, leaf, end)
    parts = progress.singles.parts(run, leaf) or _parts(run, leaf, end)
    if not parts or not run.facts.selective:
        _close(run, leaf, end)
        return None
    _enter(run, leaf, parts)
    return None


def _parts(run: Run, leaf: List, end: ListEnd) -> Sequence[Window]:
    """Cut behind what was reached, where the server lists by datestamp; else in the middle."""
    window = Window(leaf.from_, leaf.until)
    reached = to_granularity(end.reached, run.facts.granularity, end=False) if end.reached else None
    behind = around(window, reached, run.facts.granularity) if reached and reached > (leaf.from_ or "") else ()
    return behind or halves(window, run.facts, run.ports.now())


def _give_up(run: Run, leaf: List, end: ListEnd) -> ListEnd:
    """The server is out of order; a list of which no part could be had is begun anew by the next run, in one piece."""
    root = root_of(run, leaf)
    if not run.store.met_count(root):
        run.store.abandon_list(root)
    return end._replace(trouble=TroubleKind.SERVER)


def _enter(run: Run, row: List, parts: Sequence[Window], *, met: int | None = None) -> None:
    new = [NewList(row.verb, row.purpose, row.prefix, row.set, one.from_, one.until, row.id) for one in parts]
    run.store.cut_list(run.repository, run.number, row, new, met=met)


def _cut_as_agreed(run: Run, row: List) -> None:
    """Cut a new list into windows no longer than the configuration allows, or than the server was seen to answer."""
    if row.pages or row.token or not run.facts.selective or run.store.children(row.id):
        return
    agreed = run.job.source.max_window_days
    learnt = run.store.learned(run.repository).get("max_window_days")
    days, most = (agreed, None) if agreed is not None else (int(learnt) if learnt else None, MAX_LEARNT_SLICES)
    if days is None:
        return
    parts = slices(Window(row.from_, row.until), days, run.facts, run.ports.now())
    if len(parts) > 1 and (most is None or len(parts) <= most):
        _enter(run, row, parts)


def _learn_slice(run: Run, number: int) -> None:
    """Remember how long a window this server answers, so that the next list is cut at once (Q34)."""
    days = run.store.narrowest_window(number)
    if days is not None:
        run.store.learn(run.repository, "max_window_days", value=str(days), why="it refuses longer lists as too large")


def _close_parent(run: Run, row: List) -> None:
    """Close a list whose windows have all ended, or cut those windows further whose shortage turned out to be real."""
    windows = run.store.children(row.id)
    if row.met_before is not None:
        _settle_doubt(run, row, windows)
        return
    bad = [window for window in windows if not window.proven]
    why = bad[0].ended or "" if bad else f"asked in {len(windows)} windows, all of them to their end"
    run.store.end_list(row.id, ended=why, proven=not bad)


def _settle_doubt(run: Run, row: List, windows: Sequence[List]) -> None:
    """Judge a doubtful list by its two halves (Q16).

    Halves whose announcements add up to the list's make it credible: those that are short themselves are cut further. Where
    they do not, or each half is proven, and nothing new was shown, the announcement was wrong.
    """
    broken = [w for w in windows if not w.proven and not (w.ended or "").startswith(SHORT)]
    short = [window for window in windows if not window.proven]
    adds_up = row.expected is not None and _adds_up(row.expected, sum(announced(run, window) for window in windows))
    nothing_new = run.store.met_count(row.id) == row.met_before
    if broken:
        run.store.end_list(row.id, ended=broken[0].ended or "", proven=False)
    elif not short or (nothing_new and not adds_up):
        _learn_size(run, row)
        run.store.end_list(row.id, ended="end of list, proven in two halves", proven=True)
    elif not [window for window in short if window.met_before is None and _halve_in_doubt(run, window)]:
        run.store.end_list(row.id, ended=short[0].ended or "", proven=False)


def _adds_up(whole: int, parts: int) -> bool:
    """Parts that overlap by a day announce somewhat more than the whole; a number that never changes, twice as much."""
    return whole <= 2 * parts and 2 * parts <= 3 * whole


def announced(run: Run, window: List) -> int:
    """Give the size that a window announced, or what it showed where it came in one page and announced none."""
    return run.store.met_count(window.id) if window.expected is None else window.expected


def _learn_size(run: Run, row: List) -> None:
    met = run.store.met_count(row.id)
    if row.parent is None and row.expected is not None and row.expected > met:
        why = f"it announced {row.expected} records and holds {met}, asked twice in different parts"
        run.store.learn(run.repository, "size_unreliable", value="1", why=why)
        run.warn("size_unreliable", why)
