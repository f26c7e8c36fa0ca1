"""The audit of a list whose end was seen: does what it showed agree with what the server announced and the mirror holds?

end seen -> enough? -> proven | unsure: ask again in two halves | unproven
"""

from harvester.engine.asking import TroubleKind
from harvester.engine.run import ListEnd, Run
from harvester.oai.types import Form
from harvester.oai.walk import Done
from mirror_db.ledger import List

SHORT = "less was listed than announced"
MOVED = "the list moved while it was paged"
REPEATS = "repeats_harmless"  # topic of `learned`: records are listed twice, and nothing is lacking for it
AS_NAMED = "its records were asked one by one, as the beginning of ListIdentifiers names them"


def prove(run: Run, number: int, form: Form, done: Done, *, shrunk: int = 0) -> ListEnd:
    """Judge a list whose end was seen in a well-formed answer (design rules 1 and 5; Q6, Q9, Q10, Q16)."""
    row = run.store.list(number)
    met = run.store.listed(run.number) if row.verb == "ListIdentifiers" else run.store.met_count(number)
    if done.doubts:
        return ListEnd(False, "; ".join(dict.fromkeys(done.doubts)), form)
    if run.is_beside(row.prefix):  # it need not hold every record, and nothing is retired for want of it
        return ListEnd(True, done.why, form)
    if done.empty and _should_hold(run, row):
        why = "the server lists nothing, though the mirror holds records of it; if that is right: --accept-deletions"
        return ListEnd(False, why, form)
    if done.tail_missing and (row.expected is None or trusts_no_size(run)):
        return ListEnd(False, f"{SHORT}: {done.why}, and no size was announced", form, TroubleKind.UNSURE)
    if not is_short(run, row, met):
        moved = _moved(run, row, met, shrunk)
        return ListEnd(False, moved, form, TroubleKind.UNSURE) if moved else ListEnd(True, done.why, form)
    said = f"the server announced {row.expected} records and listed {met}"
    if trusts_no_size(run):
        run.warn("size_ignored", f"{said}; its sizes are known to be wrong")
        return ListEnd(True, done.why, form)
    return ListEnd(False, f"{SHORT}: {said}", form, TroubleKind.UNSURE)


def _moved(run: Run, row: List, met: int, shrunk: int) -> str | None:
    """Say what tells that records may have slipped past the cursor while the list was paged, or give None (Q6, Q23).

    Records listed twice tell so where no size is announced that would show what is lacking, or where one shows it.
    """
    slack = met * run.job.rules.size_tolerance
    if shrunk > slack and not trusts_no_size(run):
        return f"{MOVED}: it became shorter by {shrunk}"
    again = row.got - met
    if again <= 0 or row.verb != "ListRecords" or not run.facts.selective:
        return None
    if again <= harmless_repeats(run) or run.store.middle_datestamp(row.id) is None:
        return None
    twice, size = f"{MOVED}: {again} of its records were listed twice", known_size(row, met)
    if size is None:
        return f"{twice}, and no size is known" if again > slack else None
    if row.parent is not None or size == met or trusts_no_size(run):  # a half is told by its numbers alone
        return None
    return f"{twice}, and {size - met} are lacking"


def known_size(row: List, met: int) -> int | None:
    """Give how many records the server announced; None where it said nothing, or the list that shows `met` has exceeded it."""
    return row.expected if row.expected is not None and row.expected >= met else None


def is_short(run: Run, row: List, met: int) -> bool:
    """Tell whether a list showed less than announced, by more than the tolerance; what it is known to list twice counts twice."""
    if row.expected is None or (row.got >= row.expected and 0 < row.got - met <= harmless_repeats(run)):
        return False
    return met < row.expected - row.expected * run.job.rules.size_tolerance


def harmless_repeats(run: Run) -> int:
    """Give how many records the server is known to list twice, with nothing lacking for it."""
    return int(run.store.learned(run.repository).get(REPEATS, "0"))


def trusts_no_size(run: Run) -> bool:
    """Tell whether the server's announcements of size are known to be wrong."""
    stated = run.job.source.ignore_size
    return run.store.learned(run.repository).get("size_unreliable") == "1" if stated is None else stated


def _should_hold(run: Run, row: List) -> bool:
    """Nothing in a full list, though the mirror holds live records that belong there: a server that lost its data."""
    if row.purpose not in {"full", "verify"} or row.parent is not None or run.job.wish.accept_deletions:
        return False
    return run.store.holds_live(run.repository, row.set)
