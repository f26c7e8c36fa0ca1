"""Random lives of a repository and its mirror: faults, changes, kills and stops over several runs, all drawn from one seed."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from harvester.config import load, select
from harvester.demo.model import DAY, SECONDS
from harvester.engine.types import Report, Wish
from harvester.jobs.harvest import Hooks, run
from harvester.jobs.known import known_repositories
from mirror_db import commit, leases
from tests.faults import (
    LIBRARY,
    Fault,
    Provider,
    VirtualClock,
    bad_header,
    bare_amp,
    broken_record,
    ctrl_char,
    cursor,
    dup_between_pages,
    earliest,
    empty200,
    empty_page,
    errors,
    expire_tokens_after,
    flaky,
    gzip_broken,
    gzip_twice,
    html200,
    ignore_from,
    junk_prefix,
    last,
    library,
    max_window_records,
    nrm_on_token,
    ns,
    oai_error_status,
    poison_record,
    reject_day,
    reject_seconds,
    reset_after,
    retry_after,
    same_token,
    serve,
    server_clock_skew,
    session_tokens,
    short_list,
    single_use_tokens,
    size,
    status,
    token_charset,
    token_circle,
    token_needs_prefix,
    token_pretty,
    truncate,
    truncate_document,
    until_exclusive,
    until_now_drops,
)
from tests.faults.clock import StopOrSleep

DEAD_PID = 2**22 + 1  # beyond any process number of Linux

QUICK = {"OAI_MIRROR_HTTP__TIMEOUT_SECONDS": "2", "OAI_MIRROR_HTTP__MAX_RESPONSE_SECONDS": "5"}


class Killed(BaseException):
    """The process ends here, without a word."""


@dataclass
class Life:
    """What happened so far: a line per event, for whoever reads a seed that failed."""

    seed: int
    server: Provider
    db: Path
    dice: random.Random
    told: list[str] = field(default_factory=list)
    runs: int = 0

    def harvest(self, *, kill_at: int | None = None, stop_at: int | None = None, **wish: object) -> Report | None:
        """Harvest as the command does; None for a run that was killed. Every run is another process."""
        self.runs += 1
        settings = load(environ=QUICK, folder=self.db.parent).settings
        sources = select(settings, [self.server.base_url], known=known_repositories(self.db))
        hooks = Hooks(StopOrSleep(self.server.clock))
        before = len(self.server.log)
        holder = leases.Holder("here", DEAD_PID + self.runs, "then")
        with (
            patch("harvester.jobs.harvest.utc_now", self.server.clock.text),
            patch("mirror_db.leases.this_process", lambda: holder),
            patch("socket.gethostname", lambda: "here"),
            _killing(kill_at),
            _stopping(self.server, hooks, stop_at),
        ):
            try:
                (report,) = run(settings, sources, Wish(**wish), db=self.db, jobs=1, hooks=hooks)  # type: ignore[arg-type]
            except Killed:
                self.told.append(f"run {self.runs}: killed at commit {kill_at}")
                return None
        self.told.append(
            f"run {self.runs} {wish or ''}: {report.outcome}/{report.state}, {len(self.server.log) - before} requests, "
            f"{report.reason or ''} {report.warnings[:3]}"
        )
        return report


@contextmanager
def _killing(at: int | None) -> Iterator[None]:
    """Kill the process at its n-th commit: at odd ones before it is kept, at even ones after."""
    if at is None:
        yield
        return
    real, count = commit.commit, [0]

    def killing(*args: object, **words: object) -> object:
        count[0] += 1
        if count[0] == at and at % 2:
            raise Killed
        done = real(*args, **words)  # type: ignore[arg-type]
        if count[0] == at:
            raise Killed
        return done

    with patch("mirror_db.commit.commit", killing):
        yield


@contextmanager
def _stopping(server: Provider, hooks: Hooks, at: int | None) -> Iterator[None]:
    """Ask the process to stop with its n-th request."""
    if at is None:
        yield
        return
    until = len(server.log) + at
    real = server._through

    def counting(call: object) -> object:
        if len(server.log) + 1 >= until:
            hooks.stopping.set()
        return real(call)  # type: ignore[arg-type]

    server._through = counting  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        server._through = real  # type: ignore[method-assign]


Maker = Callable[[random.Random, int], Fault]


def _one(dice: random.Random, n: int) -> str:
    return f"{LIBRARY}{dice.randint(1, n)}"


def _page(dice: random.Random) -> int:
    return dice.randint(1, 4)


FAULTS: dict[str, Maker] = {
    "bad_header": lambda d, n: bad_header(
        _one(d, n), d.choice(("no_identifier", "no_datestamp", "no_header", "white"))
    ),
    "bare_amp": lambda d, n: bare_amp(_one(d, n)),
    "broken_record": lambda d, n: broken_record(_one(d, n)),
    "ctrl_char": lambda d, n: ctrl_char(_one(d, n)),
    "cursor": lambda d, n: cursor(d.choice(("page", "id", "const"))),
    "dup_between_pages": lambda d, n: dup_between_pages(),
    "earliest": lambda d, n: earliest(d.choice(("now", "0001", "absent", "late"))),
    "empty200": lambda d, n: empty200().only(page=_page(d), times=d.randint(1, 8)),
    "empty_page": lambda d, n: empty_page(d.randint(2, 4)),
    "errors": lambda d, n: errors("InternalException").only(page=_page(d), times=d.randint(1, 9)),
    "expire_tokens_after": lambda d, n: expire_tokens_after(d.randint(1, 4), times=d.choice((1, 2, 99))),
    "flaky": lambda d, n: flaky(d.choice((0.1, 0.3, 0.5)), seed=d.randint(1, 999)),
    "gzip_broken": lambda d, n: gzip_broken(),
    "gzip_twice": lambda d, n: gzip_twice(),
    "html200": lambda d, n: html200().only(page=_page(d), times=d.randint(1, 6)),
    "ignore_from": lambda d, n: ignore_from(),
    "junk_prefix": lambda d, n: junk_prefix(d.choice(("php", "bom", "blank"))),
    "last": lambda d, n: last(d.choice(("absent", "repeat", "extra_page", "nrm"))),
    "max_window_records": lambda d, n: max_window_records(d.randint(4, 30)),
    "nrm_on_token": lambda d, n: nrm_on_token(d.randint(2, 4)),
    "ns": lambda d, n: ns(d.choice(("none", "prefixed", "1.1"))),
    "oai_error_status": lambda d, n: oai_error_status(d.choice((404, 422, 400, 500))),
    "poison_record": lambda d, n: poison_record(_one(d, n)),
    "reject_day": lambda d, n: reject_day(),
    "reject_seconds": lambda d, n: reject_seconds(),
    "reset_after": lambda d, n: reset_after(d.randint(2, 6)),
    "retry_after": lambda d, n: retry_after(d.choice(("5", "date", None, "86400", "-3"))).only(times=d.randint(1, 3)),
    "same_token": lambda d, n: same_token(d.randint(2, 4)),
    "server_clock_skew": lambda d, n: server_clock_skew(d.choice((-30, -3, 3, 30))),
    "session_tokens": lambda d, n: session_tokens(),
    "short_list": lambda d, n: short_list(d.randint(1, 4)),
    "single_use_tokens": lambda d, n: single_use_tokens(),
    "size": lambda d, n: size(d.choice((3, 50, 1000))),
    "status": lambda d, n: status(d.choice((500, 502, 503, 504, 404))).only(page=_page(d), times=d.choice((1, 4, 99))),
    "token_charset": lambda d, n: token_charset(),
    "token_circle": lambda d, n: token_circle(d.randint(2, 4)),
    "token_needs_prefix": lambda d, n: token_needs_prefix(),
    "token_pretty": lambda d, n: token_pretty(),
    "truncate": lambda d, n: truncate(d.randint(50, 900)).only(page=_page(d), times=d.choice((1, 3, 99))),
    "truncate_document": lambda d, n: truncate_document(d.random()).only(page=_page(d), times=d.choice((1, 3, 99))),
    "until_exclusive": lambda d, n: until_exclusive(),
    "until_now_drops": lambda d, n: until_now_drops(),
}


@contextmanager
def life(seed: int, folder: Path) -> Iterator[Life]:
    """Begin the life of a seed: a repository with up to three faults."""
    dice = random.Random(seed)
    n = dice.randint(3, 60)
    repository = library(n, page_size=dice.choice((5, 10, 20)), granularity=dice.choice((DAY, SECONDS)))
    names = dice.sample(sorted(FAULTS), dice.choice((0, 1, 1, 2, 3)))
    if "size" in names:  # hidden records under a wrong announcement are nowhere to be seen
        names = [name for name in names if name not in {"empty_page", "short_list", "nrm_on_token"}]
    faults = [FAULTS[name](dice, n) for name in names]
    with serve(repository, faults, clock=VirtualClock()) as server:
        one = Life(seed, server, folder / f"{seed}-{os.getpid()}.db", dice)
        one.told.append(f"{n} records, pages of {repository.page_size}, {repository.granularity}, {names}")
        yield one


def change(one: Life) -> None:
    """Let something come true in the repository."""
    dice, server = one.dice, one.server
    records = server.repository.records
    for _ in range(dice.randint(0, 4)):
        some = dice.choice(records).identifier
        match dice.choice(("edit", "delete", "undelete", "add", "move", "touch", "restamp")):
            case "edit":
                server.edit(some, f"Edited {dice.randint(1, 10**6)}")
            case "delete":
                server.delete(some)
            case "undelete":
                server.undelete(some)
            case "add":
                server.add(dice.randint(1000, 10**6))
            case "move":
                server.move(some, "even")
            case "touch":
                server.touch(some)
            case _ if dice.random() < 0.2:
                server.restamp()
    server.clock.advance(dice.choice((30, 4000, 90_000)))


def pages_of(one: Life) -> int:
    """Give how many pages the whole list has now."""
    repository = one.server.repository
    return -(-len(repository.records) // repository.page_size)
