"""The race: a first harvest and one of unchanged data, against sickle, oaipmh-scythe and a mirror made by hand.

Whole processes, start included, one after another within a round; ratios are taken round by round. Memory is watched in
a round of its own, since watching it takes time.

Run: python -m tests.benchmarks.race [--records 20000] [--runs 5] [--latency-ms 30]
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks import contestants
from tests.benchmarks.measure import Measured, machine, run, size_of, spread
from tests.benchmarks.server import ceiling, running

Round = dict[str, Measured]
_PAIRS = (  # figure, who, against whom
    ("first harvest / sickle loop", "mirror, first", "sickle loop"),
    ("first harvest / scythe loop", "mirror, first", "scythe loop"),
    ("first harvest / by hand", "mirror, first", "by hand, first"),
    ("unchanged data / sickle loop", "mirror, again", "sickle loop"),
    ("unchanged data / by hand", "mirror, again", "by hand, again"),
)


def race(records: int, runs: int, latency_ms: float) -> None:
    """Run all contestants `runs` times and print rates, ratios, memory and disk."""
    contestants.rivals_python()
    rounds: list[Round] = []
    sizes: list[tuple[float, float]] = []
    with running([records], latency_ms=latency_ms) as address:
        print(f"{records} records, pages of 100, {latency_ms:g} ms a page; {machine()}")
        print(f"the server's ceiling: {ceiling(address, min(records, 20_000)):,.0f} records/s")
        for number in range(runs):
            found, size = _round(f"{address}/{records}/a/oai")
            rounds.append(found)
            sizes.append((size[0] / records, size[1] / records))
            print(
                f"round {number + 1}: " + ", ".join(f"{name} {m.seconds:.2f} s" for name, m in found.items()),
                flush=True,
            )
        watched, _ = _round(f"{address}/{records}/a/oai", watch=True)
    _print(rounds, watched, sizes, records)


def _round(url: str, *, watch: bool = False) -> tuple[Round, tuple[int, int]]:
    with tempfile.TemporaryDirectory(prefix="race-") as place:
        return _all(url, Path(place), watch=watch)


def _all(url: str, place: Path, *, watch: bool) -> tuple[Round, tuple[int, int]]:
    mirror, hand = place / "mirror.db", place / "hand.db"
    commands: dict[str, Callable[[], list[str]]] = {
        "sickle loop": lambda: contestants.sickle_loop([url]),
        "mirror, first": lambda: contestants.mirror(mirror, [url]),
        "mirror, again": lambda: contestants.mirror(mirror, [url], "--full"),
        "scythe loop": lambda: contestants.scythe_loop([url]),
        "by hand, first": lambda: contestants.by_hand(hand, [url]),
        "by hand, again": lambda: contestants.by_hand(hand, [url]),
    }
    return {name: run(command(), cwd=place, watch=watch) for name, command in commands.items()}, (
        size_of(mirror),
        size_of(hand),
    )


def _print(rounds: list[Round], watched: Round, sizes: list[tuple[float, float]], records: int) -> None:
    print("\nrecords/s: median (lowest to highest); processor microseconds a record; peak memory of all processes")
    for name in rounds[0]:
        found = [one[name] for one in rounds]
        rate = spread([records / m.seconds for m in found], "{:,.0f}")
        cpu_us = median(m.cpu_s for m in found) / records * 1e6
        memory = f"{watched[name].peak_pss / 1e6:.0f} MB (resident {watched[name].peak_rss / 1e6:.0f} MB)"
        print(f"  {name:16} {rate:32} {cpu_us:6.0f} us   {memory}")
    print("\nratio of rates, round by round: median (lowest to highest)")
    for figure, who, against in _PAIRS:
        print(f"  {figure:30} {spread([one[against].seconds / one[who].seconds for one in rounds])}")
    print(
        f"\nbytes on disk a record: mirror {median(s[0] for s in sizes):,.0f}, by hand {median(s[1] for s in sizes):,.0f}"
    )


def main() -> None:
    """Race from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args()
    race(options.records, options.runs, options.latency_ms)


if __name__ == "__main__":
    main()
