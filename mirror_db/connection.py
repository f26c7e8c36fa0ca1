"""Opening a mirror and the one door for writing: `transaction`.

open_writer -> refuse what is not ours -> set pragmas -> migrate -> connection in autocommit
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mirror_db.errors import (
    DamagedMirror,
    DiskFull,
    MirrorBusy,
    MirrorError,
    MirrorMissing,
    NewerMirror,
    NotAMirror,
    ReadOnlyMirror,
)
from mirror_db.migrations import APPLICATION_ID, MIGRATION_SET, SCHEMA_VERSION

BUSY_S = 60.0  # longer than any transaction of ours: at most a second of work, plus a slow disk
SLICE_MS = 250  # of it that SQLite waits at a time
GROWN = 4  # times the size that SQLite's planner knows of: from here on it looks again
PAGE_BYTES = 8192  # four records to a page: of 4096 bytes, a fifth stayed empty
_SALVAGE = (
    "the file is damaged; nothing was changed. Restore a backup or a snapshot, "
    "or salvage what can be read: docs/operating.md"
)


def open_writer(path: Path) -> sqlite3.Connection:
    """Open the mirror at `path` for writing, made or upgraded as needed.

    The connection is in autocommit; write only inside `transaction`. Raises a `MirrorError` that says what is
    wrong; a file that is refused is left untouched.
    """
    path = Path(path)
    if not path.exists():
        _make_folder(path)
    elif path.stat().st_size and not os.access(path, os.W_OK):
        raise ReadOnlyMirror(path, "cannot be written: check the permissions of the file")
    with _told(path):
        conn = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            _refuse_foreign(conn, path)
            _prepare(conn)
            _migrate(conn)
            conn.execute(f"PRAGMA busy_timeout = {SLICE_MS}")
        except BaseException:
            conn.close()
            raise
    return conn


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the mirror at `path` for reading only. Raises `MirrorMissing` and the other `MirrorError`s."""
    path = Path(path)
    if not path.exists():
        raise MirrorMissing(path, "there is no mirror here yet; make one with: oai-mirror harvest NAME-or-URL")
    with _told(path):
        conn = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _refuse_foreign(conn, path)
            if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise MirrorMissing(
                    path, "is empty: nothing was harvested into it yet, or the first harvest was killed"
                )
        except BaseException:
            conn.close()
            raise
    return conn


@contextmanager
def transaction(conn: sqlite3.Connection, *, wait_s: float = BUSY_S) -> Iterator[sqlite3.Connection]:
    """Hold the write lock for the block: all of it is kept, or nothing of it. It is waited for `wait_s` seconds at the most.

    Raises `DiskFull`, `MirrorBusy`, `ReadOnlyMirror` or `DamagedMirror` in place of SQLite's own errors.
    """
    with _told(conn):
        _begin(conn, wait_s)
        try:
            yield conn
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise


def _begin(conn: sqlite3.Connection, wait_s: float) -> None:
    """Take the write lock; SQLite waits in slices, between which a signal is heard. Raises sqlite3.OperationalError."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
        else:
            return


def optimize(conn: sqlite3.Connection) -> None:
    """Let SQLite refresh what its planner knows of the tables, where they have grown since it last did.

    Left to itself it looks at all of `records` each time, for it finds nothing noted of an index without a row: 0.9 s at a
    million records. Skipped while another connection writes: SQLite turns a read lock into a write lock here, and does not
    wait for that.
    """
    with suppress(sqlite3.OperationalError):
        if not _is_known(conn):
            conn.execute("PRAGMA optimize")


def _is_known(conn: sqlite3.Connection) -> bool:
    """Tell whether the planner knows `records` about as large as it is now."""
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone() is None:
        return False
    # The first number of a full index's entry is the number of rows.
    query = "SELECT stat FROM sqlite_stat1 WHERE tbl = 'records' AND idx = 'records_by_identifier'"
    noted = conn.execute(query).fetchone()
    newest = conn.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0]
    return noted is not None and newest < GROWN * int(noted[0].split()[0])


@contextmanager
def one_state(conn: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the mirror for the block, whatever a harvest writes meanwhile; nothing of the block is written."""
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.rollback()


