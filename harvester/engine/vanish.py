"""Who is gone without a word: records that a proven full list no longer holds, behind a brake (design rule 5; Q19, Q21).

A list of a set speaks for the repository only together with the lists of all configured sets.
"""

from collections.abc import Sequence

from harvester.engine.lists import ListEnd, Run
from harvester.reading.record import read_record
from mirror_db.entries import Warned
from mirror_db.model import MirrorRecord


def settle(run: Run, ends: Sequence[ListEnd], numbers: Sequence[int]) -> None:
    """Retire what vanished if every list of the run was full and proven, then forget who was seen."""
    rows = [run.store.list(number) for number in numbers]
    if (
        rows
        and all(end.proven for end in ends)
        and all(row.purpose == "full" for row in rows)
        and not run.job.wish.sets
    ):
        _retire(run, numbers)
    for end, number in zip(ends, numbers, strict=True):
        if end.trouble is None:
            run.store.forget_seen(number)


def _retire(run: Run, numbers: Sequence[int]) -> None:
    gone, live = run.store.unseen(run.repository, tuple(numbers))
    if not gone:
        return
    brake = run.job.rules.deletion_brake
    if (len(gone) > live * brake or len(gone) == live) and not run.job.wish.accept_deletions:
        detail = (
            f"{len(gone)} of {live} records were not listed any more; that is more than {brake:.0%}, so none was retired. "
            "If it is right: harvest --full --accept-deletions"
        )
        run.store.warn(run.number, [Warned("deletion_brake", detail)])
        return
    records = [(number, _tombstone(run, identifier, datestamp)) for number, identifier, datestamp in gone]
    run.store.retire(run.repository, run.number, records)


def _tombstone(run: Run, identifier: str, datestamp: str | None) -> MirrorRecord:
    return read_record(
        identifier,
        datestamp,
        True,
        (),
        None,
        prefix=run.job.source.prefixes[0],
        profile=run.job.source.profile,
        today=run.job.rules.today,
    )
