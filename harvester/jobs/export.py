"""Exporting: bring the flags to this day, read one state of the mirror, write it whole or not at all."""

import io
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from harvester.config import Settings
from harvester.jobs.figures import freshen
from mirror_db.connection import one_state, open_reader
from mirror_db.export import Row, Wanted, csv_lines, json_lines, next_since, records


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records were written, and from when the next export with `since` goes on."""

    records: int
    next_since: str | None


class _Counted:
    """Counts rows on their way."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.number = 0
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.number += 1
            yield row


def export(db: Path, settings: Settings, wanted: Wanted, *, form: str, output: Path | BinaryIO) -> Exported:
    """Write the wanted records as `form` (csv, jsonl or parquet) to a file or an open stream; Parquet needs a file."""
    freshen(db, settings)
    with closing(open_reader(db)) as conn, one_state(conn), closing(records(conn, wanted)) as found:
        rows = _Counted(found)
        following = next_since(conn)
        if form == "parquet":
            from mirror_db.parquet import write_parquet

            assert isinstance(output, Path)
            with whole_file(output) as path:
                write_parquet(iter(rows), path)
        else:
            lines = csv_lines(rows) if form == "csv" else json_lines(rows)
            with _text(output) as out:
                out.writelines(lines)
    return Exported(rows.number, following)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes the place of `path` at the end of the block, or is taken away."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _text(output: Path | BinaryIO) -> Iterator[TextIO]:
    if isinstance(output, Path):
        with whole_file(output) as path, path.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    stream = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=False)
    try:
        yield stream
        stream.flush()
    finally:
        stream.detach()
