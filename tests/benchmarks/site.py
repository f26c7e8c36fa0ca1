"""How quick the pages are on a large mirror, and whether a writer at full speed disturbs them.

Run: python -m tests.benchmarks.site FILE [LOADS]. FILE is made first where it is missing (a million records: some minutes, about 3 GB):
python -m tests.benchmarks.mirror_generator FILE 1000000. LOADS (5000) pages are loaded while another process rewrites records of FILE.
Ends with 1 where a median is over its bound or a load failed.
"""

import asyncio
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from datasette.app import Datasette

from mirror_db.connection import open_reader, open_writer
from mirror_db.entries import Batch
from mirror_db.store import Store
from tests.benchmarks.mirror_generator import Maker, make_mirror

REPEATS = 9
AT_ONCE = 4
REWRITTEN = 20_000  # records that the writer goes round and round: the file does not grow


class Kind(NamedTuple):
    """One kind of page: its addresses and the bound of the median over all of them."""

    name: str
    paths: tuple[str, ...]
    bound_ms: int


def kinds(path: Path) -> tuple[Kind, ...]:
    """Give the pages to measure, with words and numbers that the mirror holds."""
    with open_reader(path) as conn:
        newest = conn.execute("SELECT max(id) FROM records").fetchone()[0]
        names = [row[0] for row in conn.execute("SELECT id FROM repositories ORDER BY id")]
        title = conn.execute("SELECT title FROM records WHERE id = ?", (newest // 2,)).fetchone()[0]
    rng = random.Random(1)
    numbers = [rng.randint(1, newest) for _ in range(20)]
    rare, pair = title.split()[-1], " ".join(title.split()[:2])
    texts = ("health", "model data", "the", rare, pair, f'"{pair}"', "hea*")
    narrowed = (
        "",
        "?open=1",
        "?cc_by_nc=1",
        f"?repository={names[0]}",
        "?license=",
        "?access=embargoed&year=2025",
        "?page=400",
    )
    return (
        Kind("home", ("/",), 200),
        Kind("search, full text", tuple(f"/search?q={quote_plus(text)}" for text in texts), 500),
        Kind(
            "search, full text narrowed", tuple(f"/search?q={quote_plus(text)}&open=1&type=book" for text in texts), 500
        ),
        Kind("search, facets alone", tuple(f"/search{rest}" for rest in narrowed), 500),
        Kind("record", tuple(f"/record/{number}" for number in numbers), 100),
        Kind("repository", tuple(f"/repository/{name}" for name in (names[0], names[5], names[-1])), 500),
    )


async def measure(site: Datasette, kind: Kind) -> dict[str, float]:
    """Give the median of each address in milliseconds; the first load of each is not counted."""
    found = {}
    for path in kind.paths:
        times = [await _load(site, path) for _ in range(REPEATS + 1)][1:]
        found[path] = statistics.median(times)
    return found


async def _load(site: Datasette, path: str) -> float:
    started = time.perf_counter()
    answer = await site.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    took_ms = 1000 * (time.perf_counter() - started)
    return float("inf") if "took too long" in answer.text else took_ms


async def loads(site: Datasette, paths: Iterable[str]) -> Counter[str]:
    """Load pages, some at once; gives how often each status came, "slow" for a search that the time limit ended."""
    queue, seen = iter(paths), Counter[str]()

    async def work() -> None:
        for path in queue:
            answer = await site.client.get(path)
            seen["slow" if "took too long" in answer.text else str(answer.status_code)] += 1

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return seen


def rewrite(path: Path, ready: Event, stop: Event, written: Any) -> None:
    """Rewrite records of the first repository with other content, a thousand a commit, until told to stop."""
    store = Store(open_writer(path), now=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    run = store.begin_run("repo00", "harvest", version="benchmark")
    turn = 0
    while not stop.is_set():
        turn += 1
        entries = Maker(random.Random(turn)).entries("repo00", turn, REWRITTEN)
        while not stop.is_set() and (page := tuple(islice(entries, 1000))):
            store.commit(Batch("repo00", run, "oai_dc", page))
            written.value += len(page)
            ready.set()
    store.end_run("repo00", run, outcome="complete", reason=None)


def while_writing(path: Path, number: int) -> tuple[Counter[str], int, float]:
    """Load pages beside a writer; gives their statuses, the records written meanwhile and the seconds it took."""
    context = multiprocessing.get_context("spawn")
    ready, stop, written = context.Event(), context.Event(), context.Value("q", 0)
    writer = context.Process(target=rewrite, args=(path, ready, stop, written))
    writer.start()
    while not ready.wait(1):
        assert writer.is_alive(), "the writer failed"
    every = [one for kind in kinds(path) for one in kind.paths]
    rng, started, before = random.Random(2), time.perf_counter(), written.value
    try:
        seen = asyncio.run(loads(Datasette([str(path)]), (rng.choice(every) for _ in range(number))))
    finally:
        stop.set()
        writer.join()
    return seen, written.value - before, time.perf_counter() - started


def main(path: Path, number: int) -> int:
    """Measure and print; gives the exit code."""
    os.environ.setdefault("OAI_MIRROR_TODAY", "2026-11-23")
    if not path.exists():
        make_mirror(path, 1_000_000)
    site = Datasette([str(path)])
    over = 0
    for kind in kinds(path):
        found = asyncio.run(measure(site, kind))
        median, (slowest, worst) = statistics.median(found.values()), max(found.items(), key=lambda pair: pair[1])
        over += median > kind.bound_ms
        print(f"{kind.name:<28} median {median:>6.0f} ms (bound {kind.bound_ms}), slowest {worst:>6.0f} ms {slowest}")
    if not number:
        return int(bool(over))
    seen, written, seconds = while_writing(path, number)
    told = ", ".join(f"{status}: {times}" for status, times in seen.items())
    print(f"{number} loads in {seconds:.0f} s beside a writer of {written / seconds:.0f} records/s: {told}")
    return int(bool(over) or set(seen) != {"200"})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5000))
