"""What reading costs: `python -m tests.benchmarks.reading FOLDER` on a folder of real responses.

Prints microseconds of processor time per record from parse to model, with warm caches: median, mean, 95th percentile and the
share of each stage. The parse of the XML is measured apart, for a page is parsed as a whole.
"""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from harvester.oai.page import reopen
from harvester.reading import record as reading
from harvester.reading.assemble import Draft
from harvester.reading.fields import Field
from harvester.reading.formats import extract
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import judge
from tests.benchmarks.responses import Found, records

TODAY = date(2026, 11, 23)
ROUNDS = 3  # the best of so many, after one that warms the caches
Times = dict[str, float]


def main(arguments: list[str]) -> int:
    """Print the table."""
    if not arguments:
        print("usage: python -m tests.benchmarks.reading FOLDER", file=sys.stderr)
        return 2
    live = [found for found in records(Path(arguments[0])) if found.metadata is not None and not found.deleted]
    whole = _best(live, _whole)
    print(f"{len(live)} live records, warm caches, processor time in microseconds per record")
    print(f"{'stage':<20} {'median':>8} {'mean':>8} {'95 %':>8}")
    _line("parse to model", [one["parse to model"] for one in whole])
    for stage, figures in _by_stage(_best(live, _stages)).items():
        _line(f"  {stage}", figures)
    parsed = [found for found in live if found.xml]
    _line("one slice parsed", [one["parse"] for one in _best(parsed, _parse)])
    return 0


def _best(live: list[Found], measure: Callable[[Found], Times]) -> list[Times]:
    rounds = [[measure(found) for found in live] for _ in range(ROUNDS + 1)][1:]
    return [
        {stage: min(one[stage] for one in times) * 1e6 for stage in times[0]} for times in zip(*rounds, strict=True)
    ]


def _whole(found: Found) -> Times:
    start = time.process_time_ns()
    reading.read_record(
        found.identifier,
        found.datestamp,
        False,
        found.sets,
        found.metadata,
        prefix=found.prefix,
        profile=DEFAULT,
        today=TODAY,
    )
    return {"parse to model": (time.process_time_ns() - start) / 1e9}


def _stages(found: Found) -> Times:
    times: Times = {}
    draft = Draft(DEFAULT, found.datestamp)
    extracted = _timed(times, "fields", lambda: extract(found.metadata, found.prefix))
    draft.take(extracted.fields)
    for step in reading._STEPS:
        _timed(times, step.__name__.removeprefix("read_"), lambda step=step: step(draft))
    sets = tuple(Field("setSpec", n, spec) for n, spec in enumerate(found.sets, 1))
    _timed(times, "rights", lambda: judge((*draft.fields, *sets), profile=DEFAULT, today=TODAY))
    return times


def _timed(times: Times, name: str, work: Callable[[], Any]) -> Any:
    start = time.process_time_ns()
    result = work()
    times[name] = (time.process_time_ns() - start) / 1e9
    return result


def _parse(found: Found) -> Times:
    times: Times = {}
    _timed(times, "parse", lambda: reopen(found.xml, found.context))
    return times


def _by_stage(all_times: list[Times]) -> dict[str, list[float]]:
    stages: dict[str, list[float]] = defaultdict(list)
    for times in all_times:
        for stage, micros in times.items():
            stages[stage].append(micros)
    return dict(sorted(stages.items(), key=lambda pair: -statistics.fmean(pair[1])))


def _line(name: str, figures: list[float]) -> None:
    ordered = sorted(figures)
    high = ordered[int(len(ordered) * 0.95)]
    print(f"{name:<20} {statistics.median(ordered):>8.1f} {statistics.fmean(ordered):>8.1f} {high:>8.1f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
