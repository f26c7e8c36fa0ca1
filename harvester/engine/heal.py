"""Records that an earlier run could not have, asked for again: most servers are mended some day, most records are not restamped.

quarantine -> an identifier: GetRecord | none: a full list, ever more rarely -> read | still broken | gone
"""

from harvester.engine.plan import is_due_again
from harvester.engine.run import Run
from harvester.engine.singles import fetch_record
from harvester.oai.types import Form


def heal(run: Run, form: Form) -> None:
    """Ask for what waits in quarantine and this run has not met; a record that the server holds no more is let out.

    Raises `Ended` when the server is away.
    """
    waiting = [row for row in run.store.waiting_outside(run.repository, run.number) if row.oai_identifier]
    for row in waiting[: run.job.rules.heal_limit]:
        fetch_record(run, row.prefix, row.oai_identifier or "", form)


def wants_full_list(run: Run) -> bool:
    """Tell whether this run should list everything, because records were lost whose identifiers nobody knows."""
    standing = run.store.standing(run.repository)
    if standing is None or not is_due_again(standing.failures):
        return False
    return any(not row.oai_identifier for row in run.store.waiting_outside(run.repository, run.number))
