"""The words of a run: what was asked for, what is handed in, how it may end."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from harvester.engine.pages import Unread, read_here
from harvester.net.types import Fault, Reply
from harvester.oai.dates import Granularity
from harvester.oai.page import Parse, parse
from harvester.oai.types import Request
from harvester.oai.walk import Limits
from harvester.source import Source
from mirror_db.entries import Batch, Coming


class Outcome(StrEnum):
    """How a run ended: the words of `runs.outcome`."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    DEFERRED = "deferred"
    INTERRUPTED = "interrupted"


Fetch = Callable[[Request], Reply | Fault]


class Tick(NamedTuple):
    """Progress of one list, after a page: what a progress bar or a log line needs."""

    repository: str
    list: int
    pages: int
    listed: int
    expected: int | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside, handed in: only these are ever faked."""

    fetch: Fetch
    now: Callable[[], str]  # UTC, 2026-11-23T08:34:00Z
    sleep: Callable[[float], None]  # seconds; returns early when stopping
    stopping: Callable[[], bool]
    tell: Callable[[Tick], None] = lambda tick: None
    parse: Parse = parse
    read: Callable[[Unread], Batch | Coming] = read_here
    expect: Callable[[Request], None] = lambda request: None  # it will be fetched next: may be sent already
    lane: Callable[[], AbstractContextManager["Ports"]] | None = None  # the same with a connection of its own


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked of this harvest."""

    full: bool = False
    from_: str | None = None
    until: str | None = None
    sets: tuple[str, ...] = ()
    prefix: str | None = None
    limit: int | None = None  # stop after so many records; such a run is never complete
    dry_run: bool = False
    accept_deletions: bool = False

    @property
    def is_window(self) -> bool:
        """Tell whether the user cut out a window: it moves no watermark."""
        return bool(self.from_ or self.until)

    def is_part(self, source: Source) -> bool:
        """Tell whether this can only be a part of the repository as agreed: it never makes the repository complete."""
        other_sets = bool(self.sets) and set(self.sets) != set(source.sets)
        return self.is_window or other_sets or self.prefix not in (None, source.prefixes[0])


@dataclass(frozen=True, slots=True)
class Rules:
    """The bounds of a run, from the configuration."""

    today: date
    walk: Limits = field(default_factory=Limits)
    restarts: int = 3  # of one list, when its token is lost
    content_attempts: int = 3  # asks of one page whose answer is no OAI-PMH document
    retry_wait_s: float = 0.5  # before the second of them; doubles
    size_tolerance: float = 0.001  # share of completeListSize that may be missing before the end is proven in halves
    deletion_brake: float = 0.10  # share of the live records that one full list may retire
    overlap_day_s: int = 86_400
    overlap_s: int = 300
    few_records: int = 10  # so many are asked one by one where their page fails and the server lists in no order
    suspects: int = 3  # so many where it lists by datestamp: halving further costs as much
    narrowing_requests: int = 20  # of one list, besides twice its pages, to go round what fails
    failing_in_a_row: int = 8  # lists that fail one after the other before the server is taken to be out of order
    refused_in_a_row: int = 40  # lists refused as too large one after the other; a century is halved to a second in 32
    max_windows: int = 2000  # windows that one list may be cut into within a run
    heal_limit: int = 50  # records in quarantine asked for again by one run
    bare_limit: int = 5  # records without metadata asked for again by one run
    bare_days: int = 14  # for so long after they came
    silent_changes: int = 2  # so many changes under an old datestamp, and
    silent_share: float = 0.001  # such a share of a full list, and the server's incremental lists are not trusted (Q45)
    version: str = ""


class ServerFacts(NamedTuple):
    """What planning must know of the server."""

    granularity: Granularity = Granularity.DAY
    earliest: str | None = None  # earliestDatestamp in UTC, None when absent or absurd
    selective: bool = True  # from and until are honoured
    restamps: bool = True  # what changes gets a new datestamp, so that an incremental list shows it


class Interrupted(Exception):
    """The process was asked to stop; what was committed stays."""


class Ended(Exception):
    """The run cannot go on: `outcome` and `reason` say how it ends."""

    def __init__(
        self, outcome: Outcome, reason: str, *, state: str | None = None, not_before: str | None = None
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.state = state  # blocked or deferred, where the outcome alone does not tell
        self.not_before = not_before


@dataclass(frozen=True, slots=True)
class Job:
    """One repository to harvest."""

    source: Source
    wish: Wish
    rules: Rules


class Report(NamedTuple):
    """What a run did: printed by `harvest`, one object per repository with `--json`."""

    repository: str
    name: str
    outcome: str
    reason: str | None
    state: str
    run: int | None
    pages: int = 0
    listed: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    restored: int = 0
    vanished: int = 0
    duplicates: int = 0
    quarantined: int = 0
    flags_changed: int = 0
    beside: int = 0
    requests: int = 0
    retries: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
    records: int = 0
    open_access: int = 0
    cc_by_nc: int = 0
    expected: int | None = None
    warnings: tuple[str, ...] = ()
    not_before: str | None = None
