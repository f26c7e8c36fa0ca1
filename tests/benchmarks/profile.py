"""What a record costs, stage by stage, in one process: unzip, parse, read, look up, write; then the bytes of every table.

Run: python -m tests.benchmarks.profile [--records 20000] [--functions 25]
"""

import argparse
import cProfile
import gzip
import pstats
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TypeVar

from harvester.engine.collecting import seldom_collecting
from harvester.engine.desk import Desk
from harvester.engine.pages import read_page
from harvester.oai.page import Page, parse
from harvester.reading.profile import DEFAULT
from mirror_db.connection import open_writer
from mirror_db.entries import Batch, Progress
from mirror_db.ledger import NewList
from mirror_db.store import Store
from tests.benchmarks.corpus import ready
from tests.benchmarks.measure import machine

_T = TypeVar("_T")
_TODAY = date(2026, 11, 23)


def profile(records: int, functions: int) -> None:
    """Print microseconds a record per stage, bytes a record per table, and the costliest functions of reading."""
    print(f"{records} records; {machine()}\nprocessor microseconds a record:")
    zipped = _zipped(records)
    bodies = _stage("unzip", records, lambda: [gzip.decompress(one) for one in zipped])
    parsed = _stage("parse", records, lambda: [_page(body) for body in bodies])
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        db = Path(folder) / "mirror.db"
        with closing(open_writer(db)) as conn:
            store = Store(conn)
            store.enter("a", name="a", base_url="http://127.0.0.1/oai")
            run = store.begin_run("a", "harvest", version="")
            progress = Progress(store.open_list("a", run, NewList("ListRecords", "full", "oai_dc")), "token")
            desk = Desk("a", run, "oai_dc", DEFAULT, _TODAY)
            batches = _stage(
                "read and compress",
                records,
                lambda: [read_page(p, desk, {}, place="", progress=progress) for p in parsed],
            )
            _stage("write", records, lambda: _write(store, run, batches))
            names = [[item.identifier or "" for item in page.items] for page in parsed]
            _stage("look up known", records, lambda: [store.known("a", "oai_dc", page) for page in names])
        _print_tables(db, records)
    if functions:
        _print_functions(bodies[:50], desk, functions)


def _zipped(records: int) -> list[bytes]:
    corpus = ready(records)
    whole = corpus.path.read_bytes()
    return [whole[start:end] for start, end in zip(corpus.offsets, corpus.offsets[1:], strict=False)]


def _stage(name: str, records: int, work: Callable[[], _T]) -> _T:
    begun = time.process_time()
    result = work()
    print(f"  {name:20} {(time.process_time() - begun) / records * 1e6:7.1f}", flush=True)
    return result


def _page(body: bytes) -> Page:
    page = parse(body)
    assert isinstance(page, Page)
    return page


def _write(store: Store, run: int, batches: Sequence[Batch]) -> None:
    for batch in batches:
        store.commit(batch)
    store.end_run("a", run, outcome="complete", reason=None)


def _print_tables(db: Path, records: int) -> None:
    print("bytes a record, tables and indexes of more than one byte:")
    with closing(sqlite3.connect(db)) as conn:
        try:
            rows = conn.execute(
                "SELECT name, sum(pgsize), sum(unused) FROM dbstat GROUP BY name ORDER BY 2 DESC"
            ).fetchall()
        except sqlite3.OperationalError:
            print("  this SQLite was built without dbstat")
            return
    for name, size, unused in rows:
        if size >= records:
            print(f"  {name:24} {size / records:7.0f}   of which empty {unused / records:.0f}")
    print(f"  {'total':24} {sum(size for _, size, _ in rows) / records:7.0f}")


def _print_functions(bodies: Sequence[bytes], desk: Desk, functions: int) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for body in bodies:
        read_page(_page(body), desk, {}, place="", progress=None)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(functions)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--functions", type=int, default=0)
    options = parser.parse_args()
    with seldom_collecting():  # as a harvest does
        profile(options.records, options.functions)


if __name__ == "__main__":
    main()
