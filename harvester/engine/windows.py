"""Lists that cannot be had whole, or whose end is in doubt: cut into windows of time, down to single records.

open list -> walk -> proven: close | trouble: single records, or two windows | unsure: two halves that prove or disprove it

The windows of the list cut last are walked first, so that a server that answers short windows only shows it soon, and one
that is out of order too. Doubtful ends: `doubt.py`. Covers Q11 (halve the window), Q33 (a page that always fails)
and Q34 (a list refused as too large).
"""

from harvester.engine import doubt, lanes
from harvester.engine.asking import TroubleKind
from harvester.engine.audit import AS_NAMED, SHORT, is_short, trusts_no_size
from harvester.engine.cutting import Window, around, halves, slices
from harvester.engine.doubt import at_middle, enter
from harvester.engine.lists import IGNORES_WINDOW, walk_list
from harvester.engine.narrowing import ONE_BY_ONE, Headway, close_in, first_named, overspent
from harvester.engine.run import ListEnd, Run
from harvester.engine.singles import ask_missing, root_of
from harvester.oai.dates import to_granularity
from harvester.oai.types import Form
from mirror_db.ledger import List

_IN_ONE_PIECE = "the server ignores from and until: it cannot be asked in parts"
MAX_LEARNT_SLICES = (
    8  # a list that what was learnt would cut into more is tried whole first: the server may have been mended
)


def harvest_list(run: Run, number: int, form: Form) -> ListEnd:
    """Walk a list to its end by whatever way the server allows, and close its row and its windows' in the ledger."""
    headway = Headway(form, run.spent.asks)
    _cut_as_agreed(run, run.store.list(number))
    _walk_in_lanes(run, number, form)
    while True:
        parent = run.store.open_parent(number)
        if parent is not None:
            _close_parent(run, parent, headway.form)
            continue
        leaf = run.store.open_leaf(number)
        if leaf is None:
            break
        if doubt.costs_too_much(run, leaf, headway):
            return overspent(headway.form, "what the list holds is in doubt in too many places to be settled")
        end = _walk(run, leaf, headway)
        if end is not None:
            return end
    root = run.store.list(number)
    if headway.refused and root.proven:
        _learn_slice(run, number)
    return ListEnd(bool(root.proven), root.ended or "", headway.form, code=_code_of(root))


def _walk_in_lanes(run: Run, number: int, form: Form) -> None:
    """Walk windows side by side where that is agreed; what is open afterwards is walked as ever."""
    row = run.store.list(number)
    if not (row.pages or row.token or run.store.children(number)):
        parts = lanes.parts_for(run, row, form)
        if parts:
            enter(run, row, parts)
    leaves = [one for one in run.store.children(number) if one.ended_at is None and not run.store.children(one.id)]
    if lanes.wanted(run) > 1 and len(leaves) > 1:
        lanes.walk(run, leaves, form)


def _code_of(root: List) -> str | None:
    """Give the OAI error code with which a list was refused."""
    word = (root.ended or "").partition(":")[0]
    return word if not root.proven and word in {"badArgument", "cannotDisseminateFormat", "noSetHierarchy"} else None


def _walk(run: Run, leaf: List, headway: Headway) -> ListEnd | None:
    """Walk one list; gives its end where the whole harvest of the list stops there."""
    if _is_held(run, leaf, headway):
        run.store.end_list(leaf.id, ended="shown before, and all that was announced is here", proven=True)
        return None
    if headway.ignores_windows and leaf.parent is not None:
        run.store.end_list(leaf.id, ended=_IN_ONE_PIECE, proven=False)
        return None
    headway.tried += 1
    end = walk_list(run, leaf, headway.form, attempts=None if leaf.parent is None else 1)
    headway.form = end.form
    if end.limited or end.trouble is TroubleKind.SERVER:
        return end
    if end.code == IGNORES_WINDOW:
        _close_ignored(run, leaf, end, headway)
        return None
    if end.trouble in (None, TroubleKind.UNSURE):
        headway.refusals = 0
        if run.store.list(leaf.id).got:  # an empty window shows nothing
            headway.went_on()
        if end.trouble is None or not doubt.ask_in_halves(run, leaf):
            _close(run, leaf, end)
        return None
    return _work_around(run, leaf, end, headway)


def _close(run: Run, row: List, end: ListEnd) -> None:
    run.store.end_list(row.id, ended=end.why, proven=end.proven)


