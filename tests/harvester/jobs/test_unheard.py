"""A call that nobody waits for once the work is to end."""

import threading
import time

import pytest

from harvester.jobs import prompt
from harvester.jobs.unheard import LeftBehind, unless_stopped
from harvester.stopping import Stopping


def _fail() -> None:
    raise ZeroDivisionError


def test_it_gives_what_the_call_gives_or_raises() -> None:
    """As if it had been called."""
    assert unless_stopped(lambda: 7, Stopping()) == 7
    assert unless_stopped(lambda: None, Stopping()) is None
    with pytest.raises(ZeroDivisionError):
        unless_stopped(_fail, Stopping())


def test_the_word_to_stop_ends_the_waiting_after_a_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer on its way is taken; what takes longer is left behind."""
    monkeypatch.setattr(prompt, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(prompt, "GRACE_S", 5.0)
    stopping, held = Stopping(), threading.Event()
    stopping.set()
    threading.Timer(0.1, held.set).start()
    assert unless_stopped(lambda: held.wait(30), stopping)
    monkeypatch.setattr(prompt, "GRACE_S", 0.1)
    held.clear()
    began = time.monotonic()
    with pytest.raises(LeftBehind):
        unless_stopped(lambda: held.wait(30), stopping)
    assert time.monotonic() - began < 15
    held.set()
