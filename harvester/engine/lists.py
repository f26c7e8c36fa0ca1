"""Walking one list: ask, step, read, commit, until its end is seen or it cannot be had.

resume point -> ask -> fetch -> parse -> step: the next ask is known -> read each record -> commit -> next ask
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from harvester.engine.asking import Got, Trouble, TroubleKind, ask_page
from harvester.engine.audit import prove
from harvester.engine.keeping import Spot, expected, keep_page, lies_outside
from harvester.engine.moving import Sizes
from harvester.engine.run import ListEnd, Run, learnt_form
from harvester.engine.skimming import Skimmer
from harvester.oai.dates import Granularity, to_granularity
from harvester.oai.large import LARGE
from harvester.oai.page import Page
from harvester.oai.types import Ask, Form, request_of
from harvester.oai.walk import Adapt, Again, Done, GiveUp, More, Restart, Walk, begin, step
from mirror_db.entries import Known
from mirror_db.ledger import List

IGNORES_WINDOW = "ignores_window"
END_SEEN = (
    ""  # a token that the ledger keeps once the last page is there, so that a kill before the audit costs no request
)
STALE_PAGES = (
    3  # in a row, each beginning and ending with a record that began or ended a page before: a list without end
)
_NEVER_CURED = frozenset({400, 422})
_REFUSALS = _NEVER_CURED | {500}  # with which servers answer a date that they cannot read
_OF_TOKENS = frozenset({"token_with_prefix", "token_verbatim", "token_twice"})
_TOO_MANY = re.compile(
    r"too (many|large|big)|(exceed|more than|maximum|at most).{0,40}\b(records|results|items|hits)", re.I
)


class _State(NamedTuple):
    walk: Walk
    form: Form
    row: List
    got: int
    pages: int
    attempts: int | None
    look: Callable[[Sequence[str]], Mapping[str, Known]]
    restarts: int = 0  # in this run
    lost_at: int = -1  # pages when the token was last lost
    since: int = 0  # pages since the list was begun or taken up
    trying: str | None = None  # adaptation whose success is not known yet
    why_trying: str = ""
    outside: bool = False  # the server was seen to ignore from and until
    edges: set[int] = set()  # noqa: RUF012 - hashes of the first and last identifiers of pages: every walk has its own
    reached: str | None = ""  # last datestamp shown; None once they came out of order, or a page was of one
    stale: int = 0  # pages in a row whose first and last records were listed before
    sizes: Sizes = Sizes()


def walk_list(run: Run, row: List, form: Form, *, attempts: int | None = None) -> ListEnd:
    """Walk a list of the ledger from where it stands. Raises `Ended` and `Interrupted`."""
    if row.token == END_SEEN:
        return prove(run, row.id, form, Done("end of list"))
    first = Ask(row.verb, row.prefix, row.set, row.from_, row.until)
    skimmer = Skimmer(run, row)
    walk = begin(first, row.token)._replace(tried=run.spent.useless)
    sizes = Sizes(row.expected or 0)
    state = _State(walk, form, row, row.got, row.pages, attempts, skimmer.known, edges=set(), sizes=sizes)
    ports = replace(run.ports, parse=skimmer.parse)
    while True:
        run.pulse()
        skimmer.forget()
        got = ask_page(state.walk.ask, state.form, ports, run.job.rules, attempts=state.attempts)
        state_or_end = _on_trouble(run, state, got) if isinstance(got, Trouble) else _after(run, state, got)
        if isinstance(state_or_end, ListEnd):
            return state_or_end
        state = state_or_end


def _on_trouble(run: Run, state: _State, trouble: Trouble) -> _State | ListEnd:
    """A page fails; where it was asked by a token of an earlier run, the token may be what is wrong with it."""
    if state.outside and state.row.parent is not None:
        return ListEnd(False, trouble.why, state.form, trouble.kind, IGNORES_WINDOW)
    if (refused := _on_refusal(state, trouble)) is not None:
        return refused
    resumed = state.walk.ask.token is not None and state.since == 0
    if resumed and trouble.kind is TroubleKind.PAGE:
        return _restart(run, state, trouble.why)
    return ListEnd(False, trouble.why, state.form, trouble.kind, reached=state.reached)


def _on_refusal(state: _State, trouble: Trouble) -> _State | ListEnd | None:
    """A window refused with a bare status may be one said in the wrong granularity, as with badArgument (Q1, Q25)."""
    ask = state.walk.ask
    if trouble.status not in _REFUSALS or ask.token or state.row.parent is not None or not (ask.from_ or ask.until):
        return None
    if "granularity" not in state.walk.tried:
        walk = state.walk._replace(tried=state.walk.tried | {"granularity"})
        return _adapt(state._replace(attempts=1), Adapt(walk, "granularity", trouble.why))
    if trouble.status in _NEVER_CURED:
        return ListEnd(False, trouble.why, state.form, None, "badArgument")
    return None


def _after(run: Run, state: _State, got: Got) -> _State | ListEnd:
    state = state._replace(form=learnt_form(run, state.form, got))
    move = step(state.walk, got.page, run.job.rules.walk)
    match move:
        case More(walk):
            return _go_on(run, _learnt(run, state), got, walk)
        case Done():
            is_plain = not (move.doubts or move.empty or move.tail_missing)
            state = _keep(run, _learnt(run, state), got, token=END_SEEN if is_plain else None)
            end = prove(run, state.row.id, state.form, move, shrunk=state.sizes.shrunk)
            return end._replace(code=IGNORES_WINDOW) if state.outside and state.row.parent else end
        case Again(walk, why):
            run.warn("asked_again", why)
            run.ports.sleep(run.job.rules.retry_wait_s)
            return state._replace(walk=walk)
        case Restart(why):
            return _restart(run, state, why)
        case Adapt():
            return _adapt(state, move)
        case GiveUp():
            return _give_up(run, state, got, move)


def _give_up(run: Run, state: _State, got: Got, move: GiveUp) -> ListEnd:
    if got.page.items:
        state = _keep(run, state, got, token=state.walk.ask.token)
    kind = None if move.final or (move.code is None and got.page.list_found) else TroubleKind.PAGE
    if any(_TOO_MANY.search(error.text) for error in got.page.errors):
        kind = TroubleKind.TOO_LARGE
    form = _without(state.form, state.trying)
    return ListEnd(False, move.why, form, kind, move.code, reached=state.reached)


def _go_on(run: Run, state: _State, got: Got, walk: Walk) -> _State | ListEnd:
    if _goes_on_at_once(run, state.got + len(got.page.items)) and len(got.reply.body) < LARGE:
        run.ports.expect(request_of(walk.ask, state.form, attempts=state.attempts))
    state = _keep(run, state, got, token=walk.ask.token)
    if state.stale >= min(STALE_PAGES, run.job.rules.walk.empty_pages):
        return ListEnd(False, f"{state.stale} pages in a row hold only records that were listed before", state.form)
    limit = run.job.wish.limit
    if limit is not None and state.got >= limit:
        return ListEnd(False, f"stopped after {state.got} records, as asked", state.form, limited=True)
    return state._replace(walk=walk)


def _goes_on_at_once(run: Run, got: int) -> bool:
    """Tell whether the next request may be sent before this page is kept: nothing else can end the list here."""
    limit = run.job.wish.limit
    return (limit is None or got < limit) and not run.job.source.manners.allowed_hours and not run.ports.stopping()


def _keep(run: Run, state: _State, got: Got, *, token: str | None) -> _State:
    """Commit a page, and notice where the server ignores what was asked."""
    run.spent.listed = max(run.spent.listed, len(got.page.items))
    if state.walk.ask.token and got.page.items:
        run.spent.useless = _OF_TOKENS  # its tokens arrive as they are sent
    outside = state.outside
    if state.since == 0 and state.row.parent is None and lies_outside(got.page, state.row):
        outside = True
        run.store.learn(run.repository, "selective", value="0", why="records outside the window that was asked for")
        run.warn("window_ignored", "the server ignores from and until: from now on everything is listed and compared")
    elif lies_outside(got.page, state.row):
        outside = True
    spot = Spot(state.row, state.pages, state.got, state.walk.ask.token, state.look)
    keep_page(run, spot, got, token=token)
    listed = state.got + len(got.page.items)
    return state._replace(
        got=listed,
        pages=state.pages + 1,
        since=state.since + 1,
        outside=outside,
        reached=_in_order(state.reached, got.page, run.facts.granularity),
        stale=state.stale + 1 if _is_stale(state, got.page) else 0,
        sizes=state.sizes.after(expected(got.page), len(got.page.items), listed),
    )


def _in_order(reached: str | None, page: Page, granularity: Granularity) -> str | None:
    """Give the last datestamp shown so far, or None where they do not come in order, or a whole page shares one."""
    before = reached
    for item in page.items:
        if reached is None or item.datestamp is None or item.datestamp < reached:
            return None
        reached = item.datestamp
    if (
        before
        and reached
        and to_granularity(before, granularity, end=False) == to_granularity(reached, granularity, end=False)
    ):
        return None
    return reached


def _is_stale(state: _State, page: Page) -> bool:
    """Tell whether a page begins and ends with records that began or ended pages before: a list without end."""
    if not page.items:
        return False
    edges = {hash(page.items[0].identifier), hash(page.items[-1].identifier)}
    is_old = edges <= state.edges
    state.edges.update(edges)
    return is_old


def _restart(run: Run, state: _State, why: str) -> _State | ListEnd:
    """Begin again; a list that can go on behind what it showed, or got no further than the last time, is cut (Q11)."""
    run.spent.useless |= state.walk.tried & _OF_TOKENS
    stuck = 0 <= state.since <= state.lost_at or (state.attempts == 1 and state.since > 0)
    if stuck or _goes_on_behind(run, state) or state.restarts >= run.job.rules.restarts:
        again = f"begun again {state.restarts} times" if state.restarts else "not begun again"
        form = _without(state.form, state.trying)
        return ListEnd(False, f"{why} ({again})", form, TroubleKind.PAGE, reached=state.reached)
    run.warn("token_lost", why)
    run.store.restart_list(state.row.id, run=run.number)
    resumed = state.walk.ask.token is not None and state.since == 0
    return state._replace(
        walk=begin(state.walk.first)._replace(tried=run.spent.useless),
        form=_without(state.form, state.trying),
        got=0,
        since=0,
        edges=set(),
        reached="",
        stale=0,
        sizes=Sizes(),
        trying=None,
        restarts=state.restarts + 1,
        lost_at=-1 if resumed else state.since,
    )


def _goes_on_behind(run: Run, state: _State) -> bool:
    """Tell whether what is held can be left out of the next list: the server lists by datestamp, in windows."""
    return bool(state.reached) and run.facts.selective and (state.reached or "") > (state.row.from_ or "")


def _without(form: Form, trying: str | None) -> Form:
    """Drop an adaptation that did not help."""
    return form._replace(**{trying: False}) if trying in Form._fields else form


def _adapt(state: _State, move: Adapt) -> _State:
    form = _without(state.form, state.trying)
    state = state._replace(walk=move.walk, form=form, trying=move.topic, why_trying=move.why)
    if move.topic == "granularity":
        return state._replace(walk=_other_granularity(move.walk))
    return state._replace(form=form._replace(**{move.topic: True}))


def _other_granularity(walk: Walk) -> Walk:
    """Say the same window in the other granularity (Q1, Q2)."""
    other = Granularity.SECONDS if _granularity(walk) == "day" else Granularity.DAY
    first = walk.first._replace(
        from_=to_granularity(walk.first.from_, other, end=False) if walk.first.from_ else None,
        until=to_granularity(walk.first.until, other, end=True) if walk.first.until else None,
    )
    return walk._replace(first=first, ask=first)


def _granularity(walk: Walk) -> str:
    sample = walk.first.from_ or walk.first.until or ""
    return "day" if len(sample) == len("2026-11-23") else "seconds"


def _learnt(run: Run, state: _State) -> _State:
    """An adaptation that was answered with a page is remembered."""
    if state.trying is None:
        return state
    value = _granularity(state.walk) if state.trying == "granularity" else "1"
    run.store.learn(run.repository, state.trying, value=value, why=state.why_trying)
    return state._replace(trying=None, attempts=None if state.row.parent is None else state.attempts)
