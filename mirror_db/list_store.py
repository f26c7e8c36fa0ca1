"""The ledger, verifications and vanished records as the engine sees them: the part of the store that is about lists."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from mirror_db import changes, ledger, listed, records, repositories, runs
from mirror_db.entries import Progress
from mirror_db.listed import Difference, Header
from mirror_db.model import MirrorRecord

_T = TypeVar("_T")


class ListStore(ABC):
    """What a store does with lists; `mirror_db.store.Store` adds pages, runs and repositories."""

    _conn: sqlite3.Connection

    @abstractmethod
    def flush(self) -> None:
        """Write what waits."""

    @abstractmethod
    def _write(self, work: Callable[[str], _T]) -> _T: ...

    def unfinished(self, repository: str) -> tuple[ledger.List, ...]:
        """Give the lists without an end."""
        self.flush()
        return ledger.unfinished(self._conn, repository)

    def open_list(self, repository: str, run: int, new: ledger.NewList) -> int:
        """Enter a list."""
        return self._write(lambda now: ledger.open_list(self._conn, repository, run, new, now=now))

    def list(self, number: int) -> ledger.List:
        """Give a list as it stands."""
        self.flush()
        return ledger.get(self._conn, number)

    def children(self, number: int) -> tuple[ledger.List, ...]:
        """Give the windows of a list."""
        self.flush()
        return ledger.children(self._conn, number)

    def open_leaf(self, number: int) -> ledger.List | None:
        """Give the next list to walk at or below `number`."""
        self.flush()
        return ledger.open_leaf(self._conn, number)

    def open_parent(self, number: int) -> ledger.List | None:
        """Give the next list at or below `number` whose windows have all ended."""
        self.flush()
        return ledger.open_parent(self._conn, number)

    def cut_list(
        self, repository: str, run: int, row: ledger.List, windows: Sequence[ledger.NewList], *, met: int | None = None
    ) -> None:
        """Enter the windows of a list, all or none; `met` is what the list had shown, where they are to prove its end."""

        def work(now: str) -> None:
            ledger.cut(self._conn, row.id, met=met)
            for window in windows:
                ledger.open_list(self._conn, repository, run, window, now=now)

        self._write(work)

    def any_ended(self, number: int, ended: str) -> bool:
        """Tell whether a list or one of its windows ended for this reason."""
        self.flush()
        return ledger.any_ended(self._conn, number, ended)

    def narrowest_window(self, number: int) -> int | None:
        """Give the days of the shortest window that a list was got in."""
        self.flush()
        return ledger.narrowest_window(self._conn, number)

    def middle_datestamp(self, number: int) -> str | None:
        """Give the datestamp in the middle of what a list has shown."""
        self.flush()
        return ledger.middle_datestamp(self._conn, number)

    def shown_once(self, number: int, *, limit: int) -> Sequence[tuple[int, str, str | None]]:
        """Give live records that a list showed before it was cut, and no window of it since."""
        self.flush()
        return ledger.shown_once(self._conn, number, limit=limit)

    def announce(self, number: int, expected: int) -> None:
        """Enter a size for a list that announced none."""
        self._write(lambda now: ledger.announce(self._conn, number, expected))

    def restart_list(self, number: int, *, run: int) -> None:
        """Begin a list again."""
        self._write(lambda now: ledger.restart(self._conn, number, run=run))

    def end_list(self, number: int, *, ended: str, proven: bool) -> None:
        """Close a list."""
        self._write(lambda now: ledger.end(self._conn, number, ended=ended, proven=proven, now=now))

    def abandon_list(self, number: int) -> None:
        """Close a list and its windows for a newer one."""
        self._write(lambda now: ledger.abandon(self._conn, number, now=now))

    def expected_of(self, run: int) -> int | None:
        """Give how many records the server announced for the lists of a run, or None where it did not say."""
        self.flush()
        return ledger.expected_of(self._conn, run)

    def list_identifiers(self, run: int, headers: Sequence[Header], progress: Progress) -> None:
        """Keep a page of ListIdentifiers, with the token to send next."""

        def work(now: str) -> None:
            listed.add(self._conn, run, headers)
            ledger.advance(self._conn, progress, run=run)
            runs.add(self._conn, run, {"pages": progress.pages, "listed": len(headers)})

        self._write(work)

    def listed(self, run: int) -> int:
        """Give how many different records a verification has listed."""
        return listed.count(self._conn, run)

    def differences(self, repository: str, run: int) -> tuple[Difference, ...]:
        """Compare what a verification has listed with the mirror."""
        self.flush()
        return listed.differences(self._conn, repository, run)

    def live_rows(self, repository: str, identifiers: Sequence[str]) -> tuple[tuple[int, str, str | None], ...]:
        """Give (number, identifier, datestamp) of those of these records that are live here."""
        self.flush()
        return records.live_rows(self._conn, repository, identifiers)

    def forget_listed(self, run: int) -> None:
        """Drop what a verification has listed."""
        listed.forget(self._conn, run)

    def met_count(self, number: int) -> int:
        """Give how many different records a list has shown."""
        self.flush()
        return ledger.met_count(self._conn, number)

    def met(self, number: int) -> frozenset[str]:
        """Give the identifiers that a list has shown so far."""
        self.flush()
        return ledger.met(self._conn, number)

    def not_met(self, number: int, identifiers: Sequence[str]) -> frozenset[str]:
        """Give those of these identifiers that a list has not shown yet."""
        self.flush()
        return ledger.not_met(self._conn, number, tuple(identifiers))

    def move_border(self, near: int, far: int, *, until: str, from_: str) -> None:
        """Move the border between two windows that have not begun."""
        self._write(lambda now: ledger.move_border(self._conn, near, far, until=until, from_=from_))

    def unseen(self, repository: str, numbers: tuple[int, ...]) -> tuple[Sequence[tuple[int, str, str | None]], int]:
        """Give the live records that none of these lists has shown, and how many live records there are."""
        self.flush()
        return ledger.unseen(self._conn, repository, numbers), repositories.held(self._conn, repository)[0]

    def retire(self, repository: str, run: int, gone: Sequence[tuple[int, MirrorRecord]]) -> int:
        """Mark records as deleted that a proven full list no longer held."""

        def work(now: str) -> int:
            if gone:
                changes.note(self._conn, repository)
            for number, record in gone:
                records.bury(self._conn, number, record, why="vanished", run=run, now=now)
            runs.add(self._conn, run, {"vanished": len(gone)})
            return len(gone)

        return self._write(work)

    def forget_seen(self, number: int) -> None:
        """Forget who was met in a list."""
        self._write(lambda now: ledger.forget_seen(self._conn, number))

    def last_proven(self, repository: str, prefix: str, set_spec: str | None) -> ledger.List | None:
        """Give the list from which the next `from` is counted."""
        return ledger.last_proven(self._conn, repository, prefix, set_spec)
