"""One run on one repository, from the lease to the outcome.

lease -> not before? -> Identify -> sets and formats -> plan -> lists -> who vanished -> outcome -> figures
"""

import time
from collections.abc import Callable, Mapping, Sequence

from harvester.engine import survey, vanish
from harvester.engine.asking import TroubleKind
from harvester.engine.lists import ListEnd, Run
from harvester.engine.outcome import Verdict, judge
from harvester.engine.plan import Past, Plan, plan
from harvester.engine.types import Ended, Interrupted, Job, Outcome, Ports, Report
from harvester.engine.windows import harvest_list
from harvester.oai.types import Form
from mirror_db.entries import Warned
from mirror_db.ledger import NewList
from mirror_db.store import Store


def harvest(job: Job, ports: Ports, store: Store, *, figures: Callable[[], Mapping[str, float]]) -> Report:
    """Harvest one repository and settle its state; `figures` tells requests, retries, bytes and waits at the end.

    Raises `Held` when another process harvests it.

    Whatever a server does ends as an outcome; only faults of the mirror itself (`MirrorError`) escape, after which
    the next run closes the open row.
    """
    started = time.monotonic()
    source = job.source
    store.enter(source.id, name=source.name, base_url=source.base_url, country=source.country)
    fresh = not store.holds_any(source.id)
    number = store.begin_run(source.id, _kind(job), version=job.rules.version)
    before = store.standing(source.id)
    state_before = before.state if before else "never"
    run = Run(job, ports, store, number, fresh)
    verdict = _judged(run, state_before)
    store.add_figures(number, figures())
    return _settle(run, verdict, state_before, seconds=time.monotonic() - started)


def _kind(job: Job) -> str:
    if job.wish.is_window:
        return "window"
    return "full" if job.wish.full else "harvest"


def _judged(run: Run, state_before: str) -> Verdict:
    try:
        _respect_not_before(run)
        run, form = survey.identify(run)
        survey.look_around(run, form)
        ends = _walk_all(run, form)
    except Ended as end:
        if end.not_before:
            run.store.defer(run.repository, end.not_before)
        return _ended(run, end)
    except Interrupted:
        state = "partial" if state_before == "never" else None
        return Verdict(Outcome.INTERRUPTED, "stopped as asked; the next run goes on from here", state)
    run.store.defer(run.repository, None)
    pages = int(str(run.store.counters(run.number)["pages"]))
    lacking = run.store.quarantined(run.repository)
    answered = pages or any(end.proven for end in ends)
    return judge(ends, pages=int(bool(answered)), quarantined=lacking, trouble=None, state_before=state_before)


def _ended(run: Run, end: Ended) -> Verdict:
    got = int(str(run.store.counters(run.number)["pages"]))
    if end.outcome is Outcome.FAILED and got:
        return Verdict(Outcome.PARTIAL, end.reason, end.state or "partial")
    return Verdict(end.outcome, end.reason, end.state or "failing")


def _respect_not_before(run: Run) -> None:
    standing = run.store.standing(run.repository)
    if standing and standing.not_before and standing.not_before > run.ports.now():
        why = f"the server asked not to be called before {standing.not_before}"
        raise Ended(Outcome.DEFERRED, why, state="deferred", not_before=standing.not_before)


def _walk_all(run: Run, form: Form) -> list[ListEnd]:
    ends: list[ListEnd] = []
    numbers: list[int] = []
    for planned in _plans(run):
        number = _open(run, planned)
        numbers.append(number)
        end = harvest_list(run, number, form)
        form = end.form
        ends.append(end)
        if end.code == "cannotDisseminateFormat":
            ends[-1] = end._replace(why=f"{end.why} ({survey.offered_formats(run, form)})")
        if end.trouble is TroubleKind.SERVER:
            return ends
    if not run.job.wish.dry_run:
        vanish.settle(run, ends, numbers)
    return ends


def _plans(run: Run) -> list[Plan]:
    source, wish, store = run.job.source, run.job.wish, run.store
    sets: Sequence[str | None] = wish.sets or source.sets or (None,)
    prefix = wish.prefix or source.prefixes[0]
    unfinished = tuple(row for row in store.unfinished(source.id) if row.parent is None and row.verb == "ListRecords")
    found = []
    for spec in sets:
        past = Past(store.last_proven(source.id, prefix, spec), store.last_full(source.id, prefix, spec), unfinished)
        found.append(
            plan(
                wish,
                past,
                prefix=prefix,
                set_spec=spec,
                granularity=run.facts.granularity,
                selective=run.facts.selective,
                rules=run.job.rules,
            )
        )
    return found


def _open(run: Run, planned: Plan) -> int:
    for number in planned.abandon:
        run.store.end_list(number, ended="given up for a newer list", proven=False)
        run.store.forget_seen(number)
    if planned.resume is not None:
        run.store.warn(run.number, [Warned("resumed", f"list {planned.resume} goes on where an earlier run left it")])
        return planned.resume
    new = NewList("ListRecords", planned.purpose, planned.prefix, planned.set, planned.from_, planned.until)
    return run.store.open_list(run.repository, run.number, new)


def _settle(run: Run, verdict: Verdict, state_before: str, *, seconds: float) -> Report:
    store, source = run.store, run.job.source
    if verdict.state is not None and not run.job.wish.is_window and not run.job.wish.dry_run:
        store.settle(source.id, state=verdict.state, reason=verdict.reason)
    row = store.end_run(source.id, run.number, outcome=verdict.outcome, reason=verdict.reason)
    standing = store.standing(source.id)
    figures = store.figures(source.id)
    report = Report(
        source.id,
        source.name,
        verdict.outcome,
        verdict.reason,
        standing.state if standing else state_before,
        run.number,
    )
    counted = {
        name: row[name] for name in Report._fields if name in row and name not in {"repository", "reason", "outcome"}
    }
    return replace_fields(report, {**counted, **figures, "seconds": round(seconds, 3)})._replace(
        not_before=standing.not_before if standing else None, warnings=store.warnings(run.number)
    )


def replace_fields(report: Report, values: dict[str, object]) -> Report:
    """Put figures into the report by name."""
    return report._replace(**values)  # type: ignore[arg-type]
