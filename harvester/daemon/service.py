"""The daemon: asks `due` who is next, lets APScheduler keep the appointments, and gives each to the crew.

appointment -> child process -> report -> log, figures, news -> decide -> next appointment
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from harvester.config import Settings
from harvester.daemon.agreements import Charge, charges_of, past_of
from harvester.daemon.child import Task
from harvester.daemon.crew import GRACE_S, Ending, Orders, work
from harvester.daemon.due import Next, decide, held_back
from harvester.daemon.hours import is_allowed
from harvester.daemon.logs import log
from harvester.daemon.metrics import Metrics
from harvester.daemon.rounds import Rounds
from harvester.daemon.staleness import longest_silence, why_stale
from harvester.engine.types import Tick
from harvester.jobs import upkeep
from harvester.stopping import Stopping
from mirror_db.appointments import Appointment
from mirror_db.errors import MirrorError

SETBACK_S = 2.0  # the first wait after a run that could not be done at all; doubles
LONGEST_SETBACK_S = 300.0


class Daemon:
    """One mirror's scheduler. `start`, then `reload` as often as wanted, then `stop`."""

    def __init__(self, settings: Settings, db: Path) -> None:
        self.settings = self.started_with = settings
        self.db = db
        self.stopping = Stopping()
        self.metrics = Metrics(db, self._queued)
        self.rounds = Rounds(self)
        self._charges: dict[str, Charge] = {}
        self._running: dict[str, str] = {}  # repository -> kind
        self._next: dict[str, datetime] = {}
        # Hosts that are being asked, each with the appointments that wait for it: repository, kind, instant.
        self._hosts: dict[str, list[tuple[str, str, datetime]]] = {}
        self._busy = 0  # workers that run or settle an appointment
        self._setbacks: dict[str, int] = {}  # times in a row that a run could not be done at all
        self._lock = threading.RLock()
        self._awake_since = datetime.now(UTC)
        self.scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={
                "harvest": ThreadPoolExecutor(settings.schedule.max_parallel_repositories),
                "rounds": ThreadPoolExecutor(1),
                "watch": ThreadPoolExecutor(1),
                "enrich": ThreadPoolExecutor(1),  # it may take hours, and nothing else waits for it
            },
            # A time that was missed is kept, however late, and once, however many were missed.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Enter the repositories, make every appointment, and begin."""
        self._enter(charges := self._charges_of(self.settings))
        self._take_charge(self.settings, charges)
        self.rounds.schedule()
        self.rounds.tend_soon()
        self.scheduler.start()

    def reload(self, settings: Settings) -> tuple[list[str], list[str]]:
        """Take other settings: gives the ids of repositories that came and of those that went.

        Raises a `MirrorError`, and changes nothing, where the new repositories cannot be written down. What runs goes on as it began, beside the new number of places. The database and the address of the metrics stay.
        """
        before, places_before = set(self._charges), self.settings.schedule.max_parallel_repositories
        self._enter(charges := self._charges_of(settings))
        places = settings.schedule.max_parallel_repositories
        if places != places_before:
            self.scheduler.remove_executor("harvest", shutdown=False)
            self.scheduler.add_executor(ThreadPoolExecutor(places), "harvest")
        self._take_charge(settings, charges)
        self.rounds.schedule()
        gone = sorted(before - set(self._charges))
        for repository in gone:
            try:
                self._drop(repository)
            except MirrorError as error:
                log(logging.WARNING, "an appointment could not be struck out", repository=repository, error=str(error))
        return sorted(set(self._charges) - before), gone

    def stop(self) -> None:
        """End: children stop at a page boundary, or are killed after their grace; the next start goes on from there."""
        self.stopping.set()
        self.scheduler.shutdown(wait=False)
        deadline = time.monotonic() + GRACE_S + 1
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            upkeep.clear_appointments(self.db)
        except MirrorError as error:
            log(logging.WARNING, "the mirror cannot be written", error=str(error))

    @property
    def running(self) -> dict[str, str]:
        """Give what runs now: kinds by repository."""
        with self._lock:
            return dict(self._running)

    @property
    def expected_failures(self) -> dict[str, int]:
        """Give the failures that are no news, by repository."""
        return {number: charge.source.expected_failures for number, charge in self._charges.items()}

    def why_stale(self, repository: str, last: datetime) -> str | None:
        """Say why a repository is stale; one that runs, or had no chance yet since the daemon began, is not."""
        charge = self._charges.get(repository)
        now = datetime.now(UTC)
        if charge is None or repository in self.running or now - self._awake_since < charge.agreement.period:
            return None
        return why_stale(last, now, longest_silence(charge.agreement))

    def _queued(self) -> int:
        """Count what is due and waits for a free place."""
        now = datetime.now(UTC)
        with self._lock:
            return sum(at <= now and number not in self._running for number, at in self._next.items())

    def _charges_of(self, settings: Settings) -> dict[str, Charge]:
        return dict(charges_of(settings, f"{socket.gethostname()}:{self.db}"))

    def _enter(self, charges: Mapping[str, Charge]) -> None:
        sources = [charge.source for charge in charges.values()]
        upkeep.enter_all(self.db, ((one.id, one.name, one.base_url, one.country) for one in sources))

    def _take_charge(self, settings: Settings, charges: dict[str, Charge]) -> None:
        with self._lock:
            self.settings, self._charges = settings, charges
            idle = [number for number in charges if number not in self._running]
        for repository in idle:
            try:
                self._appoint(repository)
            except MirrorError as error:  # the appointment is made; that nobody else can see it is all that is lacking
                log(logging.ERROR, "the next run could not be written down", repository=repository, error=str(error))

    def _drop(self, repository: str) -> None:
        job = self.scheduler.get_job(repository)
        if job is not None:
            job.remove()
        self._next.pop(repository, None)
        upkeep.keep_appointment(self.db, repository, None)
        self.metrics.forget(repository)

    def _appoint(self, repository: str, *, held: Callable[[Next | None], Next | None] = lambda found: found) -> None:
        """Decide what is next for a repository, and see to it."""
        charge = self._charges.get(repository)
        if charge is None or self.stopping.is_set():
            return
        now = datetime.now(UTC)
        past = past_of(upkeep.standing_of(self.db, repository), now)
        following = held(decide(charge.agreement, past, now, awake_since=self._awake_since))
        if following is None:
            upkeep.keep_appointment(self.db, repository, None)
            log(logging.WARNING, "no next run: its cron line never comes", repository=repository)
            return
        self._next[repository] = following.at
        self._add(repository, following.kind, following.at, following.at)
        at = following.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        upkeep.keep_appointment(self.db, repository, Appointment(repository, at, following.kind, following.reason))
        log(logging.DEBUG, "next", repository=repository, next_at=at, kind=following.kind, reason=following.reason)

    def _keep(self, repository: str, kind: str, at: datetime) -> None:
        """Keep the appointment of `at`: run it, tell how it ended, make the next one whatever happened.

        One that was replaced since, as by new settings, is not kept, however long it waited for a place.
        """
        with self._lock:
            charge = self._charges.get(repository)
            is_off = self.stopping.is_set() or repository in self._running or self._next.get(repository) != at
            if charge is None or is_off:
                return
            host = urlsplit(charge.source.base_url).netloc
            has_turn = host not in self._hosts
            if not has_turn:  # one host is asked by one run at a time; the place goes to another repository
                self._hosts[host].append((repository, kind, at))
                return
            self._running[repository] = kind
            self._hosts[host] = []
            self._busy += 1
        try:
            started = time.monotonic()
            ending = self._run(charge, kind)
            self._after(repository, kind, ending, seconds=time.monotonic() - started)
        finally:
            with self._lock:
                self._busy -= 1
                for one in self._hosts.pop(host):
                    if self._next.get(one[0]) == one[2]:  # it was not replaced while it waited
                        self._add(*one, datetime.now(UTC))

    def _add(self, repository: str, kind: str, at: datetime, when: datetime) -> None:
        self.scheduler.add_job(
            self._keep,
            DateTrigger(when),
            args=(repository, kind, at),
            id=repository,
            executor="harvest",
            replace_existing=True,
            # The next appointment is made in the last moments of the run before: APScheduler would skip one that falls
            # due within them. `_keep` sees to it that a repository is never harvested twice at a time.
            max_instances=2,
        )

    def _run(self, charge: Charge, kind: str) -> Ending:
        self.metrics.running.inc()
        try:
            return work(Task(self.settings, charge.source, kind, self.db), self._orders(charge))
        except Exception as error:
            return Ending(None, f"{type(error).__name__}: {error}", broken=True)
        finally:
            self.metrics.running.dec()

    def _orders(self, charge: Charge) -> Orders:
        agreed = charge.agreement
        last = time.monotonic()

        def tell(tick: Tick) -> None:
            nonlocal last
            now = time.monotonic()
            self.metrics.page(tick, now - last)
            fields = {"list": tick.list, "page": tick.pages, "listed": tick.listed, "of": tick.expected}
            log(logging.DEBUG, "page", repository=tick.repository, seconds=round(now - last, 3), **fields)
            last = now

        return Orders(
            self.stopping,
            float(self.settings.schedule.stall_seconds),
            lambda: is_allowed(datetime.now(UTC), agreed.hours, agreed.zone),
            tell,
            GRACE_S,
        )

    def _after(self, repository: str, kind: str, ending: Ending, *, seconds: float) -> None:
        try:
            self._settle(repository, kind, ending, seconds=seconds)
        except Exception as error:  # the next appointment must be made, whatever is wrong with this one
            log(
                logging.ERROR,
                "a run could not be settled",
                repository=repository,
                error=f"{type(error).__name__}: {error}",
            )
        with self._lock:  # until here: what is settled is this run, and no later one
            self._running.pop(repository, None)
        wait = self._setback(repository, ending)
        until = datetime.now(UTC) + wait
        why = ending.problem or (ending.report.reason if ending.report else None) or ""
        try:
            self._appoint(repository, held=lambda found: held_back(found, until, why) if wait else found)
        except Exception as error:
            log(logging.ERROR, "the next run could not be written down", repository=repository, error=str(error))
            self._next[repository] = at = until + timedelta(seconds=LONGEST_SETBACK_S)
            self._add(repository, "harvest", at, at)
        if not self.stopping.is_set():
            self.rounds.tell_people()

    def _settle(self, repository: str, kind: str, ending: Ending, *, seconds: float) -> None:
        report = ending.report
        if ending.stalled or (report is None and not ending.broken and not self.stopping.is_set()):
            stall_s = self.settings.schedule.stall_seconds
            reason = f"stalled: no page for {stall_s} s; the run was ended" if ending.stalled else ending.problem
            upkeep.fail_dead(self.db, repository, pid=ending.pid, reason=reason)
            outcome, why = "failed", reason
        elif report is None:
            outcome, why = "broken" if ending.broken else "interrupted", ending.problem
        else:
            outcome, why = report.outcome, report.reason or ""
        self.metrics.ran(repository, kind, outcome, report)
        level = logging.INFO if outcome in {"complete", "interrupted", "deferred", "held"} else logging.WARNING
        counted = {}
        if report is not None:
            names = (
                "pages",
                "listed",
                "created",
                "updated",
                "unchanged",
                "deleted",
                "quarantined",
                "requests",
                "records",
            )
            counted = {name: getattr(report, name) for name in names}
        log(level, "run", repository=repository, kind=kind, outcome=outcome, reason=why or None,
            seconds=round(seconds, 2), **counted)  # fmt: skip

    def _setback(self, repository: str, ending: Ending) -> timedelta:
        """Give how long to hold back after a run that could not be done: held by another process, or broken."""
        held = ending.report is not None and ending.report.outcome == "held"
        if not held and not ending.broken:
            self._setbacks.pop(repository, None)
            return timedelta()
        times = self._setbacks[repository] = self._setbacks.get(repository, 0) + 1
        return timedelta(seconds=min(SETBACK_S * (1 << min(times - 1, 20)), LONGEST_SETBACK_S))
