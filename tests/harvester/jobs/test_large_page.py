"""A page of many megabytes, harvested over HTTP in parts: one page in the ledger, every record in the mirror (Q60)."""

import sqlite3
from pathlib import Path
from urllib.parse import parse_qs

from harvester.config import Settings
from harvester.demo.server import Call, Reply, Server
from harvester.engine.types import Wish
from harvester.jobs.harvest import Hooks, run
from harvester.source import source_from_url
from harvester.stopping import Stopping
from tests.harvester.oai.pages import document, error, listing, record

TEXT = f"<dc:description>{'word ' * 100_000}</dc:description>"
IDENTIFY = document("<Identify><repositoryName>R</repositoryName><granularity>YYYY-MM-DD</granularity></Identify>")


def _answer(call: Call) -> Reply:
    asked = {name: values[0] for name, values in parse_qs(call.query).items()}
    if asked["verb"] == "Identify":
        return Reply(200, IDENTIFY)
    if asked["verb"] != "ListRecords":
        return Reply(200, error("noSetHierarchy"))
    first = "resumptionToken" not in asked
    numbers = range(20) if first else range(20, 23)
    return Reply(200, listing(*(record(n, TEXT) for n in numbers), token="next" if first else ""))


def test_a_large_page_is_one_page_of_the_list(tmp_path: Path) -> None:
    """Its parts are committed one by one, the list is proven, and the same again changes nothing."""
    db = tmp_path / "mirror.db"
    with Server(lambda root: _answer) as server:
        source = source_from_url(f"{server.url}/oai", {})
        reports = [
            run(Settings(), [source], wish, db=db, jobs=1, hooks=Hooks(Stopping()))[0]
            for wish in (Wish(), Wish(full=True))
        ]
    assert [(one.outcome, one.pages, one.listed, one.created, one.unchanged) for one in reports] == [
        ("complete", 2, 23, 23, 0),
        ("complete", 2, 23, 0, 23),
    ]
    with sqlite3.connect(db) as conn:
        assert conn.execute("SELECT pages, got, proven FROM lists WHERE parent IS NULL").fetchall() == [(2, 23, 1)] * 2
    conn.close()
