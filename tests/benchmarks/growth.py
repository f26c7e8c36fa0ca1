"""Does a record cost more when the mirror is large? First harvests of growing size, then the same 10,000 records added to each.

Run: python -m tests.benchmarks.growth [--sizes 10000 100000 1000000]
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median

from mirror_db.connection import open_reader
from mirror_db.site.asked import Asked
from mirror_db.site.mirrors import queries
from mirror_db.site.search import search
from tests.benchmarks import contestants
from tests.benchmarks.measure import SAMPLE_S, Measured, machine, run, size_of
from tests.benchmarks.server import running

ADDED = 10_000
REPEATS = 5
SEARCHES = (  # as a visitor may ask; the first is what the bound speaks of
    Asked(text="analysis"),
    Asked(text="analysis data"),
    Asked(text="analysis", open=True),
    Asked(text="analysis", year="2020"),
    Asked(text='"data analysis"'),
    Asked(text="anal*"),
)
QUERIES = (
    (
        "full text, common word, best 20 of all, not capped",
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
            first = _harvest(db, f"{address}/{size}/a/oai", every_s=max(SAMPLE_S, size / 1_000_000))
            print(
                f"{size} records: {_cost(first, size)}, {size / first.seconds:,.0f} records/s, {_peak(first)}, "
                f"{size_of(db) / size:,.0f} bytes on disk a record"
            )
            added = _harvest(db, f"{address}/{ADDED}/b/oai")
            print(f"  {ADDED} more from another repository: {_cost(added, ADDED)}, {_peak(added)}")
            again = _harvest(db, f"{address}/{ADDED}/b/oai", "--full")
            print(f"  the same again, unchanged: {_cost(again, ADDED)}, {_peak(again)}")
            nothing = _harvest(db, f"{address}/{ADDED}/b/oai")
            print(f"  what is new since, which is nothing: {_cost(nothing, ADDED)}, {_peak(nothing)}", flush=True)
            _ask(db)


def _harvest(db: Path, url: str, *options: str, every_s: float = SAMPLE_S) -> Measured:
    return run(contestants.mirror(db, [url], *options), cwd=db.parent, every_s=every_s)


def _cost(measured: Measured, records: int) -> str:
    return (
        f"{measured.seconds:.2f} s, processor {measured.cpu_s:.2f} s, {measured.cpu_s / records * 1e6:.0f} us a record"
    )


def _peak(measured: Measured) -> str:
    return f"peak memory {measured.peak_pss / 1e6:.0f} MB"


def _ask(db: Path) -> None:
    """Ask by SQL and as the search of the site does: medians of wall and processor time, and what the first one took."""
    with closing(open_reader(db)) as conn:
        ready = next(one.sql for one in queries() if one.name == "best_matches")
        asked: dict[str, Callable[[], object]] = {
            f"search page: {one.words}": partial(search, conn, one) for one in SEARCHES
        }
        asked["ready-made query best_matches: analysis"] = lambda: conn.execute(ready, {"words": "analysis"}).fetchall()
        asked |= {name: partial(_rows, conn, query) for name, query in QUERIES}
        for name, ask in asked.items():
            times = [_timed(ask) for _ in range(REPEATS)]
            wall, own = (median(one) * 1000 for one in zip(*times, strict=True))
            print(f"  {name}: {wall:.1f} ms, processor {own:.1f} ms (first {times[0][0] * 1000:.1f} ms)", flush=True)


def _rows(conn: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return conn.execute(query).fetchall()


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Give wall and processor time in seconds."""
    wall, own = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - wall, time.process_time() - own


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    growth(parser.parse_args().sizes)


if __name__ == "__main__":
    main()
