"""Measuring whole processes: wall time, processor time, and the memory of a process with all its children."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

SAMPLE_S = 0.1


class Measured(NamedTuple):
    """One finished command. Memory in bytes: the highest sum over its processes seen while it ran."""

    seconds: float
    cpu_s: float
    peak_rss: int
    peak_pss: int  # shared pages counted once; 0 where the system does not tell
    output: str


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    watch: bool = True,
    every_s: float = SAMPLE_S,
) -> Measured:
    """Run a command to its end, and `watch` its memory. Raises RuntimeError with what it printed when it fails.

    Where time is measured, memory is not: adding up the pages of a process holds it up, the more the larger it is.
    """
    begun, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=None if env is None else {**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    rss = pss = 0
    while True:
        try:
            output, errors = process.communicate(timeout=every_s if watch else None)
            break
        except subprocess.TimeoutExpired:
            seen = [_memory(pid) for pid in _family(process.pid)]
            rss, pss = max(rss, sum(one[0] for one in seen)), max(pss, sum(one[1] for one in seen))
    seconds, after = time.perf_counter() - begun, os.times()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}\n{output}{errors}")
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(seconds, cpu_s, rss, pss, output)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = children.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _family(int(child))


def _memory(pid: int) -> tuple[int, int]:
    """Give resident and proportional memory of one process in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return kilobytes.get("Rss", 0) * 1024, kilobytes.get("Pss", 0) * 1024


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Give the median and, behind it, the lowest and the highest."""
    shown = [form.format(value) for value in (median(values), min(values), max(values))]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def size_of(db: Path) -> int:
    """Give the bytes on disk of an SQLite database with the files beside it."""
    return sum(path.stat().st_size for path in db.parent.glob(f"{db.name}*"))


def machine() -> str:
    """Say in a line on what is measured, and how busy it is."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load:.1f}, Python {'.'.join(map(str, __import__('sys').version_info[:3]))}"
