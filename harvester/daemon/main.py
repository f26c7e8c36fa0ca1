"""The life of the daemon's process: lock, start, signals, reload, end.

lock -> start -> READY -> (SIGHUP: load, keep or refuse | SIGTERM: stop) -> children told -> unlock
"""

import logging
import os
import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from harvester.config import ConfigError, Loaded, Settings
from harvester.daemon import logs
from harvester.daemon.life import Systemd, only_daemon
from harvester.daemon.logs import log
from harvester.daemon.service import Daemon
from harvester.daemon.watching import WatchServer, address_of
from mirror_db.errors import MirrorError

Load = Callable[[], Loaded]


class CannotListen(Exception):
    """The address of the metrics is taken or is not this machine's."""


def run(loaded: Loaded, db: Path, load: Load) -> None:
    """Run the daemon until SIGTERM or SIGINT. `load` reads the configuration again for SIGHUP.

    Raises `Taken` while another daemon works on the mirror, CannotListen, and MirrorError where the file cannot be used.
    """
    inbox: queue.SimpleQueue[int] = queue.SimpleQueue()

    def hear(number: int, frame: FrameType | None) -> None:
        inbox.put(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hear)
    _set_up_logs(loaded.settings)
    with only_daemon(db):
        _serve(Daemon(loaded.settings, db), load, inbox)
    log(logging.INFO, "stopped")
    _leave()


def _serve(daemon: Daemon, load: Load, inbox: "queue.SimpleQueue[int]") -> None:
    systemd = Systemd()
    watch = _watch(daemon)
    try:
        daemon.start()
        log(logging.INFO, "started", db=str(daemon.db), repositories=len(daemon.expected_failures), pid=os.getpid(),
            metrics=watch and f"http://{watch.address}/metrics")  # fmt: skip
        systemd.ready(_status(daemon))
        while _heard(inbox) == signal.SIGHUP:
            systemd.reloading()
            _reload(daemon, load)
            systemd.ready(_status(daemon))
        systemd.stopping()
        log(logging.INFO, "stopping", running=", ".join(daemon.running) or None)
        daemon.stop()
    finally:
        if watch is not None:
            watch.close()


def _heard(inbox: "queue.SimpleQueue[int]") -> int:
    """Wait for a signal; of several the one that ends the daemon, and many wishes to reload are one."""
    heard = [inbox.get()]
    while not inbox.empty():
        heard.append(inbox.get())
    return next((number for number in heard if number != signal.SIGHUP), heard[0])


def _reload(daemon: Daemon, load: Load) -> None:
    """Take the configuration as it is now, or refuse a broken one with one line and keep the old."""
    try:
        loaded = load()
    except ConfigError as error:
        more = f" (and {len(error.faults) - 1} more: oai-mirror config check)" if len(error.faults) > 1 else ""
        _refuse(daemon, f"{error.faults[0]}{more}")
        return
    except (OSError, RecursionError) as error:
        _refuse(daemon, f"it cannot be read: {type(error).__name__}")
        return
    _set_up_logs(loaded.settings)
    waiting = needs_restart(daemon.started_with, loaded.settings)
    if waiting:
        log(logging.WARNING, "these settings need a restart, until then the old ones hold", settings=", ".join(waiting))
    try:
        came, gone = daemon.reload(loaded.settings)
    except MirrorError as error:
        _refuse(daemon, f"the mirror cannot be written: {error}")
        return
    daemon.metrics.reloaded("taken")
    log(logging.INFO, "the configuration is read again", came=", ".join(came) or None, gone=", ".join(gone) or None)


def _refuse(daemon: Daemon, why: str) -> None:
    log(logging.ERROR, "the new configuration is refused, the old one stays", fault=why)
    daemon.metrics.reloaded("refused")


def needs_restart(before: Settings, after: Settings) -> list[str]:
    """Give the settings that are read at the start only and are others now."""
    found = []
    if after.server.metrics != before.server.metrics:
        found.append("server.metrics")
    if after.database != before.database:
        found.append("database")
    return found


def _watch(daemon: Daemon) -> WatchServer | None:
    listen = daemon.settings.server.metrics
    if not listen:
        return None
    try:
        return WatchServer(address_of(listen), daemon.metrics.registry, daemon.rounds.health)
    except OSError as error:
        raise CannotListen(f"server.metrics: {listen} cannot be listened on: {error.strerror}") from error


def _set_up_logs(settings: Settings) -> None:
    secrets = (one.get_secret_value() for kinds in settings.secrets.values() for one in kinds.values())
    parts = {part for secret in secrets for part in (secret, secret.partition(":")[2])}
    logs.set_up(settings.logging.format, settings.logging.level, secrets=parts)


def _status(daemon: Daemon) -> str:
    count = len(daemon.expected_failures)
    return f"{count} {'repository' if count == 1 else 'repositories'} by schedule"


def _leave() -> None:
    """End the process now: a message that is just being delivered would hold it for half a minute, and is tried again."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
