"""Further formats of a repository, listed after its own records are proven: evidence of rights that oai_dc leaves out.

    the record's lists proven? -> which formats: configured, or the best that are offered -> a list each, with its own watermark

What fails here is a warning: the records are complete without it, and the next run asks again.
"""

from collections.abc import Sequence

from harvester.engine import survey
from harvester.engine.asking import TroubleKind
from harvester.engine.plan import Past, plan
from harvester.engine.run import ListEnd, Run
from harvester.engine.windows import harvest_list
from harvester.oai.types import Form
from harvester.reading.formats import best_for_rights
from mirror_db.ledger import NewList


def take_in(run: Run, form: Form, ends: Sequence[ListEnd]) -> None:
    """List the further formats of this run's source; nothing where the records themselves were not proven, or others were asked for."""
    wish = run.job.wish
    if wish.prefix is not None or wish.dry_run or not ends or not all(end.proven for end in ends):
        return
    for prefix in _wanted(run, form):
        for spec in wish.sets or run.job.source.sets or (None,):
            end = _walk(run, prefix, spec, form)
            if not end.proven:
                run.warn("format_incomplete", f"{prefix}: {end.why}")
            if end.code == "cannotDisseminateFormat" or end.trouble is TroubleKind.SERVER:
                break


def _wanted(run: Run, form: Form) -> tuple[str, ...]:
    """Give the configured prefixes, or the best of those offered. A format that is not offered is a warning."""
    source = run.job.source
    if not (source.prefixes[1:] or source.choose_prefixes):
        return ()
    offered = run.store.formats(run.repository) or survey.list_formats(run, form)
    if source.choose_prefixes:
        return tuple(prefix for prefix in best_for_rights(offered) if prefix != run.prefix)
    for prefix in source.prefixes[1:]:
        if offered and prefix not in offered:
            run.warn("format_not_offered", f"{prefix} is not offered; it offers {', '.join(offered[:30])}")
    return tuple(prefix for prefix in source.prefixes[1:] if not offered or prefix in offered)


def _walk(run: Run, prefix: str, spec: str | None, form: Form) -> ListEnd:
    unfinished = tuple(row for row in run.store.unfinished(run.repository) if row.parent is None)
    past = Past(run.store.last_proven(run.repository, prefix, spec), unfinished)
    planned = plan(run.job.wish, past, prefix=prefix, set_spec=spec, facts=run.facts, rules=run.job.rules)
    for older in planned.abandon:
        run.store.abandon_list(older)
    new = NewList("ListRecords", planned.purpose, prefix, spec, planned.from_, planned.until)
    number = planned.resume or run.store.open_list(run.repository, run.number, new)
    end = harvest_list(run, number, form)
    if run.store.list(number).ended_at is not None:
        run.store.forget_seen(number)
    return end
