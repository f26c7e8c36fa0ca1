"""Witnesses are asked politely, once until an answer expires, and contradict the mirror without changing it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.config import Settings, load
from harvester.demo.server import Call, Reply, Server
from harvester.jobs.enrich import Enriched, run
from harvester.stopping import Stopping
from mirror_db.connection import open_writer
from mirror_db.witnesses import conflicts
from tests.harvester.engine.test_beside import Server as Repository
from tests.harvester.engine.test_beside import run as harvest
from tests.harvester.reading.formats.building import element
from tests.harvester.reading.test_witness import OPEN, WORK, body, works

JSON = (("Content-Type", "application/json"),)
DOIS = ("10.5555/one", "10.5555/two", "10.5555/three")


class Double:
    """Both witnesses in memory; `status` is answered to everything where it is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status: int | None = None

    def __call__(self, call: Call) -> Reply:
        self.asked.append(call.path)
        if self.status:
            return Reply(self.status, b"{}", JSON)
        asked = parse_qs(call.query)
        if call.path == "/crossref/works":
            assert asked["mailto"] == ["me@example.org"]
            names = [one.removeprefix("doi:") for one in asked["filter"][0].split(",")]
            return Reply(200, works(*({**WORK, "DOI": name} for name in names if name.endswith("two"))), JSON)
        assert asked["email"] == ["me@example.org"]
        if call.path.endswith("/one"):
            return Reply(200, body(OPEN), JSON)
        return Reply(404, body({"error": True}), JSON)


class World:
    """A mirror with three DOIs and the witnesses."""

    def __init__(self, folder: Path, double: Double, url: str) -> None:
        self.db, self.double, self.folder = folder / "mirror.db", double, folder
        self.environ = {
            "OAI_MIRROR_HTTP__CONTACT": "me@example.org",
            "OAI_MIRROR_ENRICH__ENABLED": "true",
            "OAI_MIRROR_ENRICH__UNPAYWALL": f"{url}/unpaywall",
            "OAI_MIRROR_ENRICH__CROSSREF": f"{url}/crossref",
            "OAI_MIRROR_ENRICH__INTERVAL_SECONDS": "0.1",
        }
        records = [
            (
                f"oai:x:{n}",
                f"2026-01-0{n}T00:00:00Z",
                element("dc:title", f"Paper {n}")
                + element("dc:identifier", f"doi:{doi}")
                + element("dc:rights", "CC BY 4.0"),
            )
            for n, doi in enumerate(DOIS, 1)
        ]
        with closing(open_writer(self.db)) as conn:
            harvest(conn, Repository(oai_dc=records))

    def settings(self, **more: str) -> Settings:
        """Load the settings of the environment."""
        return load(None, environ={**self.environ, **more}, folder=self.folder).settings

    def ask(self, *, limit: int | None = None, **more: str) -> list[Enriched]:
        """Ask once."""
        self.double.asked.clear()
        return run(self.settings(**more), (), db=self.db, limit=limit, stopping=Stopping())

    def rows(self, query: str) -> list[tuple]:
        """Ask the mirror."""
        with closing(open_writer(self.db)) as conn:
            return conn.execute(query).fetchall()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    double = Double()
    with Server(lambda url: double) as server:
        yield World(tmp_path, double, server.url)


def test_every_doi_is_asked_about_and_no_record_is_changed(world):
    """One request per DOI to Unpaywall, one for all to Crossref; what they say stands beside the records."""
    before = world.rows("SELECT * FROM records")
    assert [
        Enriched("unpaywall", 3, 1, 1, 3, "every DOI was asked about"),
        Enriched("crossref", 3, 1, 1, 1, "every DOI was asked about"),
    ] == world.ask()
    assert before == world.rows("SELECT * FROM records")
    assert world.rows("SELECT witness, doi, is_open_access, license FROM witnesses WHERE found = 1 ORDER BY 1") == [
        ("crossref", "10.5555/two", 1, "CC-BY-NC-4.0"),
        ("unpaywall", "10.5555/one", 1, "CC-BY-NC"),
    ]


