"""What a fault is: hooks into the life of one call, in this order, each optional.

call -> arguments -> repository -> respond or the protocol -> answer -> document -> body -> sent
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from harvester.demo.model import Repository
from harvester.demo.protocol import Answer, NextToken
from harvester.demo.server import Call, Reply

if TYPE_CHECKING:
    from tests.faults.serving import Provider

LISTS = ("ListRecords", "ListIdentifiers")
SWITCHES: dict[str, tuple[str, Callable[..., "Fault"]]] = {}


class Sent(NamedTuple):
    """A reply and how it is put on the wire. `length`: a Content-Length that lies; `cut_after`: bytes of the body, then
    the connection is closed; `reset`: it is reset before a byte is sent; `drip`: bytes and the pause after each, in seconds.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    length: int | None = None
    cut_after: int | None = None
    reset: bool = False
    drip: tuple[int, float] | None = None

    def with_header(self, name: str, value: str) -> "Sent":
        """Give the same with one header set."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return self._replace(headers=(*others, (name, value)))


class Refuse(Exception):
    """An OAI error instead of an answer."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text or code


@dataclass(frozen=True)
class Moment:
    """One call as the hooks see it. `page` counts the requests of the present list from 1; 0 for other verbs."""

    server: "Provider"
    call: Call
    pairs: tuple[tuple[str, str], ...]
    number: int
    page: int

    @property
    def params(self) -> dict[str, str]:
        """Give the arguments by name."""
        return dict(self.pairs)

    @property
    def verb(self) -> str:
        """Give the verb, or nothing."""
        return self.params.get("verb", "")

    @property
    def token(self) -> str | None:
        """Give the resumptionToken sent."""
        return self.params.get("resumptionToken")


@dataclass(frozen=True)
class Fault:
    """One way to misbehave. `verbs` and `when` say at which calls."""

    name: str
    quirk: str
    verbs: tuple[str, ...] = ()  # empty: all
    when: Callable[[Moment], bool] = lambda moment: True
    call: Callable[[Moment], Reply | Sent | None] | None = None
    arguments: Callable[[Moment, list[tuple[str, str]]], list[tuple[str, str]]] | None = None
    repository: Callable[[Moment, Repository], Repository] | None = None
    respond: Callable[[Moment, Repository], Answer | None] | None = None
    answer: Callable[[Moment, Answer], Answer] | None = None
    document: Callable[[Moment, str], str] | None = None
    body: Callable[[Moment, bytes], bytes] | None = None
    sent: Callable[[Moment, Sent], Sent] | None = None
    base_query: str = ""
    tls: str = ""

    def only(
        self,
        *,
        verb: str | None = None,
        page: int | None = None,
        calls: Iterable[int] | None = None,
        times: int | None = None,
    ) -> "Fault":
        """Give the fault at these calls only: of a verb, at a page of a list, at call numbers, so many times in all."""
        numbers = None if calls is None else frozenset(calls)
        left = [times]

        def when(moment: Moment) -> bool:
            if not self.when(moment) or (page is not None and moment.page != page):
                return False
            if numbers is not None and moment.number not in numbers:
                return False
            if left[0] is None:
                return True
            left[0] -= 1
            return left[0] >= 0

        return replace(self, when=when, verbs=(verb,) if verb else self.verbs)

    def applies(self, moment: Moment) -> bool:
        """Tell whether it happens at this call; asked once per call."""
        return (not self.verbs or moment.verb in self.verbs) and self.when(moment)


def quirk(number: str) -> Callable[[Callable[..., Fault]], Callable[..., Fault]]:
    """Register a switch under its number; the fault is named after the function and its arguments."""

    def register(make: Callable[..., Fault]) -> Callable[..., Fault]:
        @functools.wraps(make)
        def named(*args: Any, **kwargs: Any) -> Fault:
            shown = ", ".join([*map(str, args), *(f"{key}={value}" for key, value in kwargs.items())])
            return replace(make(*args, **kwargs), name=f"{make.__name__}({shown})", quirk=number)

        SWITCHES[make.__name__] = (number, named)
        return named

    return register


def a_fault(**hooks: Any) -> Fault:
    """Give a fault of lists, unless `verbs` says otherwise; its name and number come from the switch."""
    return Fault("", "", **{"verbs": LISTS, **hooks})


def with_token(answer: Answer, change: Callable[[NextToken], NextToken | None]) -> Answer:
    """Give the answer with its token changed, where it has one."""
    return answer if answer.token is None else answer._replace(token=change(answer.token))
