"""One run on one repository, from the lease to the outcome.

lease -> not before? -> Identify -> sets and formats -> plan -> lists -> who vanished -> quarantine -> outcome -> figures
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from harvester.engine import beside, heal, survey, vanish
from harvester.engine.asking import TroubleKind
from harvester.engine.lists import END_SEEN
from harvester.engine.outcome import Verdict, judge
from harvester.engine.plan import Past, Plan, plan
from harvester.engine.report import report_of
from harvester.engine.run import ListEnd, Run
from harvester.engine.types import Ended, Interrupted, Job, Outcome, Ports, Report
from harvester.engine.windows import harvest_list
from harvester.oai.types import Form
from mirror_db.errors import MirrorError
from mirror_db.ledger import NewList
from mirror_db.store import Store


def harvest(job: Job, ports: Ports, store: Store, *, figures: Callable[[], Mapping[str, float]]) -> Report:
    """Harvest one repository and settle its state; `figures` tells requests, retries, bytes and waits at the end.

    Raises `Held` when another process harvests it. Whatever a server does ends as an outcome; faults of the mirror itself
    (`MirrorError`) and errors that nobody expected escape, after the run is closed as failed where that can be written.
    """
    started = time.monotonic()
    source = job.source
    store.enter(source.id, name=source.name, base_url=source.base_url, country=source.country)
    number = store.begin_run(source.id, _kind(job), version=job.rules.version)
    run = Run(job, ports, store, number, fresh=not store.holds_any(source.id))
    try:
        before = store.standing(source.id)
        verdict = _judged(run, before.state if before else "never")
        store.add_figures(number, figures())
        return _settle(run, verdict, seconds=time.monotonic() - started)
    except Exception as error:
        close_after(store, source.id, number, error)
        raise


def close_after(store: Store, repository: str, number: int, error: Exception) -> None:
    """Close a run that `error` ended, if the mirror can still be written; else the next run closes it."""
    said = str(error) if isinstance(error, MirrorError) else f"unexpected error: {type(error).__name__}: {error}"
    with suppress(MirrorError):
        store.abandon_run(repository, number, reason=said[:500])


def _kind(job: Job) -> str:
    if job.wish.is_window:
        return "window"
    return "full" if job.wish.full else "harvest"


def _judged(run: Run, state_before: str) -> Verdict:
    try:
        keep_appointment(run)
        run, form = survey.identify(run)
        survey.look_around(run, form)
        ends = _walk_all(run, form)
        if not any(end.trouble is TroubleKind.SERVER or end.limited for end in ends):
            heal.heal(run, ends[-1].form if ends else form)
            beside.take_in(run, ends[-1].form if ends else form, ends)
    except Ended as end:
        return turned_away(run, end)
    except Interrupted:
        state = "partial" if state_before == "never" else None
        return Verdict(Outcome.INTERRUPTED, "stopped as asked; the next run goes on from here", state)
    run.store.defer(run.repository, None)
    answered = _counted(run, "listed") > 0 or any(end.proven for end in ends)
    lacking = run.store.quarantined(run.repository)
    doubts = (run.store.learned_why(run.repository, topic) for topic in vanish.DOUBTS)
    doubt = next((why for why in doubts if why), None) or heal.bare(run)
    return judge(ends, answered=answered, quarantined=lacking, doubt=doubt, state_before=state_before)


def _counted(run: Run, what: str) -> int:
    return int(str(run.store.counters(run.number)[what]))


def turned_away(run: Run, end: Ended) -> Verdict:
    """Judge a run that could not go on, and remember when the server may be asked again."""
    if end.not_before:
        run.store.defer(run.repository, end.not_before)
    reason = end.reason
    standing = run.store.standing(run.repository)
    if end.state == "blocked" and standing and standing.admin_emails:
        reason = f"{reason}; write to {standing.admin_emails}"
    if end.outcome is Outcome.FAILED and _counted(run, "listed"):
        return Verdict(Outcome.PARTIAL, reason, end.state or "partial")
    return Verdict(end.outcome, reason, end.state or "failing")


def keep_appointment(run: Run) -> None:
    """Ask nothing before the instant that the server named. Raises `Ended`."""
    standing = run.store.standing(run.repository)
    if standing and standing.not_before and standing.not_before > run.ports.now():
        why = f"the server asked not to be called before {standing.not_before}"
        raise Ended(Outcome.DEFERRED, why, state="deferred", not_before=standing.not_before)


def _walk_all(run: Run, form: Form) -> list[ListEnd]:
    ends: list[ListEnd] = []
    numbers: list[int] = []
    for planned in _plans(run):
        is_old = planned.resume is not None and _looks_back(run, planned.resume)
        number, end = _walk(run, planned, form)
        if is_old and end.proven:
            numbers.append(number)
            ends.append(end)
            number, end = _walk(run, _what_followed(run, planned), end.form)
        if end.code == "badArgument" and planned.purpose == "incremental":
            run.warn("from_refused", f"{end.why}; everything is listed instead")
            number, end = _walk(run, planned._replace(purpose="full", from_=None, resume=None, abandon=()), end.form)
        elif planned.purpose == "incremental" and _looks_ahead(run, number):
            run.warn("clock_back", "the server's clock went back behind the last list; everything is listed instead")
            number, end = _walk(run, planned._replace(purpose="full", from_=None, resume=None, abandon=()), end.form)
        form = end.form
        numbers.append(number)
        ends.append(end)
        if end.code == "cannotDisseminateFormat":
            ends[-1] = end._replace(why=f"{end.why} ({survey.offered_formats(run, form)})")
        if end.trouble is TroubleKind.SERVER:
            return ends
    vanish.settle(run, ends, numbers)
    return ends


def _looks_ahead(run: Run, number: int) -> bool:
    """Tell whether a list asked for what the server will change only later, by its own clock: what it changed since is before that."""
    row = run.store.list(number)
    return (
        row.from_ is not None
        and bool(row.first_response_date)
        and (row.first_response_date or "")[: len(row.from_)] < row.from_
    )


def _looks_back(run: Run, number: int) -> bool:
    """Tell whether an earlier run had reached the newest records of a list: its last page, or a window that is not asked again."""
    return run.store.list(number).token == END_SEEN or bool(run.store.children(number))


def _what_followed(run: Run, planned: Plan) -> Plan:
    """Plan what came after a list whose newest records an earlier run had got, though it ended before the list did."""
    past = Past(run.store.last_proven(run.repository, planned.prefix, planned.set), ())
    wish = replace(run.job.wish, full=False)
    return plan(wish, past, prefix=planned.prefix, set_spec=planned.set, facts=run.facts, rules=run.job.rules)


def _walk(run: Run, planned: Plan, form: Form) -> tuple[int, ListEnd]:
    number = _open(run, planned)
    end = harvest_list(run, number, form)
    row = run.store.list(number)
    if end.proven and row.set is not None and row.got == 0 and survey.list_sets(run, end.form).lacks(row.set):
        why = f"the server does not list the set {row.set}: it is gone, or misspelt"
        run.store.end_list(number, ended=why, proven=False)
        end = end._replace(proven=False, why=why)
    return number, end


def _plans(run: Run) -> list[Plan]:
    source, wish, store = run.job.source, run.job.wish, run.store
    sets: Sequence[str | None] = wish.sets or source.sets or (None,)
    prefix = wish.prefix or run.prefix
    unfinished = tuple(row for row in store.unfinished(source.id) if row.parent is None and row.verb == "ListRecords")
    relist = heal.wants_full_list(run)
    pasts = [(spec, Past(store.last_proven(source.id, prefix, spec), unfinished, relist)) for spec in sets]
    return [
        plan(wish, past, prefix=prefix, set_spec=spec, facts=run.facts, rules=run.job.rules) for spec, past in pasts
    ]


def _open(run: Run, planned: Plan) -> int:
    for number in planned.abandon:
        run.store.abandon_list(number)
    if planned.resume is not None:
        run.warn("resumed", f"list {planned.resume} goes on where an earlier run left it")
        return planned.resume
    new = NewList("ListRecords", planned.purpose, planned.prefix, planned.set, planned.from_, planned.until)
    return run.store.open_list(run.repository, run.number, new)


def _settle(run: Run, verdict: Verdict, *, seconds: float) -> Report:
    store, source = run.store, run.job.source
    if verdict.state is not None:
        state = _state_of_part(run, verdict) if run.job.wish.is_part(source) else verdict.state
        if state is not None:
            store.settle(source.id, state=state, reason=_reason_of_part(run, verdict))
    row = store.end_run(source.id, run.number, outcome=verdict.outcome, reason=verdict.reason)
    return report_of(run, verdict, row, seconds)


def _state_of_part(run: Run, verdict: Verdict) -> str | None:
    """A part of a repository says nothing of the whole, but that it is not all there, or that the server turns us away."""
    standing = run.store.standing(run.repository)
    if verdict.state in {"blocked", "deferred"}:
        return verdict.state
    if standing is None or standing.state == "never":
        return "failing" if verdict.state == "failing" else "partial"
    return None


def _reason_of_part(run: Run, verdict: Verdict) -> str | None:
    if run.job.wish.is_part(run.job.source) and verdict.reason is None:
        return "only a part was asked for: harvest it without --from, --until, --set and --prefix"
    return verdict.reason
