"""The command with a database that may not grow beyond so many pages: a full disk as SQLite tells it.

Run: python -m tests.scenarios.cramped PAGES ARGUMENTS ...
"""

import sqlite3
import sys

from harvester.cli import main


def _cramped(pages: int):  # type: ignore[no-untyped-def]
    connect = sqlite3.connect

    def opened(*args, **kwargs):  # type: ignore[no-untyped-def]
        conn = connect(*args, **kwargs)
        conn.execute(f"PRAGMA max_page_count = {pages}")
        return conn

    return opened


if __name__ == "__main__":
    sqlite3.connect = _cramped(int(sys.argv[1]))
    sys.argv = [sys.argv[0], *sys.argv[2:]]
    main()
