"""The command, killed by itself at a moment inside the database's work.

Run: python -m tests.scenarios.dying WHERE NUMBER ARGUMENTS ... (WHERE is `statement` or `commit`; NUMBER 0 only counts)
"""

import os
import re
import signal
import sqlite3
import sys
import threading

from harvester.cli import main

_COUNT = {"statement": 0, "commit": 0}
_LOCK = threading.Lock()


def _watch(where: str, number: int):  # type: ignore[no-untyped-def]
    """Give a trace that kills the process just before a statement, or a commit, is carried out."""

    def trace(statement: str) -> None:
        with _LOCK:
            _COUNT["statement"] += 1
            _COUNT["commit"] += bool(re.match(r"\s*COMMIT", statement, re.IGNORECASE))
            if number and _COUNT[where] == number:
                os.kill(os.getpid(), signal.SIGKILL)

    return trace


def _connect_watched(trace):  # type: ignore[no-untyped-def]
    connect = sqlite3.connect

    def watched(*args, **kwargs):  # type: ignore[no-untyped-def]
        conn = connect(*args, **kwargs)
        conn.set_trace_callback(trace)
        return conn

    return watched


if __name__ == "__main__":
    place, count, sys.argv = sys.argv[1], int(sys.argv[2]), [sys.argv[0], *sys.argv[3:]]
    sqlite3.connect = _connect_watched(_watch(place, count))
    try:
        main()
    finally:
        print(_COUNT[place], file=sys.stderr)
