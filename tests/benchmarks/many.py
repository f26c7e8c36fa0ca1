"""Many repositories that answer slowly: all in one command, against a sickle loop that asks them one after another.

Run: python -m tests.benchmarks.many [--repositories 8] [--records 5000] [--latency-ms 30] [--runs 5]
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import contestants
from tests.benchmarks.measure import Measured, machine, run, spread
from tests.benchmarks.server import host, running


def many(repositories: int, records: int, latency_ms: float, runs: int) -> None:
    """Harvest `repositories` of `records` records each, `runs` times, and print the ratios pair by pair."""
    contestants.rivals_python()
    pairs: list[tuple[Measured, Measured]] = []
    hosts = min(repositories, 200)
    with running([records], latency_ms=latency_ms, hosts=hosts) as address:
        bases = [address.replace(host(0), host(number % hosts)) for number in range(repositories)]
        urls = [f"{base}/{records}/r{number}/oai" for number, base in enumerate(bases)]
        print(f"{repositories} repositories of {records} records, {latency_ms:g} ms a page; {machine()}")
        for number in range(runs):
            ours = _mirrored(urls)
            theirs = run(contestants.sickle_loop(urls), cwd=Path.cwd(), watch=False)
            pairs.append((ours, theirs))
            print(f"round {number + 1}: mirror {ours.seconds:.2f} s, sickle loop {theirs.seconds:.2f} s", flush=True)
        watched = _mirrored(urls, watch=True)
    total = repositories * records
    print(f"records/s: mirror {spread([total / m.seconds for m, _ in pairs], '{:,.0f}')}")
    print(f"           sickle loop {spread([total / s.seconds for _, s in pairs], '{:,.0f}')}")
    print(f"ratio, round by round: {spread([s.seconds / m.seconds for m, s in pairs])}")
    print(f"peak memory of all processes: {watched.peak_pss / 1e6:.0f} MB (resident {watched.peak_rss / 1e6:.0f} MB)")


def _mirrored(urls: Sequence[str], *, watch: bool = False) -> Measured:
    with tempfile.TemporaryDirectory(prefix="many-") as folder:
        command = contestants.mirror(Path(folder) / "mirror.db", urls, "--jobs", str(min(8, len(urls))))
        return run(command, cwd=Path(folder), watch=watch)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=8)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--latency-ms", type=float, default=30)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    many(options.repositories, options.records, options.latency_ms, options.runs)


if __name__ == "__main__":
    main()
