"""A call over the network, no request of a harvest, that nobody waits for once the work is to end."""

from collections.abc import Callable
from typing import Any, TypeVar

from harvester.jobs.prompt import Prompt
from harvester.oai.types import Request
from harvester.stopping import Stopping

_ALONE = Request(())  # what is asked is known to the call alone
_T = TypeVar("_T")


class LeftBehind(Exception):
    """The work was to end before the call did; whatever it brings is lost."""


def unless_stopped(call: Callable[[], _T], stopping: Stopping) -> _T:
    """Give what `call` gives, or raise what it raises. Raises `LeftBehind` where it takes longer than there is time."""
    fetch: Any = lambda request: call()  # noqa: E731 - a prompt hands on whatever its sender gives
    prompt = Prompt(fetch, stopping)
    try:
        got: Any = prompt.fetch(_ALONE)
    finally:
        prompt.close()
    if prompt.is_left_behind:
        raise LeftBehind
    answer: _T = got
    return answer
