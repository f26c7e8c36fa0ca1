"""Leases: one harvest of a repository at a time, whoever runs it; a dead holder's lease ends."""

import os
import socket
import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from mirror_db.connection import path_of
from mirror_db.errors import Held

BEAT_EVERY_S = 60  # a holder gives a sign of life so often, between two pages
BEAT_EXPIRES_S = (
    1800  # a holder on another host that gave none for so long is taken for dead; one page may take ten minutes
)


_AT_WORK: set[tuple[str, str]] = (
    set()
)  # (file, repository) of this process's runs: a full disk keeps a lease from being given back


class Holder(NamedTuple):
    """A process that may hold leases; `started` tells it from a later one with the same number."""

    host: str
    pid: int
    started: str

    @property
    def name(self) -> str:
        """Give it as people read it."""
        return f"{self.host} (process {self.pid})"


def this_process() -> Holder:
    """Give the holder that this process is."""
    pid = os.getpid()
    return Holder(socket.gethostname(), pid, _alive(pid) or "")


def take(conn: sqlite3.Connection, repository: str, holder: Holder, *, now: str) -> None:
    """Take the lease inside the caller's transaction. Raises `Held` with the holder's name while another lives."""
    path = path_of(conn)
    row = conn.execute(
        "SELECT holder, taken_at, beat_at, host, pid, started FROM leases WHERE repository = ?", (repository,)
    ).fetchone()
    is_left = row is not None and Holder(*row[3:]) == holder and (path, repository) not in _AT_WORK
    if row is not None and not is_left and _lives(Holder(*row[3:]), row[2], holder, now):
        raise Held(path, repository, row[0], row[1])
    _AT_WORK.add((path, repository))
    conn.execute(
        "INSERT OR REPLACE INTO leases (repository, holder, host, pid, started, taken_at, beat_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (repository, holder.name, *holder, now, now),
    )


def beat(conn: sqlite3.Connection, repository: str, *, now: str) -> None:
    """Give a sign of life."""
    conn.execute("UPDATE leases SET beat_at = ? WHERE repository = ?", (now, repository))


def let_go(conn: sqlite3.Connection, repository: str) -> None:
    """Note that this process works on the repository no more, whether its lease can be given back or not."""
    _AT_WORK.discard((path_of(conn), repository))


def release(conn: sqlite3.Connection, repository: str, holder: Holder) -> None:
    """Give the lease back."""
    let_go(conn, repository)
    conn.execute(
        "DELETE FROM leases WHERE repository = ? AND pid = ? AND host = ?", (repository, holder.pid, holder.host)
    )


def _lives(other: Holder, beat_at: str, me: Holder, now: str) -> bool:
    if other.host != me.host:
        return datetime.fromisoformat(now) - datetime.fromisoformat(beat_at) < timedelta(seconds=BEAT_EXPIRES_S)
    return _alive(other.pid) == other.started


def _alive(pid: int) -> str | None:
    """Give when the process began, in the kernel's ticks ("" where the system does not tell), or None for a dead one."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return ""
    # A killed process that its parent has not collected answers to signals, but does nothing any more.
    return None if fields[0] == "Z" else fields[19]
