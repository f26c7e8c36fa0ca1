"""The word that ends a run: heard in every sleep, and never in its own way."""

import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from harvester.stopping import Stopping

ROOT = Path(__file__).parents[2]
# A signal's handler runs between two steps of what its own thread does: here between each two of a wait.
BETWEEN_ALL_STEPS = """
    import sys
    from harvester.stopping import Stopping

    def said_before(step, timeout):
        stopping, left = Stopping(), step

        def tracing(frame, event, arg):
            nonlocal left
            frame.f_trace_opcodes = True
            left -= event == "opcode"
            if event == "opcode" and left == 0:
                stopping.set()
            return tracing

        sys.settrace(tracing)
        stopping.wait(timeout)
        sys.settrace(None)
        assert left > 0 or (stopping.is_set() and stopping.wait(20)), step
        return left <= 0

    print([next(step for step in range(1, 1000) if not said_before(step, timeout)) > 20 for timeout in (0, 0.001)])
"""
BY_SIGNALS = """
    import signal
    from harvester.stopping import Stopping

    for turn in range(1000):
        stopping = Stopping()
        signal.signal(signal.SIGALRM, lambda number, frame: stopping.set())
        signal.setitimer(signal.ITIMER_REAL, 0.00002 + turn % 50 * 0.000002)
        while not stopping.wait(0.00001):
            pass
    print("all heard")
"""


@pytest.mark.parametrize(
    ("program", "says"), [(BETWEEN_ALL_STEPS, "[True, True]"), (BY_SIGNALS, "all heard")], ids=["steps", "signals"]
)
def test_a_handler_may_say_it_whatever_its_thread_was_doing(program: str, says: str) -> None:
    """`threading.Event` hangs for ever in either: a process that ends itself keeps that from the tests."""
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout.strip(), ended.stderr) == (says, "")


def test_everybody_who_sleeps_is_woken_at_once() -> None:
    """However many wait; whoever comes later does not wait, and it may be said again."""
    stopping = Stopping()
    heard: list[bool] = []
    sleepers = [threading.Thread(target=lambda: heard.append(stopping.wait(30))) for _ in range(8)]
    for sleeper in sleepers:
        sleeper.start()
    began = time.monotonic()
    stopping.set()
    stopping.set()
    for sleeper in sleepers:
        sleeper.join(30)
    assert (heard, stopping.wait(30), stopping.wait(), time.monotonic() - began < 10) == ([True] * 8, True, True, True)


@pytest.mark.parametrize("timeout", [-1, 0, 0.01])
def test_a_sleep_that_nobody_ends_takes_its_time(timeout: float) -> None:
    """It says that nothing was said; a time that is over is not waited for."""
    stopping = Stopping()
    began = time.monotonic()
    assert (stopping.wait(timeout), stopping.is_set(), time.monotonic() - began >= timeout) == (False, False, True)
