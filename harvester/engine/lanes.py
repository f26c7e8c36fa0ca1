"""Windows of one list walked side by side, for a repository that allows it and is slow to answer.

agreed, and the list is new? -> cut by time -> are from and until honoured? ask one window for its headers -> a lane each

Lanes only hurry the walk along: what one of them does not bring to a proven end stays open in the ledger, the others stop at
their next page, and the windows that are open are walked one after the other as ever.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from queue import Empty, SimpleQueue

from harvester.engine.asking import Got, ask_page
from harvester.engine.cutting import Window, slices
from harvester.engine.keeping import lies_outside
from harvester.engine.lists import walk_list
from harvester.engine.run import Run
from harvester.engine.types import Interrupted
from harvester.oai.types import Ask, Form
from mirror_db.ledger import List

HONOURED = "window_honoured"  # topic of `learned`: from and until were seen to work
WINDOWS_A_LANE = 4  # records crowd in time: more windows than lanes, so that none waits long for the last


def wanted(run: Run) -> int:
    """Give how many lists of this run may be walked at the same time."""
    at_once = run.job.source.manners.at_once
    return at_once if run.ports.lane and run.facts.selective and run.job.wish.limit is None else 1


def parts_for(run: Run, row: List, form: Form) -> Sequence[Window]:
    """Give the windows to cut a new list of records into; none where lanes are not wanted, or not proven to be safe."""
    start = row.from_ or run.facts.earliest
    if wanted(run) < 2 or row.verb != "ListRecords" or start is None:
        return ()
    now = run.ports.now()
    span = datetime.fromisoformat((row.until or now)[:10]) - datetime.fromisoformat(start[:10])
    days = max(1, span.days // (wanted(run) * WINDOWS_A_LANE) + 1)
    windows = slices(Window(row.from_, row.until), days, run.facts, now)
    return windows if len(windows) > 1 and _are_honoured(run, row, windows, form) else ()


def _are_honoured(run: Run, row: List, windows: Sequence[Window], form: Form) -> bool:
    """Tell whether a window that holds records was answered with those alone."""
    if HONOURED in run.store.learned(run.repository):
        return True
    for window in (windows[-1], windows[len(windows) // 2], windows[1]):  # until one holds some
        run.pulse()
        ask = Ask("ListIdentifiers", row.prefix, row.set, window.from_, window.until)
        got = ask_page(ask, form, run.ports, run.job.rules)
        if not isinstance(got, Got):
            return False
        if not got.page.items:
            continue
        if lies_outside(got.page, row._replace(from_=window.from_, until=window.until)):
            return False
        run.store.learn(run.repository, HONOURED, value="1", why="a window was answered with its own records alone")
        return True
    return False


def walk(run: Run, leaves: Sequence[List], form: Form) -> None:
    """Walk windows side by side as far as all goes well. Raises what ends the run: `Ended`, `Interrupted`, `MirrorError`."""
    waiting: SimpleQueue[List] = SimpleQueue()
    for leaf in leaves:
        waiting.put(leaf)
    halt = threading.Event()
    lanes = min(wanted(run), len(leaves))
    with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
        for done in [pool.submit(_lane, run, waiting, form, halt) for _ in range(lanes)]:
            done.result()


def _lane(run: Run, waiting: "SimpleQueue[List]", form: Form, halt: threading.Event) -> None:
    try:
        assert run.ports.lane is not None
        with run.ports.lane() as ports:
            own = replace(run, ports=replace(ports, stopping=lambda: halt.is_set() or ports.stopping()))
            while not halt.is_set() and (leaf := _next(waiting)) is not None:
                end = walk_list(own, leaf, form)
                if end.trouble is not None or not end.proven:
                    halt.set()
                    return
                run.store.end_list(leaf.id, ended=end.why, proven=True)
                form = end.form
    except Interrupted:
        if run.ports.stopping():
            raise
    except BaseException:
        halt.set()
        raise


def _next(waiting: "SimpleQueue[List]") -> List | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None
