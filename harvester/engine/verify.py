"""Proving the mirror against the server's identifiers: what is missing, what is too much, what differs.

lease -> Identify -> ListIdentifiers, proven -> compare -> repair, if wished -> compare again -> outcome
"""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from harvester.engine import survey, vanish
from harvester.engine.asking import TroubleKind
from harvester.engine.harvest import close_after, keep_appointment, turned_away
from harvester.engine.outcome import Verdict
from harvester.engine.report import report_of
from harvester.engine.run import Run
from harvester.engine.singles import fetch_record
from harvester.engine.types import Ended, Interrupted, Job, Outcome, Ports, Report
from harvester.engine.windows import harvest_list
from harvester.oai.types import Form
from mirror_db.ledger import NewList
from mirror_db.listed import Difference
from mirror_db.store import Store


class Verified(NamedTuple):
    """What a verification found: the report of its run, how many records the server lists, and what still differs."""

    report: Report
    listed: int
    differences: tuple[Difference, ...]
    repaired: int = 0


def verify(
    job: Job, ports: Ports, store: Store, *, repair: bool, figures: Callable[[], Mapping[str, float]]
) -> Verified:
    """Compare the mirror of one repository with ListIdentifiers; `repair` asks for what differs and retires what is gone.

    Nothing is concluded from a list that is not proven. Raises `Held` when another process works on the repository.
    """
    started = time.monotonic()
    source = job.source
    store.enter(source.id, name=source.name, base_url=source.base_url, country=source.country)
    run = Run(job, ports, store, store.begin_run(source.id, "verify", version=job.rules.version), fresh=False)
    try:
        verdict, found, repaired = _verified(run, repair)
        store.add_figures(run.number, figures())
        listed = store.listed(run.number)
        store.forget_listed(run.number)
        if verdict.state is not None:
            store.settle(source.id, state=verdict.state, reason=verdict.reason)
        row = store.end_run(source.id, run.number, outcome=verdict.outcome, reason=verdict.reason)
    except Exception as error:
        close_after(store, source.id, run.number, error)
        raise
    return Verified(report_of(run, verdict, row, time.monotonic() - started), listed, found, repaired)


def _verified(run: Run, repair: bool) -> tuple[Verdict, tuple[Difference, ...], int]:
    try:
        keep_appointment(run)
        run, form = survey.identify(run)
        why = _list_all(run, form)
        if why is not None:
            return Verdict(Outcome.PARTIAL, f"the identifiers cannot be had whole: {why}", None), (), 0
        found = _differences(run)
        if not repair or not found:
            return _judged(run, found), found, 0
        _repair(run, form, found)
        left = _differences(run)
        return _judged(run, left), left, len(found) - len(left)
    except Ended as end:
        return turned_away(run, end), (), 0
    except Interrupted:
        return Verdict(Outcome.INTERRUPTED, "stopped as asked", None), (), 0


def _list_all(run: Run, form: Form) -> str | None:
    """List the identifiers of all that is harvested; gives why it cannot be had, or None."""
    for old in run.store.unfinished(run.repository):
        if old.verb == "ListIdentifiers" and old.parent is None:
            run.store.abandon_list(old.id)
    for spec in run.job.source.sets or (None,):
        new = NewList("ListIdentifiers", "verify", run.prefix, spec)
        number = run.store.open_list(run.repository, run.number, new)
        end = harvest_list(run, number, form)
        if not end.proven:
            if end.trouble is TroubleKind.SERVER:
                run.store.abandon_list(number)
            return end.why
        form = end.form
    return None


def _differences(run: Run) -> tuple[Difference, ...]:
    found = run.store.differences(run.repository, run.number)
    if run.job.source.deletions == "announced":
        return tuple(one for one in found if one.kind != "extra")
    return found


def _judged(run: Run, found: tuple[Difference, ...]) -> Verdict:
    if not found:
        was_partial = run.store.learned_why(run.repository, vanish.UNREPAIRED) is not None
        run.store.forget(run.repository, vanish.UNREPAIRED)
        mended = was_partial and not run.store.quarantined(run.repository)
        return Verdict(Outcome.COMPLETE, None, "complete" if mended else None)
    why = f"{counted(found)}; mend it with: oai-mirror verify {run.repository} --repair"
    run.store.learn(run.repository, vanish.UNREPAIRED, value=str(len(found)), why=why)
    return Verdict(Outcome.PARTIAL, why, "partial")


def _repair(run: Run, form: Form, found: tuple[Difference, ...]) -> None:
    """Ask for every record that differs, and retire those that the server lists no more, behind the brake."""
    for one in found:
        if one.kind != "extra":
            fetch_record(run, run.prefix, one.oai_identifier, form)
    gone = run.store.live_rows(run.repository, [one.oai_identifier for one in found if one.kind == "extra"])
    if gone:
        vanish.retire(run, gone, run.store.held(run.repository)[0], form)


_WORDS = {
    "missing": "missing here",
    "extra": "not listed any more",
    "deleted": "deleted there",
    "live": "live there and deleted here",
    "datestamp": "with another datestamp",
}


def counted(found: tuple[Difference, ...]) -> str:
    """Say how many records differ, and how."""
    kinds = [one.kind for one in found]
    return ", ".join(f"{kinds.count(kind):,} {words}" for kind, words in _WORDS.items() if kind in kinds)
