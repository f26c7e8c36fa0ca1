"""The daemon under random faults for a while: does it stay flat, does it leak, does everything come right at the end?

    python -m tests.benchmarks.soak --minutes 30 --repositories 50

A provider on the loopback serves many small repositories. For four fifths of the time one answer in four is spoilt: an error, a page
of HTML, a truncated or a late answer, a request to wait. Then all is well, and every repository must end complete. The daemon's own
memory, file descriptors and threads are read from /proc every few seconds (Linux only); the figures are printed as JSON.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from harvester.demo import world
from harvester.demo.server import App, Call, Reply, Server
from tests.harvester.daemon.living import Living

SPOILT = 0.25
SAMPLE_S = 5.0
WARM_UP = 0.25  # of the time: imports, caches and the forkserver settle
_MACHINE = """database = "mirror.db"
[http]
timeout_seconds = 5
max_attempts = 2
[schedule]
cron = "{cron}"
jitter_seconds = 30
retry_seconds = 5
max_parallel_repositories = 4
[server]
metrics = "127.0.0.1:0"
[logging]
format = "json"
"""


class Sample(NamedTuple):
    """The daemon's process at one instant, without its children."""

    at_s: float
    rss_mb: float
    descriptors: int
    threads: int


class Weather:
    """Answers that are spoilt at random while it is foul."""

    def __init__(self, seed: int) -> None:
        self.foul = True
        self.spoilt = 0
        self._random = random.Random(seed)

    def around(self, app: App) -> App:
        """Wrap what answers; the first part of a path only names the repository."""

        def answer(call: Call) -> Reply:
            inner = call._replace(path="/" + call.path.split("/", 2)[2])
            if not self.foul or self._random.random() >= SPOILT:
                return app(inner)
            self.spoilt += 1
            return self._spoil(app(inner))

        return answer

    def _spoil(self, reply: Reply) -> Reply:
        kind = self._random.choice(("error", "html", "cut", "late", "wait", "gone"))
        match kind:
            case "error":
                return Reply(500, b"oops")
            case "html":
                return Reply(200, b"<html><body>Down for maintenance</body></html>", (("Content-Type", "text/html"),))
            case "cut":
                return reply._replace(body=reply.body[: len(reply.body) // 2])
            case "late":
                time.sleep(1.5)
                return reply
            case "wait":
                return Reply(503, b"busy", (("Retry-After", "1"),))
            case _:
                return Reply(404, b"not here")


def main() -> None:
    """Run the soak and print its figures; ends with 1 where a bound is broken."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--minutes", type=float, default=30)
    words.add_argument("--repositories", type=int, default=50)
    words.add_argument("--cron", default="0 */2 * * * *", help="six fields, the first counts seconds")
    words.add_argument("--seed", type=int, default=1)
    told = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = soak(Path(folder), told.minutes * 60, told.repositories, cron=told.cron, seed=told.seed)
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.exit(0 if figures["passed"] else 1)


def soak(folder: Path, seconds: float, count: int, *, cron: str, seed: int) -> dict[str, Any]:
    """Let a daemon live through foul and fair weather; gives the figures."""
    weather = Weather(seed)

    def make(url: str) -> App:
        return weather.around(world.site(url, date(2026, 11, 24), lambda: datetime.now(UTC)))

    with Server(make) as server:
        _configure(folder, server.url, count, cron)
        daemon = Living(folder)
        try:
            samples = _live(daemon, weather, seconds)
            states = _wait_for_all(daemon, count)
        finally:
            took = daemon.end()
    return _figures(daemon, samples, states, seconds=seconds, spoilt=weather.spoilt, end_s=took)


def _configure(folder: Path, url: str, count: int, cron: str) -> None:
    (folder / "harvester.toml").write_text(_MACHINE.format(cron=cron))
    # The address that redirects is left out: its answer names a path of the server without our prefix.
    paths = [one.path for one in world.REPOSITORIES if "cgi-bin" not in one.path]
    tables = (f'[repositories.r{n:02}]\nbase_url = "{url}/r{n:02}{paths[n % len(paths)]}"\n' for n in range(count))
    (folder / "repositories.toml").write_text("\n".join(tables))


def _live(daemon: Living, weather: Weather, seconds: float) -> list[Sample]:
    daemon.wait_for(lambda d: d.named("started"))
    started = time.monotonic()
    samples = []
    while (now := time.monotonic() - started) < seconds:
        weather.foul = now < seconds * 0.8
        samples.append(_sample(daemon.process.pid, now))
        time.sleep(SAMPLE_S)
    weather.foul = False
    return samples


def _sample(pid: int, at_s: float) -> Sample:
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    rss_kb = int(status["VmRSS"].split()[0])
    return Sample(
        round(at_s, 1), round(rss_kb / 1024, 1), len(list(Path(f"/proc/{pid}/fd").iterdir())), int(status["Threads"])
    )


def _wait_for_all(daemon: Living, count: int, patience_s: float = 300) -> dict[str, int]:
    address = daemon.named("started")[0]["metrics"]
    deadline = time.monotonic() + patience_s
    while True:
        states = _states(str(address))
        if states.get("complete") == count or time.monotonic() > deadline:
            return states
        time.sleep(SAMPLE_S)


def _states(address: str) -> dict[str, int]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        text = answer.read().decode()
    states: dict[str, int] = {}
    for line in text.splitlines():
        if line.startswith("oai_mirror_state{") and line.endswith(" 1.0"):
            word = line.split('state="', 1)[1].split('"', 1)[0]
            states[word] = states.get(word, 0) + 1
    return states


def _figures(daemon: Living, samples: list[Sample], states: dict[str, int], **told: float) -> dict[str, Any]:
    warm = [sample for sample in samples if sample.at_s >= told["seconds"] * WARM_UP]
    third = max(len(warm) // 3, 1)
    early, late = warm[:third], warm[-third:]
    growth = statistics.median(s.rss_mb for s in late) / statistics.median(s.rss_mb for s in early) - 1
    outcomes: dict[str, int] = {}
    for run in daemon.runs():
        outcomes[run["outcome"]] = outcomes.get(run["outcome"], 0) + 1
    passed = (
        abs(growth) <= 0.10
        and max(s.descriptors for s in late) <= max(s.descriptors for s in early) + 4
        and max(s.threads for s in late) <= max(s.threads for s in early) + 2
        and list(states) == ["complete"]
        and daemon.process.returncode == 0
    )
    return {
        **told,
        "runs": outcomes,
        "states_at_the_end": states,
        "rss_mb": {
            "early": statistics.median(s.rss_mb for s in early),
            "late": statistics.median(s.rss_mb for s in late),
        },
        "rss_growth": round(growth, 4),
        "descriptors": {"early": max(s.descriptors for s in early), "late": max(s.descriptors for s in late)},
        "threads": {"early": max(s.threads for s in early), "late": max(s.threads for s in late)},
        "samples": len(samples),
        "errors_in_the_log": len([event for event in daemon.events if event["level"] == "ERROR"]),
        "passed": passed,
    }


if __name__ == "__main__":
    main()
