"""What the daemon does besides harvesting: embargoes at midnight, figures, upkeep, messages, the watchdog."""

import logging
import os
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from harvester.config.cron import read_cron
from harvester.daemon.life import Systemd, watchdog_every_s
from harvester.daemon.logs import log
from harvester.jobs import notify, upkeep
from mirror_db.connection import open_writer
from mirror_db.errors import MirrorError

if TYPE_CHECKING:
    from harvester.daemon.service import Daemon

TEND = CronTrigger(hour="0", minute="1", timezone=UTC)  # access is judged by the day in UTC
DELIVER_EVERY = timedelta(minutes=1)
AGE_EVERY = timedelta(minutes=1)
BEAT_EVERY = timedelta(seconds=10)
DEAD_AFTER_S = 60.0  # a scheduler that has not beaten for so long is not well


class Rounds:
    """The daemon's recurring jobs."""

    def __init__(self, daemon: "Daemon") -> None:
        self._daemon = daemon
        self._systemd = Systemd()
        self.beaten_at = time.monotonic()

    def schedule(self) -> None:
        """Put the rounds into the scheduler; again after the settings changed."""
        beat = watchdog_every_s(dict(os.environ)) or BEAT_EVERY.total_seconds()
        self._add("beat", self.beat, IntervalTrigger(seconds=min(beat, BEAT_EVERY.total_seconds())), "watch")
        self._add("tend", self.tend, TEND)
        self._add("deliver", self.deliver, IntervalTrigger(seconds=DELIVER_EVERY.total_seconds()))
        self._add("age", self.age, IntervalTrigger(seconds=AGE_EVERY.total_seconds()))
        self._by_cron("digest", self.digest, self._daemon.settings.alerts.digest_cron)
        own = self._daemon.settings.enrich
        self._by_cron("enrich", self.enrich, own.cron if own.enabled else None, executor="enrich")

    def tend_soon(self) -> None:
        """Have the mirror brought to this day at once: the daemon may have been away over midnight."""
        self._add("tend now", self.tend, DateTrigger(datetime.now(UTC)))

    def _by_cron(self, name: str, work: Any, line: str | None, executor: str = "rounds") -> None:
        if line is None:
            if job := self._daemon.scheduler.get_job(f".{name}"):
                job.remove()
            return
        zone = ZoneInfo(self._daemon.settings.schedule.timezone)
        self._add(name, work, CronTrigger(timezone=zone, **read_cron(line)._asdict()), executor)

    def _add(self, name: str, work: Any, trigger: Any, executor: str = "rounds") -> None:
        number = f".{name}"  # no repository's id begins with a dot
        self._daemon.scheduler.add_job(work, trigger, id=number, executor=executor, replace_existing=True)

    def beat(self) -> None:
        """Show that the scheduler lives: to the watchdog and to /healthz."""
        self.beaten_at = time.monotonic()
        self._systemd.alive()

    def tend(self) -> None:
        """Bring the mirror to this day and in good order."""
        try:
            done = upkeep.tend(self._daemon.db, self._daemon.settings)
        except MirrorError as error:
            log(logging.ERROR, "upkeep failed", error=str(error))
            return
        log(logging.INFO, "upkeep", **done._asdict())

    def age(self) -> None:
        """Call stale what was not harvested completely for two of its periods, and tell people so."""
        try:
            old = upkeep.age(self._daemon.db, self._daemon.why_stale)
        except MirrorError as error:
            log(logging.ERROR, "the age of repositories could not be told", error=str(error))
            return
        if old:
            self.tell_people()

    def tell_people(self) -> None:
        """Announce what changed, and have it delivered soon; nothing is lost when this fails, it is tried again."""
        try:
            with closing(open_writer(self._daemon.db)) as conn:
                messages = notify.announce(conn, self._daemon.settings, self._daemon.expected_failures)
        except MirrorError as error:
            log(logging.ERROR, "news could not be written down", error=str(error))
            return
        for message in messages:
            level = logging.WARNING if message["kind"] == "trouble" else logging.INFO
            log(level, message["kind"], **{k: v for k, v in message.items() if k not in {"program", "kind", "text"}})
        if messages and not self._daemon.stopping.is_set():
            self._add("deliver now", self.deliver, DateTrigger(datetime.now(UTC)))

    def deliver(self) -> None:
        """Try the messages that wait."""
        try:
            deliveries = notify.deliver(self._daemon.db, self._daemon.settings)
        except MirrorError as error:
            log(logging.ERROR, "messages could not be read", error=str(error))
            return
        for delivery in deliveries:
            result = "delivered" if not delivery.problem else "given up" if delivery.given_up else "failed"
            self._daemon.metrics.told(delivery.way, result)
            if delivery.problem:
                log(logging.WARNING, "message not delivered", way=delivery.way, problem=delivery.problem, result=result)

    def digest(self) -> None:
        """Send the report of what changed since the last one."""
        from harvester.jobs.digest import send_digest

        try:
            sent = send_digest(self._daemon.db, self._daemon.settings)
        except MirrorError as error:
            log(logging.ERROR, "the digest could not be made", error=str(error))
            return
        log(logging.INFO, "digest", since=sent)

    def enrich(self) -> None:
        """Ask the outside witnesses about the DOIs that are due, within the day's number."""
        from harvester.jobs import enrich

        if "@" not in self._daemon.settings.http.contact:
            log(logging.WARNING, "the witnesses ask for an address: set http.contact")
            return
        try:
            found = enrich.run(
                self._daemon.settings, (), db=self._daemon.db, limit=None, stopping=self._daemon.stopping
            )
        except MirrorError as error:
            log(logging.ERROR, "the witnesses could not be asked", error=str(error))
            return
        for one in found:
            level = logging.WARNING if one.is_refused else logging.INFO
            log(level, "enrich", **one._asdict())

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Tell whether the scheduler lives, and what runs."""
        silent_s = time.monotonic() - self.beaten_at
        well = silent_s < DEAD_AFTER_S
        said = {
            "status": "ok" if well else "the scheduler has stopped",
            "silent_seconds": round(silent_s, 1),
            "running": self._daemon.running,
        }
        return well, said
