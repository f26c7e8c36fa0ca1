"""Pages of new records as the very rows that will be inserted: made where they are read, numbered where they are written.

    reader: records -> bound rows, those of parts sixteen to a statement -> plain lists, over a pipe
    writer: does the mirror hold none of them? -> number and insert them as they are     - otherwise -> entries, one by one

Whether the mirror holds a record only the writer can tell, within its transaction; in a first harvest it holds none.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, overload

from mirror_db import parts, rows
from mirror_db.binding import TOGETHER
from mirror_db.entries import Entry, Raw
from mirror_db.model import Fields, MirrorRecord

Row = list[Any]


class Flat(NamedTuple):
    """The rows of one table, each begun by the place of its record in the page; before them stands the first record's number."""

    several: list[Row]  # sixteen rows in one
    single: list[Row]  # what is left


class Made(NamedTuple):
    """The rows of a page of records, in their order."""

    records: list[Row]  # of `records`, bound, without number and instants
    parts: list[Flat]  # of each table of parts, and of their sets
    raw: list[Raw]

    @classmethod
    def of(cls, told: tuple[Any, ...], raw: list[Raw]) -> "Made":
        """Give it from what a `Maker` told, and the raw forms of the same records."""
        records, flat = told
        return cls(records, [Flat._make(one) for one in flat], raw)


class Maker:
    """Makes the rows of a page's records, one after the other."""

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._records: list[Row] = []
        self._parts: list[list[Row]] = [[] for _ in parts.WIDTHS]

    def add(self, record: MirrorRecord) -> None:
        """Make the rows of the next record."""
        place = len(self._records)
        self._records.append(rows.record_row(0, self._repository, record, ""))
        for made, new in zip(self._parts, (*parts.rows_of(record), parts.set_rows(record.sets)), strict=True):
            for row in new:
                row[0] = place
            made += new

    def told(self) -> tuple[list[Row], list[tuple[list[Row], list[Row]]]]:
        """Give the rows in plain lists, as marshal takes them."""
        return self._records, [_flat(one) for one in self._parts]


def _flat(made: list[Row]) -> tuple[list[Row], list[Row]]:
    whole = len(made) - len(made) % TOGETHER
    several = [[0, *chain.from_iterable(made[at : at + TOGETHER])] for at in range(0, whole, TOGETHER)]
    return several, [[0, *row] for row in made[whole:]]


class MadeEntries(Sequence[Entry]):
    """A page of records that are most probably new: their rows, and entries only for who asks for one."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self._entries: tuple[Entry, ...] | None = None

    def __len__(self) -> int:
        return len(self.made.records)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        if self._entries is None:
            self._entries = tuple(_entries(self.made))
        return self._entries[at]

    @property
    def identifiers(self) -> list[str]:
        """Give the OAI identifiers of the records."""
        return [row[rows.NAME_AT] for row in self.made.records]

    def with_raw(self, raw: list[Raw]) -> "MadeEntries":
        """Give it with other raw forms of the same records."""
        return MadeEntries(self.made._replace(raw=raw))


def insert(conn: sqlite3.Connection, made: Made, first: int, *, contexts: Mapping[str, int], now: str) -> None:
    """Insert all rows; records get the numbers from `first` on."""
    for number, row in enumerate(made.records, first):
        row[rows.NUMBER_AT], row[rows.FIRST_SEEN_AT], row[rows.CHANGED_AT] = number, now, now
    conn.executemany(rows.INSERT_RECORD, made.records)
    for statement, flat in zip(parts.FLAT, made.parts, strict=True):
        for row in chain(*flat):
            row[0] = first
        conn.executemany(statement.several, flat.several)
        conn.executemany(statement.one, flat.single)
    numbered = enumerate(made.raw, first)
    conn.executemany(
        rows.PUT_RAW, [rows.raw_row(number, raw, contexts[raw.declarations], now) for number, raw in numbered]
    )


def _entries(made: Made) -> Iterator[Entry]:
    found = [_by_place(flat, width, len(made.records)) for flat, width in zip(made.parts, parts.WIDTHS, strict=True)]
    for place, (row, raw) in enumerate(zip(made.records, made.raw, strict=True)):
        values = rows.read_back(row)
        sets = tuple(one[1] for one in found[-1][place])
        head = (values[rows.NAME_AT], values[rows.STAMP_AT], values[rows.DELETED_AT])
        record = MirrorRecord(*head, sets, Fields._make(values[len(rows.HEAD) :]))
        yield Entry(record, raw, [of_table[place] for of_table in found[:-1]])


def _by_place(flat: Flat, width: int, records: int) -> list[list[Row]]:
    found: list[list[Row]] = [[] for _ in range(records)]
    for row in chain(*flat):
        for at in range(1, len(row), width):
            found[row[at]].append([0, *row[at + 1 : at + width]])
    return found