def test_an_answer_holds_until_it_expires(world):
    """The second time nobody is asked; an expired answer is asked for again."""
    world.ask()
    assert [one.asked for one in world.ask()] == [0, 0]
    with closing(open_writer(world.db)) as conn:
        conn.execute("UPDATE witnesses SET expires_at = '2020-01-01T00:00:00Z' WHERE doi = '10.5555/one'")
    assert [one.asked for one in world.ask(OAI_MIRROR_ENRICH__PER_DAY="100")] == [1, 1]


def test_the_days_number_holds_across_runs(world):
    """Two DOIs a day are two, however often the command is run."""
    first, second = (world.ask(OAI_MIRROR_ENRICH__PER_DAY="2") for _ in range(2))
    assert [tuple(one.asked for one in found) for found in (first, second)] == [(2, 2), (0, 0)]
    assert second[0].reason == "the day's number is spent"


def test_a_witness_that_wants_rest_is_left_alone(world):
    """429 ends its turn; nothing is kept, and the next run asks again."""
    world.double.status = 429
    found = world.ask()
    assert [(one.asked, one.reason) for one in found] == [
        (0, "unpaywall answers 429: asked again the next time"),
        (0, "crossref answers 429: asked again the next time"),
    ]
    assert (world.rows("SELECT * FROM witnesses"), len(world.double.asked)) == ([], 2)
    world.double.status = None
    assert [one.asked for one in world.ask()] == [3, 3]


def test_an_address_left_empty_is_not_asked(world):
    """Each witness can be switched off by itself."""
    assert [one.witness for one in world.ask(OAI_MIRROR_ENRICH__UNPAYWALL="")] == ["crossref"]


def test_conflicts_are_told(world):
    """The mirror's CC BY against the witnesses' CC BY-NC, by DOI."""
    world.ask()
    with closing(open_writer(world.db)) as conn:
        found = conflicts(conn)
        unknown = conflicts(conn, "nobody")
    told = [(row["doi"], row["witness"], row["license"], row["witness_license"]) for row in found]
    assert told == [
        ("10.5555/one", "unpaywall", "CC-BY-4.0", "CC-BY-NC"),
        ("10.5555/two", "crossref", "CC-BY-4.0", "CC-BY-NC-4.0"),
    ]
    assert unknown == []


def test_the_command_asks_and_tells(world, monkeypatch):
    """Lines for people, objects for programs, conflicts on their own."""
    for name, value in {**world.environ, "OAI_MIRROR_DATABASE": str(world.db)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(world.folder)
    asked = CliRunner().invoke(cli, ["enrich"])
    assert (
        asked.exit_code,
        asked.stdout.splitlines()[0],
    ) == (0, "unpaywall: asked about 3 DOIs in 3 requests, knows 1, holds 1 to be open; every DOI was asked about")
    shown = CliRunner().invoke(cli, ["enrich", "--conflicts", "--json"])
    assert [json.loads(line)["doi"] for line in shown.stdout.splitlines()] == ["10.5555/one", "10.5555/two"]


def test_nobody_is_asked_unless_it_is_configured(tmp_path, monkeypatch):
    """Off by default, and never without a contact."""
    monkeypatch.chdir(tmp_path)
    for name in ("OAI_MIRROR_ENRICH__ENABLED", "OAI_MIRROR_HTTP__CONTACT"):
        monkeypatch.delenv(name, raising=False)
    assert CliRunner().invoke(cli, ["enrich"]).exit_code == 2
    monkeypatch.setenv("OAI_MIRROR_ENRICH__ENABLED", "true")
    got = CliRunner().invoke(cli, ["enrich"])
    assert (got.exit_code, "http.contact" in got.stderr) == (2, True)
