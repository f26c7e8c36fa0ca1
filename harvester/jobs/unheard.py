"""A call over the network that nobody waits for once the work is to end: it is left to a thread of its own."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from harvester.stopping import Stopping

LOOK_EVERY_S = 0.2
GRACE_S = 2.0  # for an answer that is on its way
_T = TypeVar("_T")


class LeftBehind(Exception):
    """The work was to end before the call did; whatever it brings is lost."""


def unless_stopped(call: Callable[[], _T], stopping: Stopping) -> _T:
    """Give what `call` gives, or raise what it raises. Raises `LeftBehind` where it takes longer than there is time."""
    answers: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:
            answers.put((None, error))

    threading.Thread(target=work, name="unheard", daemon=True).start()
    grace_s = GRACE_S
    while grace_s > 0:
        try:
            got, error = answers.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            grace_s -= LOOK_EVERY_S if stopping.is_set() else 0
        else:
            if error is not None:
                raise error
            return got  # type: ignore[return-value]  # there was no error: it is what the call gave
    raise LeftBehind