def path_of(conn: sqlite3.Connection) -> str:
    """Give the file of a connection."""
    return str(conn.execute("PRAGMA database_list").fetchone()[2] or ":memory:")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnlyMirror(path, f"the folder cannot be made: {error.strerror}") from error
    if not os.access(path.parent, os.W_OK):
        raise ReadOnlyMirror(path, "the folder cannot be written")


def _prepare(conn: sqlite3.Connection) -> None:
    conn.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # heard by a new file only
    _write_ahead(conn)
    conn.execute("PRAGMA synchronous = NORMAL")  # WAL: a power cut loses at most the last commits, never soundness
    conn.execute(
        "PRAGMA foreign_keys = OFF"
    )  # rows are numbered by the writer itself; looking each parent up is a tenth of writing
    conn.execute("PRAGMA secure_delete = OFF")
    conn.execute("PRAGMA cache_size = -32768")
    conn.execute("PRAGMA wal_autocheckpoint = 16384")  # pages; `mirror_db.checkpoints` has copied most of them by then
    conn.execute("PRAGMA journal_size_limit = 67108864")


def _write_ahead(conn: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait by itself when another process is switching at the same instant."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _migrate(conn: sqlite3.Connection) -> None:
    if conn.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION:
        return
    from mirror_db.migrations import anew

    with transaction(conn):  # two commands may meet at a new file: the second finds nothing left to do
        if anew.is_new(conn):
            anew.make(conn)
        else:
            _bring_up_to_date(conn)
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _bring_up_to_date(conn: sqlite3.Connection) -> None:
    """Apply the steps that an older file lacks."""
    from sqlite_utils import Database  # 50 ms: few files are older

    from mirror_db.migrations.chain import MIGRATIONS

    MIGRATIONS.apply(Database(conn))


def _refuse_foreign(conn: sqlite3.Connection, path: Path) -> None:
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    steps = _steps_taken(conn) if "_sqlite_migrations" in tables else 0
    if tables and application != APPLICATION_ID and not steps:
        raise NotAMirror(path, "is a database, but not a mirror; it was left untouched. Name another file with --db")
    version = max(conn.execute("PRAGMA user_version").fetchone()[0], steps)
    if version > SCHEMA_VERSION:
        raise NewerMirror(
            path,
            f"was made by a newer oai-mirror (schema {version}, this one knows {SCHEMA_VERSION}); "
            "it was left untouched. Upgrade oai-mirror",
        )


def _steps_taken(conn: sqlite3.Connection) -> int:
    query = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?"
    return int(conn.execute(query, (MIGRATION_SET,)).fetchone()[0])


@contextmanager
def _told(of: Path | sqlite3.Connection) -> Iterator[None]:
    """Turn SQLite's errors into ours, which say what to do; a connection is asked for its file only then."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(of if isinstance(of, Path) else path_of(of), error) from error


def translate(path: Path | str, error: sqlite3.Error) -> MirrorError | sqlite3.Error:
    """Give the `MirrorError` that an SQLite error on the file at `path` means; other errors come back as they are."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    match primary:
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                path, "the disk is full; what was committed is safe. Free some space and run the same command"
            )
        case sqlite3.SQLITE_IOERR:
            return DiskFull(path, f"the disk could not be written or read ({error}); what was committed is safe")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return MirrorBusy(
                path, f"another program has kept the file locked for {BUSY_S:.0f} s; close it and try again"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return ReadOnlyMirror(
                path, "cannot be opened for writing: check the permissions of the file and its folder"
            )
        case sqlite3.SQLITE_NOTADB:
            return NotAMirror(path, "is not an SQLite file; it was left untouched. Name another file with --db")
        case sqlite3.SQLITE_CORRUPT:
            return DamagedMirror(path, _SALVAGE)
        case _:
            return error
