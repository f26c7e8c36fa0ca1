"""Figures for Prometheus: what this process counted, and what the mirror holds, read from its small tables at each scrape."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from harvester.engine.types import Report, Tick
from mirror_db.connection import open_reader
from mirror_db.errors import MirrorError
from mirror_db.reports import rows

_STATES = ("never", "complete", "partial", "stale", "failing", "deferred", "blocked")
_PAGE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_COUNTED = {
    "records": ("records", "Live records in the mirror."),
    "open_access": ("open_access_records", "Live records that are open access, by evidence."),
    "cc_by_nc": ("cc_by_nc_records", "Live records under CC BY-NC itself."),
    "deleted": ("tombstones", "Deleted records kept as tombstones."),
    "quarantine": ("quarantined_records", "Records that could not be read."),
}


class Metrics:
    """Every figure of one daemon, in a registry of its own."""

    def __init__(self, db: Path, queue: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, namespace="oai_mirror", registry=self.registry)
        gauge = partial(Gauge, namespace="oai_mirror", registry=self.registry)
        self._pages = counter("pages", "Pages received.", ["repository"])
        self._page_seconds = Histogram(
            "page_seconds",
            "Time from one page of a list to the next.",
            ["repository"],
            namespace="oai_mirror",
            registry=self.registry,
            buckets=_PAGE_SECONDS,
        )
        self._runs = counter("runs", "Runs that ended.", ["repository", "kind", "outcome"])
        self._requests = counter("requests", "HTTP requests sent.", ["repository"])
        self._retries = counter("retries", "HTTP requests that repeated an earlier one.", ["repository"])
        self._bytes = counter("received_bytes", "Bytes received on the wire.", ["repository"])
        self._alerts = counter("alerts", "Attempts to tell people.", ["way", "result"])
        self._reloads = counter("reloads", "Times the configuration was read again.", ["result"])
        self.running = gauge("running", "Runs in progress.")
        gauge("queued", "Runs that are due and wait for a free place.").set_function(queue)
        gauge("start_time_seconds", "When the daemon started.").set_to_current_time()
        self.registry.register(_Mirror(db))

    def page(self, tick: Tick, seconds: float) -> None:
        """Count a page that came `seconds` after the one before."""
        self._pages.labels(tick.repository).inc()
        self._page_seconds.labels(tick.repository).observe(seconds)

    def ran(self, repository: str, kind: str, outcome: str, report: Report | None) -> None:
        """Count a run that ended."""
        self._runs.labels(repository, kind, outcome).inc()
        if report is not None:
            self._requests.labels(repository).inc(report.requests)
            self._retries.labels(repository).inc(report.retries)
            self._bytes.labels(repository).inc(report.bytes_received)

    def told(self, way: str, result: str) -> None:
        """Count an attempt to tell people: delivered, failed or given up."""
        self._alerts.labels(way, result).inc()

    def reloaded(self, result: str) -> None:
        """Count a reading of the configuration: taken or refused."""
        self._reloads.labels(result).inc()

    def forget(self, repository: str) -> None:
        """Drop the figures of a repository that is not configured any more."""
        for family in (self._pages, self._page_seconds, self._requests, self._retries, self._bytes):
            try:
                family.remove(repository)
            except KeyError:
                continue


class _Mirror(Collector):
    """What the mirror's small tables say, read when asked; nothing while the file cannot be read."""

    def __init__(self, db: Path) -> None:
        self._db = db

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            with closing(open_reader(self._db)) as conn:
                yield from _counted(
                    rows(conn, "SELECT repository, measure, value FROM stats WHERE key = '-' AND repository <> '*'")
                )
                yield from _standing(
                    rows(conn, "SELECT id, state, failures, last_complete_at FROM repositories ORDER BY id")
                )
                yield from _appointed(rows(conn, "SELECT repository, at FROM appointments ORDER BY repository"))
                waiting = rows(conn, "SELECT count(*) AS n FROM alerts WHERE ended_at IS NULL")[0]["n"]
                yield GaugeMetricFamily("oai_mirror_alerts_waiting", "Messages not delivered yet.", waiting)
                size = os.path.getsize(self._db)
                yield GaugeMetricFamily("oai_mirror_database_bytes", "Size of the mirror's file.", size)
        except (MirrorError, OSError):
            return


def _counted(found: list[dict[str, object]]) -> Iterator[Metric]:
    for measure, (name, what) in _COUNTED.items():
        family = GaugeMetricFamily(f"oai_mirror_{name}", what, labels=["repository"])
        for row in found:
            if row["measure"] == measure:
                family.add_metric([str(row["repository"])], float(str(row["value"])))
        yield family


def _standing(found: list[dict[str, object]]) -> Iterator[Metric]:
    state = GaugeMetricFamily("oai_mirror_state", "1 for the state a repository is in.", labels=["repository", "state"])
    failures = GaugeMetricFamily(
        "oai_mirror_failures_in_a_row", "Runs in a row that did not end complete.", labels=["repository"]
    )
    complete = GaugeMetricFamily(
        "oai_mirror_last_complete_timestamp_seconds", "When it was last complete.", labels=["repository"]
    )
    for row in found:
        number = str(row["id"])
        for word in _STATES:
            state.add_metric([number, word], float(row["state"] == word))
        failures.add_metric([number], float(str(row["failures"])))
        if row["last_complete_at"]:
            complete.add_metric([number], _seconds(row["last_complete_at"]))
    yield from (state, failures, complete)


def _appointed(found: list[dict[str, object]]) -> Iterator[Metric]:
    family = GaugeMetricFamily("oai_mirror_next_run_timestamp_seconds", "When it is asked next.", labels=["repository"])
    for row in found:
        family.add_metric([str(row["repository"])], _seconds(row["at"]))
    yield family


def _seconds(instant: object) -> float:
    return datetime.fromisoformat(str(instant)).timestamp()
