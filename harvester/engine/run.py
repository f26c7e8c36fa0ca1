"""One run under way: what it is for, what it works with, and what is looked at before every request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from harvester.engine.asking import Got, TroubleKind
from harvester.engine.desk import Desk
from harvester.engine.types import Ended, Interrupted, Job, Outcome, Ports, ServerFacts
from harvester.oai.types import Form
from harvester.source import is_open
from mirror_db.entries import Progress, Warned
from mirror_db.store import Store


@dataclass(slots=True)
class Spent:
    """What a run has asked so far, and what that taught of the server."""

    asks: int = 0  # requests; those that the configuration lets be sent again are not counted
    listed: int = 0  # records on the fullest page of a list
    named: int = 0  # headers on the fullest page, where identifiers were asked for beside a list
    useless: frozenset[str] = frozenset()  # ways of sending a token that did not help
    dictionaries: dict[str, bytes] = field(default_factory=dict)  # by prefix, once made: they do not change

    @property
    def fullest(self) -> int:
        """Give how many records a page of this server holds, as far as was seen."""
        return self.listed or self.named or 1


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it is for, what it works with, and its number."""

    job: Job
    ports: Ports
    store: Store
    number: int
    fresh: bool  # the mirror held nothing of the repository when the run began: nothing needs looking up
    facts: ServerFacts = ServerFacts()  # noqa: RUF009 - immutable
    spent: Spent = field(default_factory=Spent)

    @property
    def repository(self) -> str:
        """Give the repository's id."""
        return self.job.source.id

    @property
    def prefix(self) -> str:
        """Give the metadata prefix whose records are the records of this repository."""
        return self.job.source.prefixes[0]

    def no_page(self, number: int, at: str | None = None) -> Progress:
        """Give the progress of records that came outside the pages of a list, which were named at this time."""
        return Progress(number, None, pages=0, first_response_date=at)

    def is_beside(self, prefix: str) -> bool:
        """Tell whether a list in this prefix brings further forms of records, not the records themselves."""
        return prefix != (self.job.wish.prefix or self.prefix)

    def desk(self, prefix: str, set_spec: str | None = None, identifiers: Sequence[str] = ()) -> Desk:
        """Give what the reader of this run's pages must know; `identifiers` are those of the page."""
        beside = self.is_beside(prefix)
        looked_up = identifiers and (beside or not self.fresh)
        held = self.store.with_more(self.repository, prefix, identifiers) if looked_up else {}
        job = self.job
        return Desk(
            self.repository,
            self.number,
            prefix,
            job.source.profile,
            job.rules.today,
            set_spec,
            beside,
            self._dictionary(prefix),
            held,
            self.fresh and not beside,
        )

    def _dictionary(self, prefix: str) -> bytes | None:
        """Give the dictionary for raw records; asked of the store, whose turn takes a while, only until there is one."""
        found = self.spent.dictionaries.get(prefix) or self.store.dictionary(self.repository, prefix)
        if found is not None:
            self.spent.dictionaries[prefix] = found
        return found

    def warn(self, code: str, detail: str) -> None:
        """Keep a warning."""
        self.store.warn(self.number, [Warned(code, detail)])

    def pulse(self) -> None:
        """Before a request: count it, and show that the run lives. Raises `Interrupted` when it is to stop, `Ended` out of hours (Q43)."""
        if self.ports.stopping():
            raise Interrupted
        manners = self.job.source.manners
        if manners.allowed_hours and not is_open(manners.allowed_hours, _minute(self.ports.now(), manners.timezone)):
            raise Ended(Outcome.DEFERRED, "it may not be asked at this hour (allowed_hours)", state="deferred")
        self.spent.asks += 1
        if self.store.is_silent:
            self.store.beat(self.repository)


class ListEnd(NamedTuple):
    """How a list ended. `trouble` set: another window may do better, or the server is away."""

    proven: bool
    why: str
    form: Form
    trouble: TroubleKind | None = None
    code: str | None = None  # OAI error code of a final refusal, or ignores_window
    limited: bool = False  # the user's --limit was reached
    reached: str | None = (
        None  # where datestamps came in order, the last one shown: a good place to cut; "" before the first
    )


def learnt_form(run: Run, before: Form, got: Got) -> Form:
    """Give the form to go on with: a page that came only without compression teaches to ask so (Q32)."""
    why = dict(got.page.notes).get("identity_encoding") or (
        "its compressed answers cannot be read" if got.form.identity else None
    )
    if why is None or before.identity:
        return got.form
    run.store.learn(run.repository, "identity_encoding", value="1", why=why)
    return got.form._replace(identity=True)


def _minute(now: str, zone: str) -> int:
    at = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    return at.hour * 60 + at.minute
