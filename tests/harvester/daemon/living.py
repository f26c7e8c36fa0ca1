"""The real daemon process, its log as events, and a provider that can be slowed down."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from harvester.demo import world
from harvester.demo.server import App, Call, Reply, Server

PATIENCE_S = 120.0  # a bound for a busy machine, not a measure
_MACHINE = """database = "mirror.db"
[schedule]
cron = "* * * * * *"
jitter_seconds = 0
retry_seconds = 1
[server]
metrics = "127.0.0.1:0"
[logging]
level = "DEBUG"
"""


class Living:
    """One daemon process on a folder with a configuration."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.events: list[dict[str, Any]] = []
        self.text = ""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OAI_MIRROR_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harvester", "--config", str(folder), "daemon"],
            stderr=subprocess.PIPE,
            text=True,
            env={**clean, **environ},
            cwd=folder,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.text += line
            if line.startswith("{"):
                self.events.append(json.loads(line))

    def wait_for(self, what: Callable[["Living"], object], *, patience_s: float = PATIENCE_S) -> None:
        """Wait until something is so; fails with the log when it never is."""
        deadline = time.monotonic() + patience_s
        while not what(self):
            assert time.monotonic() < deadline, f"waited in vain; the log was:\n{self.text}"
            assert self.process.poll() is None, f"the daemon ended; the log was:\n{self.text}"
            time.sleep(0.05)

    def runs(self, repository: str | None = None, outcome: str | None = None) -> list[dict[str, Any]]:
        """Give the runs that ended, in the order of the log."""
        return [
            event
            for event in self.named("run")
            if repository in (None, event["repository"]) and outcome in (None, event["outcome"])
        ]

    def named(self, name: str) -> list[dict[str, Any]]:
        """Give the events of one name."""
        return [event for event in self.events if event["event"] == name]

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; gives the seconds that took."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return time.monotonic() - started


@contextmanager
def living(folder: Path, **environ: str) -> Iterator[Living]:
    """Run a daemon for the block; it is killed afterwards if it still runs."""
    daemon = Living(folder, **environ)
    try:
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.end(signal.SIGKILL)
        assert daemon.process.stderr is not None
        daemon.process.stderr.close()


class Slowed:
    """A provider whose pages can be held back: `delay_s` before each answer to ListRecords."""

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.awake = threading.Event()  # set: answers that are held back come at once
        self.asked = threading.Event()  # for records
        self.failing: set[str] = set()  # paths that answer 503

    def around(self, app: App) -> App:
        """Wrap what answers."""

        def answer(call: Call) -> Reply:
            if call.path in self.failing:
                return Reply(404, b"gone fishing")
            if "ListRecords" in call.query:
                self.asked.set()
                self.awake.wait(self.delay_s)
            return app(call)

        return answer


@contextmanager
def provider(slowed: Slowed) -> Iterator[Server]:
    """Serve the bundled repositories on the loopback."""
    with Server(lambda url: slowed.around(world.site(url, date(2026, 11, 24), lambda: datetime.now(UTC)))) as server:
        yield server


def configure(folder: Path, url: str, names: list[str], *, machine: str = _MACHINE, extra: str = "") -> None:
    """Write the configuration of some of the bundled repositories, in turn on two hosts that are both this machine."""
    told = {one.id: one for one in world.REPOSITORIES}
    hosts = (url, url.replace("127.0.0.1", "localhost"))
    tables = [
        f'[repositories.{name}]\nbase_url = "{hosts[number % 2]}{told[name].path}"\n{extra}'
        for number, name in enumerate(names)
    ]
    (folder / "harvester.toml").write_text(machine)
    (folder / "repositories.toml").write_text("\n".join(tables))
