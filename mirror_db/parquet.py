"""Records as Parquet: a typed column each, in groups of rows, so that memory stays flat. Needs the extra `parquet`."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mirror_db.export import COLUMNS, REAL, WHOLE, Row

GROUP_ROWS = 5_000  # a group is held in memory before it is written


def schema() -> pa.Schema:
    """Give the type of each column: 64-bit whole numbers, doubles for the confidences, text for all else."""
    return pa.schema([(name, _type(name)) for name in COLUMNS])


def write_parquet(rows: Iterator[Row], path: Path) -> None:
    """Write rows with the columns of an export to a new file."""
    with pq.ParquetWriter(path, schema(), compression="zstd") as writer:
        while group := list(islice(rows, GROUP_ROWS)):
            writer.write_batch(_batch(group))


def _type(name: str) -> pa.DataType:
    return pa.int64() if name in WHOLE else pa.float64() if name in REAL else pa.string()


def _batch(rows: Sequence[Row]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, _type(name)) for name, values in zip(COLUMNS, columns, strict=True)]
    return pa.record_batch(arrays, schema=schema())
