"""One daemon per database, and what it tells systemd."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout


class Taken(Exception):
    """Another daemon works on this mirror; `str()` says which."""


@contextmanager
def only_daemon(db: Path) -> Iterator[None]:
    """Hold the mirror's daemon lock for the block. Raises Taken with the name of the holder.

    The lock goes with the process, however it ends; the file beside it only says who holds it.
    """
    lock_path = db.with_name(f"{db.name}.daemon.lock")
    card = db.with_name(f"{db.name}.daemon")
    lock = FileLock(lock_path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Taken(f"{db}: {_holder(card)}; one daemon per mirror is enough") from error
    try:
        card.write_text(json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": _now()}) + "\n")
        yield
    finally:
        with suppress(OSError):
            card.unlink(missing_ok=True)
        lock.release()


def _holder(card: Path) -> str:
    try:
        held = json.loads(card.read_text("utf-8"))
        return f"a daemon runs already on {held['host']} (process {held['pid']}) since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a daemon runs already"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Systemd:
    """What is told to the service manager; without one nothing is."""

    def __init__(self) -> None:
        import sdnotify

        self._notifier = sdnotify.SystemdNotifier()

    def ready(self, status: str) -> None:
        """Say that the daemon works, after the start and after each reload."""
        self._notifier.notify(f"READY=1\nSTATUS={status}")

    def reloading(self) -> None:
        """Say that the configuration is read again (Type=notify-reload wants the clock beside it)."""
        self._notifier.notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def alive(self) -> None:
        """Pet the watchdog."""
        self._notifier.notify("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the daemon ends."""
        self._notifier.notify("STOPPING=1")


def watchdog_every_s(environ: dict[str, str]) -> float | None:
    """Give how often the watchdog wants to be petted: a third of its limit, None when there is none for this process."""
    try:
        limit = int(environ.get("WATCHDOG_USEC", "0")) / 1_000_000
    except ValueError:
        return None
    mine = environ.get("WATCHDOG_PID") in (None, "", str(os.getpid()))
    return limit / 3 if limit > 0 and mine else None
