"""Walking one list: ask, step, read, commit, until its end is seen or it cannot be had.

resume point -> ask -> fetch -> parse -> step: the next ask is known -> read each record -> commit -> next ask
"""

from dataclasses import dataclass
from typing import NamedTuple

from harvester.engine.asking import Trouble, TroubleKind, ask_page
from harvester.engine.pages import Desk, read_page
from harvester.engine.types import Interrupted, Job, Ports, ServerFacts, Tick
from harvester.net.types import Reply
from harvester.oai.client import Answer
from harvester.oai.dates import Granularity, to_granularity
from harvester.oai.page import Page
from harvester.oai.types import Ask, Form
from harvester.oai.walk import Adapt, Again, Done, GiveUp, More, Restart, Walk, begin, step
from mirror_db.entries import Progress, Warned
from mirror_db.ledger import List
from mirror_db.store import Store


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it is for, what it works with, and its number."""

    job: Job
    ports: Ports
    store: Store
    number: int
    fresh: bool  # the mirror held nothing of the repository when the run began: nothing needs looking up
    facts: ServerFacts = ServerFacts()  # noqa: RUF009 - immutable

    @property
    def repository(self) -> str:
        """Give the repository's id."""
        return self.job.source.id

    def no_page(self, number: int) -> Progress:
        """Give the progress of records that came outside the pages of a list."""
        return Progress(number, None, pages=0)


class ListEnd(NamedTuple):
    """How a list ended. `trouble` set: another window may do better, or the server is away."""

    proven: bool
    why: str
    form: Form
    trouble: TroubleKind | None = None
    code: str | None = None  # OAI error code of a final refusal
    limited: bool = False  # the user's --limit was reached


class _State(NamedTuple):
    walk: Walk
    form: Form
    row: List
    got: int = 0
    pages: int = 0
    trying: str | None = None  # adaptation whose success is not known yet
    why_trying: str = ""


def walk_list(run: Run, number: int, form: Form) -> ListEnd:
    """Walk a list of the ledger from where it stands. Raises `Ended` and `Interrupted`."""
    row = run.store.list(number)
    first = Ask(row.verb, row.prefix, row.set, row.from_, row.until, None, None)
    state = _State(begin(first, row.token), form, row, row.got, row.pages)
    while True:
        if run.ports.stopping():
            raise Interrupted
        got = ask_page(state.walk.ask, state.form, run.ports, run.job.rules)
        if isinstance(got, Trouble):
            return ListEnd(False, got.why, form, got.kind)
        state_or_end = _after(run, state, got)
        if isinstance(state_or_end, ListEnd):
            return state_or_end
        state = state_or_end


def _after(run: Run, state: _State, got: Answer[Reply]) -> _State | ListEnd:
    move = step(state.walk, got.page, run.job.rules.walk)
    match move:
        case More(walk):
            return _go_on(run, _learnt(run, state), got.page, walk)
        case Done():
            state = _keep(run, _learnt(run, state), got.page, token=None)
            return _prove(run, state, move)
        case Again(walk, why):
            run.store.warn(run.number, [Warned("asked_again", why)])
            run.ports.sleep(run.job.rules.retry_wait_s)
            return state._replace(walk=walk)
        case Restart(why):
            return _restart(run, state, why)
        case Adapt():
            return _adapt(state, move)
        case GiveUp(why, final, code):
            if got.page.items:
                state = _keep(run, state, got.page, token=state.walk.ask.token)
            kind = None if final or code is None else TroubleKind.PAGE
            return ListEnd(False, why, state.form, kind, code)


def _go_on(run: Run, state: _State, page: Page, walk: Walk) -> _State | ListEnd:
    state = _keep(run, state, page, token=walk.ask.token)
    limit = run.job.wish.limit
    if limit is not None and state.got >= limit:
        return ListEnd(False, f"stopped after {state.got} records, as asked", state.form, limited=True)
    return state._replace(walk=walk)


