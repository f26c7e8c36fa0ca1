"""Records that an earlier run could not have, asked for again: most servers are mended some day, most records are not restamped.

quarantine -> an identifier: GetRecord | none: a full list, ever more rarely -> read | still broken | gone
came without metadata of late -> GetRecord, a few per run (Q56)
"""

from harvester.engine.asking import later
from harvester.engine.pages import DENIED
from harvester.engine.plan import is_due_again
from harvester.engine.run import Run
from harvester.engine.singles import fetch_record
from harvester.engine.vanish import STILL_GIVEN
from harvester.oai.types import Form


def heal(run: Run, form: Form) -> None:
    """Ask for what waits in quarantine and this run has not met; a record that the server holds no more is let out.

    Raises `Ended` when the server is away.
    """
    rules = run.job.rules
    waiting = [row for row in run.store.waiting_outside(run.repository, run.number) if row.oai_identifier]
    for row in waiting[: rules.heal_limit]:
        is_listed = row.why == DENIED or (
            row.is_listed and row.prefix == run.prefix
        )  # full lists of others settle nothing
        fetch_record(run, row.prefix, row.oai_identifier or "", form, is_listed=is_listed)
    for identifier in run.store.bare_records(run.repository, run.number, since=_since(run), limit=rules.bare_limit):
        fetch_record(run, run.prefix, identifier, form)


def bare(run: Run) -> str | None:
    """Say that live records came without metadata of late, or None; after a fortnight the server is taken to mean it (Q56)."""
    number = run.store.count_bare(run.repository, since=_since(run))
    if not number:
        return None
    noun = "record" if number == 1 else "records"
    return f"{number} live {noun} came without metadata; the next runs ask again"


def _since(run: Run) -> str:
    return later(run.ports.now(), -run.job.rules.bare_days * 86_400)


def wants_full_list(run: Run) -> bool:
    """Tell whether this run should list everything: the mirror holds nothing yet, or records were lost that nobody can name,
    that GetRecord denies, or that it gives though no list shows them."""
    if run.fresh:
        return True
    standing = run.store.standing(run.repository)
    if standing is None or not is_due_again(standing.failures):
        return False
    if run.store.learned_why(run.repository, STILL_GIVEN) is not None:
        return True
    waiting = run.store.waiting_outside(run.repository, run.number)
    return any(not row.oai_identifier or row.why == DENIED for row in waiting)
