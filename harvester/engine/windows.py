"""Lists that cannot be had whole: cut into windows of time, down to single records.

walk -> trouble -> few records left? ask each one  |  cut the window in two, walk both  |  give up, say so

Covers Q11 (halve the window), Q33 (a page that always fails) and Q34 (a list refused as too large).
"""

from harvester.engine.asking import Trouble, TroubleKind, ask_page
from harvester.engine.lists import ListEnd, Run, desk_of, walk_list
from harvester.engine.pages import missing_record, read_page
from harvester.engine.types import Interrupted
from harvester.net.types import Reply
from harvester.oai.client import Answer
from harvester.oai.dates import halve
from harvester.oai.types import Ask, Form
from harvester.oai.walk import Done, More, begin, step
from mirror_db.entries import Batch, Warned
from mirror_db.ledger import List, NewList

MAX_DEPTH = 48  # halvings: from centuries down to a second takes 33


def harvest_list(run: Run, number: int, form: Form, *, depth: int = 0) -> ListEnd:
    """Walk a list to its end by whatever way the server allows, and close its row in the ledger."""
    windows = run.store.children(number)
    if windows:
        end = _walk_windows(run, windows, form, depth)
    else:
        end = walk_list(run, number, form)
        if end.trouble in (TroubleKind.PAGE, TroubleKind.TOO_LARGE) and not run.job.wish.dry_run:
            end = _work_around(run, number, end, depth)
    if end.trouble is not TroubleKind.SERVER and not end.limited:
        run.store.end_list(number, ended=end.why, proven=end.proven)
    return end


def _work_around(run: Run, number: int, end: ListEnd, depth: int) -> ListEnd:
    row = run.store.list(number)
    run.store.warn(run.number, [Warned("list_broken", f"{end.why}; asking for less")])
    if end.trouble is TroubleKind.PAGE:
        single = _ask_each(run, row, end)
        if single is not None:
            return single
    windows = _cut(run, row, depth)
    return _walk_windows(run, windows, end.form, depth) if windows else end


def _cut(run: Run, row: List, depth: int) -> tuple[List, ...]:
    """Enter the two halves of a window; none when it cannot be cut further."""
    if depth >= MAX_DEPTH or row.verb != "ListRecords":
        return ()
    facts = run.facts
    halves = halve(row.from_, row.until, facts.granularity, floor=facts.earliest, ceiling=run.ports.now())
    if halves is None:
        return ()
    for from_, until in halves:
        new = NewList(row.verb, row.purpose, row.prefix, row.set, from_, until, row.id)
        run.store.open_list(run.repository, run.number, new)
    return run.store.children(row.id)


def _walk_windows(run: Run, windows: tuple[List, ...], form: Form, depth: int) -> ListEnd:
    failed = []
    for window in windows:
        if window.ended_at is not None:
            end = ListEnd(bool(window.proven), window.ended or "", form)
        else:
            end = harvest_list(run, window.id, form, depth=depth + 1)
        form = end.form
        if end.trouble is TroubleKind.SERVER or end.limited:
            return end
        if not end.proven:
            failed.append(end.why)
    if failed:
        return ListEnd(False, failed[0], form)
    return ListEnd(True, f"asked in {len(windows)} windows, all of them to their end", form)


def _ask_each(run: Run, row: List, end: ListEnd) -> ListEnd | None:
    """List the identifiers of the window and ask for each missing record; None when there are too many."""
    identifiers = _identifiers(run, row, end.form)
    if identifiers is None:
        return None
    met = run.store.met(run.repository, row.id)
    missing = [identifier for identifier in identifiers if identifier not in met]
    if len(missing) > run.job.rules.get_record_limit:
        return None
    lost = sum(not _get_record(run, row, identifier, end.form) for identifier in missing)
    why = f"{end.why}; {len(missing)} records asked one by one, {lost} of them cannot be had"
    return ListEnd(True, why, end.form)


def _identifiers(run: Run, row: List, form: Form) -> list[str] | None:
    """Give the identifiers that ListIdentifiers names, or None when that list breaks too or grows too long."""
    walk = begin(Ask("ListIdentifiers", row.prefix, row.set, row.from_, row.until, None, None))
    found: list[str] = []
    while len(found) <= row.got + 10 * run.job.rules.get_record_limit:
        if run.ports.stopping():
            raise Interrupted
        got = ask_page(walk.ask, form, run.ports, run.job.rules)
        if isinstance(got, Trouble):
            return None
        found += [item.identifier for item in got.page.items if item.identifier]
        match step(walk, got.page, run.job.rules.walk):
            case More(walk):
                continue
            case Done(_, (), _, False):
                return list(dict.fromkeys(found))
            case _:
                return None
    return None


def _get_record(run: Run, row: List, identifier: str, form: Form) -> bool:
    """Ask for one record and commit it, or its quarantine row; tells whether it was had."""
    if run.ports.stopping():
        raise Interrupted
    desk = desk_of(run, row.prefix)
    place = f"GetRecord {identifier}"
    got = ask_page(Ask("GetRecord", row.prefix, None, None, None, None, identifier), form, run.ports, run.job.rules)
    if isinstance(got, Answer) and any(item.identifier == identifier for item in got.page.items):
        known = run.store.known(run.repository, row.prefix, [identifier])
        run.store.commit(read_page(got.page, desk, known, place=place, progress=run.no_page(row.id)))
        return True
    why = got.why if isinstance(got, Trouble) else _errors(got)
    missing = missing_record(identifier, desk, place=place, detail=why)
    run.store.commit(
        Batch(
            run.repository,
            run.number,
            row.prefix,
            quarantined=(missing,),
            progress=run.no_page(row.id),
            track_seen=True,
        )
    )
    return False


def _errors(got: Answer[Reply]) -> str:
    said = "; ".join(f"{error.code}: {error.text}" for error in got.page.errors)
    return said or "the answer holds another record than the one asked for"