def _keep(run: Run, state: _State, page: Page, *, token: str | None) -> _State:
    """Read and commit a page; the token to send next goes to the disk with it."""
    identifiers = [item.identifier for item in page.items if item.identifier]
    known = {} if run.fresh else run.store.known(run.repository, state.row.prefix, identifiers)
    progress = Progress(
        state.row.id,
        token,
        page.token.expiration_date if page.token else None,
        _expected(page),
        page.response_date,
        1,
        len(page.items),
    )
    place = f"list {state.row.id}, page {state.pages + 1}"
    if not run.job.wish.dry_run:
        run.store.commit(read_page(page, desk_of(run, state.row.prefix), known, place=place, progress=progress))
    state = state._replace(got=state.got + len(page.items), pages=state.pages + 1)
    run.ports.tell(Tick(run.repository, state.row.id, state.pages, state.got, _expected(page)))
    return state


def desk_of(run: Run, prefix: str) -> Desk:
    """Give what the reader of this run's pages must know."""
    return Desk(run.repository, run.number, prefix, run.job.source.profile, run.job.rules.today)


def _expected(page: Page) -> int | None:
    return page.token.complete_list_size if page.token else None


def _restart(run: Run, state: _State, why: str) -> _State | ListEnd:
    row = run.store.list(state.row.id)
    if row.restarts >= run.job.rules.restarts:
        return ListEnd(False, f"{why} (begun again {row.restarts} times)", state.form, TroubleKind.PAGE)
    run.store.warn(run.number, [Warned("token_lost", why)])
    run.store.restart_list(row.id, run=run.number)
    return state._replace(walk=begin(state.walk.first), got=0, trying=None)


def _adapt(state: _State, move: Adapt) -> _State:
    state = state._replace(walk=move.walk, trying=move.topic, why_trying=move.why)
    match move.topic:
        case "granularity":
            return state._replace(walk=_other_granularity(move.walk))
        case "token_with_prefix":
            return state._replace(form=state.form._replace(token_with_prefix=True))
        case _:
            return state._replace(form=state.form._replace(token_verbatim=True))


def _other_granularity(walk: Walk) -> Walk:
    """Say the same window in the other granularity (Q1, Q2)."""
    sample = walk.first.from_ or walk.first.until or ""
    other = Granularity.SECONDS if len(sample) == len("2026-11-23") else Granularity.DAY
    first = walk.first._replace(
        from_=to_granularity(walk.first.from_, other, end=False) if walk.first.from_ else None,
        until=to_granularity(walk.first.until, other, end=True) if walk.first.until else None,
    )
    return walk._replace(first=first, ask=first)


def _learnt(run: Run, state: _State) -> _State:
    """An adaptation that was answered with a page is remembered."""
    if state.trying is None:
        return state
    value = "1"
    if state.trying == "granularity":
        sample = state.walk.first.from_ or state.walk.first.until or ""
        value = "day" if len(sample) == len("2026-11-23") else "seconds"
    run.store.learn(run.repository, state.trying, value=value, why=state.why_trying)
    return state._replace(trying=None)


def _prove(run: Run, state: _State, done: Done) -> ListEnd | _State:
    """The end was seen; the audit decides whether it counts as proven."""
    if run.job.wish.dry_run:
        return ListEnd(not done.doubts, done.why, state.form)
    row = run.store.list(state.row.id)
    met = run.store.met_count(row.id)
    short = row.expected is not None and met < row.expected - row.expected * run.job.rules.size_tolerance
    if done.tail_missing and (row.expected is None or short):
        return _restart(run, state, done.why)
    if short:
        return ListEnd(False, f"the server announced {row.expected} records and listed {met}", state.form)
    if done.empty and row.purpose == "full" and run.store.held(run.repository)[0]:
        return ListEnd(False, "the server lists nothing, though the mirror holds records of it", state.form)
    if done.doubts:
        return ListEnd(False, "; ".join(dict.fromkeys(done.doubts)), state.form)
    return ListEnd(True, done.why, state.form)
