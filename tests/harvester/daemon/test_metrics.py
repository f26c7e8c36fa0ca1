"""The figures for Prometheus, read back with the client's own parser, and the health of the daemon."""

import json
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from harvester.daemon.metrics import Metrics
from harvester.daemon.watching import WatchServer, address_of
from harvester.engine.types import Report, Tick
from mirror_db import appointments, repositories
from mirror_db.appointments import Appointment
from mirror_db.connection import open_writer, transaction


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A mirror with one repository in trouble, whose id needs escaping in the text format."""
    db = tmp_path / "mirror.db"
    with closing(open_writer(db)) as conn, transaction(conn):
        repositories.enter(conn, 'a"\\b', name="One", base_url="https://one.example/oai")
        repositories.settle(conn, 'a"\\b', state="failing", reason="away", now="2026-11-24T08:00:00Z")
        conn.execute("INSERT INTO stats VALUES (?, 'records', '-', 12, '2026-11-24T08:00:00Z')", ('a"\\b',))
        appointments.appoint(
            conn, Appointment('a"\\b', "2026-11-24T09:00:00Z", "harvest", "why"), now="2026-11-24T08:00:00Z"
        )
    return db


def _samples(text: str) -> dict[tuple[str, ...], float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[(sample.name, *(value for _, value in sorted(sample.labels.items())))] = sample.value
    return found


def test_the_text_is_valid_and_says_what_happened(db):
    """Counters of this process beside what the mirror holds."""
    metrics = Metrics(db, lambda: 3)
    metrics.page(Tick("one", 1, 1, 50, None), 0.2)
    metrics.ran("one", "harvest", "complete", Report("one", "One", "complete", None, "complete", 1, requests=4))
    metrics.told("webhook", "failed")
    found = _samples(generate_latest(metrics.registry).decode())
    expected = {
        ("oai_mirror_pages_total", "one"): 1,
        ("oai_mirror_page_seconds_count", "one"): 1,
        ("oai_mirror_runs_total", "harvest", "complete", "one"): 1,
        ("oai_mirror_requests_total", "one"): 4,
        ("oai_mirror_alerts_total", "failed", "webhook"): 1,
        ("oai_mirror_queued",): 3,
        ("oai_mirror_records", 'a"\\b'): 12,
        ("oai_mirror_state", 'a"\\b', "failing"): 1,
        ("oai_mirror_state", 'a"\\b', "complete"): 0,
        ("oai_mirror_failures_in_a_row", 'a"\\b'): 1,
        ("oai_mirror_next_run_timestamp_seconds", 'a"\\b'): 1795510800,
        ("oai_mirror_alerts_waiting",): 0,
    }
    assert {name: found.get(name) for name in expected} == expected


def test_a_mirror_that_cannot_be_read_leaves_the_counters(tmp_path):
    """A scrape never fails because of the file."""
    metrics = Metrics(tmp_path / "absent.db", lambda: 0)
    assert ("oai_mirror_queued",) in _samples(generate_latest(metrics.registry).decode())


def test_a_repository_that_went_is_forgotten(db):
    """Its series end with it."""
    metrics = Metrics(db, lambda: 0)
    metrics.page(Tick("one", 1, 1, 50, None), 0.2)
    metrics.forget("one")
    metrics.forget("never-seen")
    assert ("oai_mirror_pages_total", "one") not in _samples(generate_latest(metrics.registry).decode())


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_three_answers(db):
    """/metrics, /healthz by the scheduler's life, and nothing else."""
    health = {"well": True}
    server = WatchServer(
        ("127.0.0.1", 0), Metrics(db, lambda: 0).registry, lambda: (health["well"], {"status": str(health["well"])})
    )
    try:
        url = f"http://{server.address}"
        well = _get(f"{url}/healthz")
        health["well"] = False
        assert [well, _get(f"{url}/healthz")] == [(200, '{"status": "True"}\n'), (503, '{"status": "False"}\n')]
        assert _get(f"{url}/metrics?x=1")[0] == 200
        assert _get(f"{url}/")[0] == 404
    finally:
        server.close()
    assert json.loads(well[1]) == {"status": "True"}


@pytest.mark.parametrize(("listen", "address"), [("127.0.0.1:9183", ("127.0.0.1", 9183)), ("[::1]:80", ("::1", 80))])
def test_addresses_are_read(listen, address):
    """HOST:PORT, an IPv6 host in brackets."""
    assert address_of(listen) == address
