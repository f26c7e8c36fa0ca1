"""Parquet: typed columns that read back as they were."""

import pytest

pa = pytest.importorskip("pyarrow", reason="needs the extra parquet")

from mirror_db.connection import open_reader  # noqa: E402
from mirror_db.export import COLUMNS, Wanted, records  # noqa: E402
from mirror_db.parquet import GROUP_ROWS, write_parquet  # noqa: E402
from tests.mirror_db.site.known import make_known  # noqa: E402


def test_rows_read_back(tmp_path):
    """Every value comes back, whole numbers as such, empty ones as null."""
    import pyarrow.parquet as pq

    rows = list(records(open_reader(make_known(tmp_path / "mirror.db")), Wanted()))
    write_parquet(iter(rows), tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert table.schema.field("year").type == pa.int64()
    assert table.schema.field("license_confidence").type == pa.float64()


def test_many_rows_come_in_groups(tmp_path):
    """Memory holds one group at a time."""
    import pyarrow.parquet as pq

    row = (1, *[None] * (len(COLUMNS) - 1))
    write_parquet((row for _ in range(GROUP_ROWS + 1)), tmp_path / "out.parquet")
    assert pq.ParquetFile(tmp_path / "out.parquet").metadata.num_row_groups == 2


def test_no_rows_are_a_table_without_rows(tmp_path):
    """The columns are there all the same."""
    import pyarrow.parquet as pq

    write_parquet(iter(()), tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").column_names == list(COLUMNS)
