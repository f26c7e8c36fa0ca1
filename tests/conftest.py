"""What all tests share: a misbehaving provider on the loopback."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from tests.faults import Provider, serve

settings.register_profile("patient", deadline=None)  # what else the machine does is no fault of a rule's
settings.load_profile("patient")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Give one worker more than there are cores: a third of the tests' time is waiting for servers and clocks."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def provider() -> Iterator[Callable[..., Provider]]:
    """Give `serve` without its block: what it starts is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(serve(*args, **kwargs))
