"""Does a record cost more when the mirror is large? First harvests of growing size, then the same 10,000 records added to each.

Run: python -m tests.benchmarks.growth [--sizes 10000 100000 1000000]
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.benchmarks import contestants
from tests.benchmarks.measure import machine, run, size_of
from tests.benchmarks.server import running

ADDED = 10_000
QUERIES = (
    (
        "full text, common word, first 20",
        "SELECT rowid FROM records_fts WHERE records_fts MATCH 'analysis' ORDER BY rank LIMIT 20",
    ),
    ("full text, any order, first 20", "SELECT rowid FROM records_fts WHERE records_fts MATCH 'analysis' LIMIT 20"),
    ("facet: year", "SELECT year, count(*) FROM records WHERE deleted = 0 GROUP BY year"),
    ("facet: licence", "SELECT license, count(*) FROM records WHERE deleted = 0 GROUP BY license"),
    ("facet: access", "SELECT access, count(*) FROM records WHERE deleted = 0 GROUP BY access"),
    ("facet: repository", "SELECT repository, count(*) FROM records WHERE deleted = 0 GROUP BY repository"),
    (
        "filter: year and open, first 20",
        "SELECT id, title FROM records WHERE year = 2020 AND is_open_access = 1 LIMIT 20",
    ),
)


def growth(sizes: Sequence[int]) -> None:
    """Harvest each size into a new mirror, add to it, ask it, and print what each cost."""
    with running([*sizes, ADDED]) as address, tempfile.TemporaryDirectory(prefix="growth-") as folder:
        print(f"{machine()}")
        for size in sizes:
            db = Path(folder) / f"{size}.db"
            first = run(contestants.mirror(db, [f"{address}/{size}/a/oai"]), cwd=Path(folder))
            print(
                f"{size} records: {first.seconds:.1f} s, {first.seconds / size * 1e6:.0f} us a record, {size / first.seconds:,.0f} records/s, "
                f"peak memory {first.peak_pss / 1e6:.0f} MB (resident {first.peak_rss / 1e6:.0f} MB), {size_of(db) / size:,.0f} bytes on disk a record"
            )
            added = run(contestants.mirror(db, [f"{address}/{ADDED}/b/oai"]), cwd=Path(folder))
            print(
                f"  {ADDED} more from another repository: {added.seconds:.2f} s, {added.seconds / ADDED * 1e6:.0f} us a record"
            )
            again = run(contestants.mirror(db, [f"{address}/{ADDED}/b/oai"], "--full"), cwd=Path(folder))
            print(
                f"  the same again, unchanged: {again.seconds:.2f} s, {again.seconds / ADDED * 1e6:.0f} us a record",
                flush=True,
            )
            _ask(db)


def _ask(db: Path) -> None:
    with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as conn:
        for name, query in QUERIES:
            times = [_timed(conn, query) for _ in range(5)]
            print(f"  {name}: {median(times) * 1000:.1f} ms (first {times[0] * 1000:.1f} ms)", flush=True)


def _timed(conn: sqlite3.Connection, query: str) -> float:
    begun = time.perf_counter()
    conn.execute(query).fetchall()
    return time.perf_counter() - begun


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    growth(parser.parse_args().sizes)


if __name__ == "__main__":
    main()
