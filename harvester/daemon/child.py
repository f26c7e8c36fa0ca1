"""One run in a process of its own: a wedged one can be ended, its memory goes back, and a crash stays alone.

parent --task--> child: harvest or verify -> pages and at last the report through the pipe -> parent
The child stops at a page boundary when it is told to, when SIGTERM comes, and when its parent is gone.
"""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from harvester.config import Settings
from harvester.engine.types import Report, Tick, Wish
from harvester.source import Source
from harvester.stopping import Stopping


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is to do; plain values that cross to another process."""

    settings: Settings
    source: Source
    kind: str  # harvest, full or verify
    db: Path


class Broken(NamedTuple):
    """The run could not be done, for a reason that is not the repository's: the mirror's file, or a fault of ours."""

    error: str


Message = Tick | Report | Broken


def main(pipe: Connection, task: Task) -> None:
    """Do the task; every message goes through `pipe`, and anything that comes back on it means stop."""
    stopping = Stopping()
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent tells us
    threading.Thread(target=_listen, args=(pipe, stopping), daemon=True).start()

    def send(message: Message) -> None:
        with suppress(BrokenPipeError, ConnectionError):
            pipe.send(message)

    try:
        send(_report(task, stopping, send))
    except Exception as error:
        send(Broken(f"{type(error).__name__}: {error}"))


def _report(task: Task, stopping: Stopping, send: Callable[[Message], None]) -> Report:
    """Do the task; what a verification finds missing is fetched at once."""
    from harvester.jobs import harvest, verify

    hooks = harvest.Hooks(stopping, send)
    if task.kind == "verify":
        found = verify.run(task.settings, [task.source], db=task.db, repair=True, accept_deletions=False, hooks=hooks)
        return found[0].report
    return harvest.run(task.settings, [task.source], Wish(full=task.kind == "full"), db=task.db, jobs=1, hooks=hooks)[0]


def _listen(pipe: Connection, stopping: Stopping) -> None:
    with suppress(EOFError, OSError):
        pipe.recv()
    stopping.set()
