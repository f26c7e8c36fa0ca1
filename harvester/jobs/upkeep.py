"""What keeps a mirror in good order without a harvest: embargoes by the clock, figures, the database's own upkeep."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from harvester.config import Settings
from harvester.jobs.reevaluate import reevaluate
from mirror_db import appointments, leases, outbox, repositories, runs
from mirror_db.appointments import Appointment, Standing
from mirror_db.connection import open_reader, open_writer, optimize, transaction
from mirror_db.stats import refresh
from mirror_db.store import utc_now

LAST_WAIT_S = 1.0


class Tended(NamedTuple):
    """What a round of upkeep did."""

    verdicts_changed: int
    counted: int  # repositories whose figures were counted anew
    pages_checkpointed: int
    messages_dropped: int


def tend(db: Path, settings: Settings) -> Tended:
    """Re-evaluate what the clock changed, count the figures of what changed, let SQLite analyse, and fold the write-ahead log back."""
    with closing(open_writer(db)) as conn:
        changed = reevaluate(conn, settings)
        counted = refresh(conn, utc_now())
        before = datetime.fromisoformat(utc_now()) - timedelta(days=outbox.KEPT_DAYS)
        dropped = outbox.prune(conn, before=before.strftime("%Y-%m-%dT%H:%M:%SZ"))
        optimize(conn)
        # PASSIVE never waits for a reader; TRUNCATE would hold writers up while somebody reads.
        checkpointed = int(conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[2])
    return Tended(changed, counted, max(checkpointed, 0), dropped)


def enter_all(db: Path, entries: Iterable[tuple[str, str, str, str | None]]) -> None:
    """Give every (id, name, base URL, country) a row, so that what was never harvested is seen too."""
    with closing(open_writer(db)) as conn, transaction(conn):
        for number, name, base_url, country in entries:
            repositories.enter(conn, number, name=name, base_url=base_url, country=country)


def age(db: Path, why: Callable[[str, datetime], str | None]) -> list[str]:
    """Call repositories stale where `why` says so of one and of when it was last complete; gives their ids."""
    with closing(open_reader(db)) as reader:
        last = repositories.completed(reader)
    old = {number: reason for number, at in last.items() if (reason := why(number, datetime.fromisoformat(at)))}
    if old:
        with closing(open_writer(db)) as conn, transaction(conn):
            for number, reason in old.items():
                repositories.age(conn, number, reason=reason, now=utc_now())
    return sorted(old)


def standing_of(db: Path, repository: str) -> Standing | None:
    """Give what the mirror knows of a repository."""
    with closing(open_reader(db)) as conn:
        return appointments.standing(conn, repository)


def keep_appointment(db: Path, repository: str, appointment: Appointment | None) -> None:
    """Write down what is done next with a repository; None: nothing."""
    with closing(open_writer(db)) as conn, transaction(conn):
        if appointment is None:
            appointments.cancel(conn, repository)
        else:
            appointments.appoint(conn, appointment, now=utc_now())


def clear_appointments(db: Path) -> None:
    """Forget all appointments: the daemon ends, and waits for nobody who writes for long."""
    with closing(open_writer(db)) as conn, transaction(conn, wait_s=LAST_WAIT_S):
        appointments.cancel_all(conn)


def fail_dead(db: Path, repository: str, *, pid: int, reason: str) -> None:
    """Close the run of a process that is known to be dead, and say in the repository's state why it ended."""
    me = leases.this_process()
    now = utc_now()
    with closing(open_writer(db)) as conn, transaction(conn):
        if runs.end_open(conn, repository, outcome="failed", reason=reason, now=now):
            repositories.settle(conn, repository, state="failing", reason=reason, now=now)
        leases.release(conn, repository, me._replace(pid=pid))