def _work_around(run: Run, leaf: List, end: ListEnd, headway: Headway) -> ListEnd | None:
    """A list that fails is gone round; gives an end where the server is out of order, or has cost enough for this run."""
    refused = end.trouble is TroubleKind.TOO_LARGE
    headway.refused = headway.refused or refused
    headway.failed += not refused
    headway.refusals += refused
    run.warn("list_broken", f"{end.why}; asking for less")
    rules = run.job.rules
    if headway.refusals > rules.refused_in_a_row:
        return _give_up(run, leaf, end._replace(why=f"{end.why}: it refuses every list, however short"))
    if headway.failed > rules.failing_in_a_row or headway.tried > rules.max_windows:
        return _give_up(run, leaf, end)
    if not headway.refused and headway.left(run, leaf) <= 0:
        return overspent(end.form)
    if _leave_behind(run, leaf, end, headway):
        return None
    if end.trouble is TroubleKind.PAGE and leaf.verb == "ListRecords":
        if end.reached == "" and run.facts.selective and not headway.singles.is_broken(leaf):
            named = first_named(run, leaf, headway)
            if named is not None:
                return close_in(run, leaf, named, headway)
        over = ask_missing(run, leaf, end, headway.singles, left=lambda: headway.left(run, leaf))
        if over is not None:
            headway.went_on()
            if over:
                return overspent(end.form)
            _close(run, leaf, end._replace(proven=True, why=f"{end.why}; {ONE_BY_ONE}"))
            return None
    parts = headway.singles.parts(run, leaf) or at_middle(run, leaf, around)
    parts = parts or halves(Window(leaf.from_, leaf.until), run.facts, run.ports.now())
    if not parts or not run.facts.selective:
        _close(run, leaf, end)
        return None
    enter(run, leaf, parts)
    return None


def _leave_behind(run: Run, leaf: List, end: ListEnd, headway: Headway) -> bool:
    """Go on behind what was shown, where the server lists by datestamp; what was shown is asked again only in doubt."""
    if not end.reached or not run.facts.selective:
        return False
    at = to_granularity(end.reached, run.facts.granularity, end=False)
    parts = around(Window(leaf.from_, leaf.until), at, run.facts.granularity) if at > (leaf.from_ or "") else ()
    if not parts:
        return False
    enter(run, leaf, parts[::-1])
    headway.held[run.store.children(leaf.id)[-1].id] = run.store.met_count(leaf.id)
    headway.went_on()
    return True


def _is_held(run: Run, leaf: List, headway: Headway) -> bool:
    """Tell whether a window was shown before: the rest brought exactly what its list had announced beyond it."""
    before = headway.held.get(leaf.id)
    if before is None or leaf.parent is None or trusts_no_size(run):
        return False
    whole = run.store.list(leaf.parent)
    rest_is_proven = all(window.proven for window in run.store.children(leaf.parent) if window.id != leaf.id)
    return rest_is_proven and before < (whole.expected or 0) == run.store.met_count(whole.id)


def _close_ignored(run: Run, leaf: List, end: ListEnd, headway: Headway) -> None:
    """The server ignores from and until: it cannot be asked in parts, unless it listed all there is as the answer to one."""
    whole = run.store.list(leaf.parent or leaf.id)
    if end.proven and whole.expected == run.store.met_count(whole.id) and not trusts_no_size(run):
        _close(run, leaf, end)
        return
    headway.ignores_windows = True
    _close(run, leaf, end._replace(proven=False, why=_IN_ONE_PIECE))


def _give_up(run: Run, leaf: List, end: ListEnd) -> ListEnd:
    """The server is out of order; a list of which no part could be had is begun anew by the next run, in one piece."""
    root = root_of(run, leaf)
    if not run.store.met_count(root):
        run.store.abandon_list(root)
    return end._replace(trouble=TroubleKind.SERVER)


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
        enter(run, row, parts)


def _learn_slice(run: Run, number: int) -> None:
    """Remember how long a window this server answers, so that the next list is cut at once (Q34)."""
    days = run.store.narrowest_window(number)
    if days is not None:
        run.store.learn(run.repository, "max_window_days", value=str(days), why="it refuses longer lists as too large")


def _close_parent(run: Run, row: List, form: Form) -> None:
    """Close a list whose windows have all ended, or cut those windows further whose shortage turned out to be real."""
    windows = run.store.children(row.id)
    if row.met_before is not None:
        doubt.settle(run, row, windows, form)
        return
    bad = [window for window in windows if not window.proven]
    if not bad and row.parent is None and run.store.any_ended(row.id, AS_NAMED) and not trusts_no_size(run):
        met = run.store.met_count(row.id)
        if is_short(run, row, met):
            why = f"{SHORT}: the server announced {row.expected} records and showed {met} in parts"
            run.store.end_list(row.id, ended=why, proven=False)
            return
    why = bad[0].ended or "" if bad else f"asked in {len(windows)} windows, all of them to their end"
    run.store.end_list(row.id, ended=why, proven=not bad)
