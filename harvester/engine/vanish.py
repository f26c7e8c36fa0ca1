"""Who is gone without a word: records that a proven full list no longer holds, behind a brake (design rule 5; Q19, Q21).

A list of a set speaks for the repository only together with the lists of all configured sets.
"""

from collections.abc import Sequence

from harvester.engine.run import ListEnd, Run
from harvester.engine.singles import is_given
from harvester.oai.types import Form
from mirror_db.model import MirrorRecord
from mirror_db.runs import MAX_WARNINGS_OF_A_CODE

UNCONFIRMED = (
    "unconfirmed_deletions"  # topic of `learned`: what the brake held back, until a list or the operator settles it
)

STILL_GIVEN = "still_given"  # topic of `learned`: what a list did not show, though it is there, until a list shows it

UNREPAIRED = "unrepaired_differences"  # topic of `learned`: what a verification found, until it is repaired or relisted

DOUBTS = (UNCONFIRMED, STILL_GIVEN, UNREPAIRED)


def settle(run: Run, ends: Sequence[ListEnd], numbers: Sequence[int]) -> None:
    """Retire what vanished if every set was listed whole and all lists of the run are proven, then forget who was seen in lists that ended."""
    rows = [run.store.list(number) for number in numbers]
    listed_whole = {row.set for row in rows if row.purpose == "full"}
    purposes = {row.purpose for row in rows}
    whole = bool(rows) and all(end.proven for end in ends) and purposes <= {"full", "incremental"}
    whole = whole and all(row.set in listed_whole for row in rows)
    if whole and not run.job.wish.is_part(run.job.source):
        run.store.resolve_unlisted(run.repository, run.prefix, numbers)
        run.store.forget(run.repository, UNREPAIRED)
        if run.job.source.deletions == "sweep":
            _retire(run, numbers, ends[-1].form)
        _learn_restamping(run)
    for row in rows:
        if row.ended_at is not None:
            run.store.forget_seen(row.id)


def _learn_restamping(run: Run) -> None:
    """A full list that shows changes under old datestamps tells that incremental lists miss them (Q45)."""
    rules, listed = run.job.rules, int(str(run.store.counters(run.number)["listed"]))
    silent = run.store.count_warnings(run.number, "silent_change")
    if silent >= rules.silent_changes and silent >= min(listed * rules.silent_share, MAX_WARNINGS_OF_A_CODE):
        why = "records changed without a new datestamp: from now on everything is listed and compared"
        run.store.learn(run.repository, "datestamps", value="unreliable", why=why)
        run.warn("datestamps_unreliable", why)


def _retire(run: Run, numbers: Sequence[int], form: Form) -> None:
    gone, live = run.store.unseen(run.repository, tuple(numbers))
    if not gone:
        run.store.forget(run.repository, UNCONFIRMED)
        run.store.forget(run.repository, STILL_GIVEN)
        return
    retire(run, gone, live, form)


def retire(run: Run, gone: Sequence[tuple[int, str, str | None]], live: int, form: Form) -> bool:
    """Mark records as vanished, unless they are too many of the live ones and nobody said that this is right.

    Some of them are asked for first: a list that moved, or hides what it should show, is told by a record that is there.
    """
    brake = run.job.rules.deletion_brake
    if (len(gone) > live * brake or len(gone) == live) and not run.job.wish.accept_deletions:
        why = (
            f"{len(gone)} of {live} records are not listed any more; that is more than {brake:.0%}, so none was retired. "
            "If it is right: harvest --full --accept-deletions"
        )
        run.store.learn(run.repository, UNCONFIRMED, value=str(len(gone)), why=why)
        run.warn("deletion_brake", why)
        return False
    given = () if run.job.wish.accept_deletions else _given(run, gone, form)
    if given:
        few = len(gone) <= run.job.rules.few_records  # each of them was asked for
        mark(run, [one for one in gone if one not in given] if few else [])
        kept = (
            f"{len(given)} of them, and those are kept"
            if few
            else f"{len(given)} of some that were asked for; all are kept"
        )
        why = (
            f"{len(gone)} of {live} records are not listed any more, but the server still gives {kept}: {given[0][1]}. "
            "If they are to go: harvest --full --accept-deletions"
        )
        run.store.learn(run.repository, STILL_GIVEN, value=str(len(given)), why=why)
        run.store.forget(run.repository, UNCONFIRMED)
        run.warn("still_given", why)
        return False
    mark(run, gone)
    run.store.forget(run.repository, UNCONFIRMED)
    run.store.forget(run.repository, STILL_GIVEN)
    return True


def _given(
    run: Run, gone: Sequence[tuple[int, str, str | None]], form: Form
) -> tuple[tuple[int, str, str | None], ...]:
    """Give those of a few records, spread over all, that the server still gives; one that answers nobody is not asked on."""
    few = run.job.rules.few_records
    asked = gone if len(gone) <= few else [gone[at * len(gone) // few] for at in range(few)]
    found = []
    for one in asked:
        match is_given(run, run.prefix, one[1], form):
            case True:
                found.append(one)
            case None:
                break
    return tuple(found)


def mark(run: Run, gone: Sequence[tuple[int, str, str | None]]) -> None:
    """Mark records as vanished."""
    records = [(number, _tombstone(run, identifier, datestamp)) for number, identifier, datestamp in gone]
    run.store.retire(run.repository, run.number, records)


def _tombstone(run: Run, identifier: str, datestamp: str | None) -> MirrorRecord:
    from harvester.reading.record import read_record  # imported only where something is read

    return read_record(
        identifier,
        datestamp,
        True,
        (),
        None,
        prefix=run.prefix,
        profile=run.job.source.profile,
        today=run.job.rules.today,
    )
