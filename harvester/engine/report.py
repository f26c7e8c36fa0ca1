"""The report of a run: its row, the state of its repository and what the mirror now holds, as one value."""

from harvester.engine.outcome import Verdict
from harvester.engine.run import Run
from harvester.engine.types import Report

_OWN = frozenset({"repository", "name", "outcome", "reason", "state", "run", "warnings", "not_before", "seconds"})


def report_of(run: Run, verdict: Verdict, row: dict[str, object], seconds: float) -> Report:
    """Give the report of a run that has ended; `row` is its row of `runs`."""
    store, source = run.store, run.job.source
    standing = store.standing(source.id)
    report = Report(
        source.id,
        source.name,
        verdict.outcome,
        verdict.reason,
        standing.state if standing else "never",
        run.number,
        seconds=round(seconds, 3),
        expected=store.expected_of(run.number),
        warnings=store.warnings(run.number),
        not_before=standing.not_before if standing else None,
    )
    counted = {name: row[name] for name in Report._fields if name in row and name not in _OWN}
    return report._replace(**counted, **store.figures(source.id))  # type: ignore[arg-type]
