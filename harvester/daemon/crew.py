"""Running tasks in child processes, and ending what stands still.

start -> messages -> report | dead | told to stop -> a grace -> killed
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from harvester.daemon.child import Broken, Message, Task, main
from harvester.engine.types import Report, Tick
from harvester.stopping import Stopping

GRACE_S = 7.0  # from the word to stop until a child is killed: with the rest of the way out it stays below ten seconds
_LOOK_S = 0.25
_LAST_S = 1.5  # for a child to leave after its report
_PRELOAD = ["harvester.daemon.child", "harvester.jobs.harvest", "harvester.jobs.verify"]


class Ending(NamedTuple):
    """How a task ended: with a report, or by `problem`; `stalled` when it stood still and was ended."""

    report: Report | None
    problem: str = ""
    stalled: bool = False
    broken: bool = False  # not the repository's fault
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Orders:
    """What the worker of a task goes by."""

    stopping: Stopping  # the daemon ends
    stall_s: float
    allowed: Callable[[], bool] = lambda: True  # the repository may still be asked at this hour
    tell: Callable[[Tick], None] = lambda tick: None
    grace_s: float = GRACE_S


class Watch(NamedTuple):
    """What is known of a running child, in seconds of one clock."""

    now: float
    last_page: float
    told_at: float | None  # when it was told to stop


def verdict(watch: Watch, *, wanted: bool, stall_s: float, grace_s: float) -> str:
    """Decide what is done with a running child: go on, stop or kill. `wanted` is False when it is to stop anyway."""
    if watch.told_at is not None:
        return "kill" if watch.now - watch.told_at >= grace_s else "go on"
    stalled = watch.now - watch.last_page >= stall_s
    return "stop" if stalled or not wanted else "go on"


def context() -> multiprocessing.context.ForkServerContext:
    """Give the way children are made: forked from a server that has only imported our modules, so no thread is copied."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(_PRELOAD)
    return made


def work(task: Task, orders: Orders) -> Ending:
    """Run a task to its end in a child process; blocks."""
    made = context()
    ours, theirs = made.Pipe()
    process = made.Process(target=main, args=(theirs, task), name=f"{task.kind} {task.source.id}")
    process.start()
    theirs.close()
    try:
        return _follow(process, ours, orders)
    finally:
        ours.close()
        process.join(_LAST_S)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _follow(process: BaseProcess, pipe: Connection, orders: Orders) -> Ending:
    last_page, told_at, stalled = time.monotonic(), None, False
    pid = process.pid or 0
    while True:
        message = _next_message(process, pipe)
        if isinstance(message, Tick):
            last_page = time.monotonic()
            orders.tell(message)
        elif isinstance(message, Report):
            return Ending(message, stalled=stalled, pid=pid)
        elif isinstance(message, Broken):
            return Ending(None, message.error, broken=True, pid=pid)
        elif isinstance(message, str):
            return Ending(None, message, stalled=stalled, pid=pid)
        watch = Watch(time.monotonic(), last_page, told_at)
        wanted = orders.allowed() and not orders.stopping.is_set()
        match verdict(watch, wanted=wanted, stall_s=orders.stall_s, grace_s=orders.grace_s):
            case "stop":
                told_at, stalled = watch.now, wanted
                _tell_to_stop(pipe)
            case "kill":
                process.kill()
                process.join()
                return Ending(None, _why_killed(orders, stalled), stalled=stalled, pid=pid)


def _next_message(process: BaseProcess, pipe: Connection) -> Message | str | None:
    """Give the next message, None when there is none yet, or words when the child died without a report."""
    ready = wait([pipe, process.sentinel], timeout=_LOOK_S)
    if not ready:
        return None
    try:
        if pipe.poll(0):
            message: Message = pipe.recv()
            return message
    except (EOFError, ConnectionError):
        pass
    waiting = _last_message(process, pipe)
    if waiting is not None:
        return waiting
    process.join(1)
    code = process.exitcode
    return (
        f"the harvesting process ended by signal {-code}" if code and code < 0 else "the harvesting process ended early"
    )


def _last_message(process: BaseProcess, pipe: Connection) -> Message | None:
    """Give what a child has still said, or None once its end of the pipe is closed.

    Whoever watches it for us may die before it does: a child that still has its pipe is ended before it counts as dead.
    """
    for wait_s in (_LAST_S, GRACE_S):
        try:
            if pipe.poll(wait_s):
                message: Message = pipe.recv()
                return message
        except (EOFError, ConnectionError):
            return None
        with suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGKILL)
    return None


def _tell_to_stop(pipe: Connection) -> None:
    try:
        pipe.send("stop")
    except (BrokenPipeError, ConnectionError):
        return


def _why_killed(orders: Orders, stalled: bool) -> str:
    if stalled:
        return f"stalled: no page for {orders.stall_s:.0f} s; the run was ended"
    return "stopped in the middle of a page"
