"""`oai-mirror verify` and what `status` makes of it, over HTTP."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from harvester.cli import cli
from tests.faults import LIBRARY, broken_record, held, library, serve


def run(db: Path, *words: str) -> Result:
    """Run the command on a mirror."""
    return CliRunner().invoke(cli, ["--db", str(db), "-q", *words], env={"OAI_MIRROR_CONFIG": ""})


def kinds(result: Result) -> list[tuple[str, str]]:
    """Give the kinds and identifiers of the differences of a JSON answer."""
    return [(one["kind"], one["oai_identifier"]) for one in json.loads(result.stdout)["differences"]]


def test_every_kind_of_difference_is_found_and_repaired(tmp_path: Path) -> None:
    """Missing, extra, deleted there and another datestamp; a repaired mirror is what the server lists."""
    db = tmp_path / "m.db"
    with serve(library(25)) as server:
        run(db, "harvest", server.base_url)
        server.vanish(LIBRARY + "4")
        server.edit(LIBRARY + "5", "Another title")
        server.add(99)
        server.delete(LIBRARY + "7")
        found = run(db, "verify", server.base_url, "--json")
        assert found.exit_code == 3
        assert kinds(found) == [
            ("datestamp", LIBRARY + "5"),
            ("deleted", LIBRARY + "7"),
            ("extra", LIBRARY + "4"),
            ("missing", LIBRARY + "99"),
        ]
        assert json.loads(run(db, "status", "--json").stdout)["state"] == "partial"
        repaired = run(db, "verify", server.base_url, "--repair", "--json")
        assert (repaired.exit_code, kinds(repaired), json.loads(repaired.stdout)["repaired"]) == (0, [], 4)
        assert held(db) == {**server.truth(), LIBRARY + "4": None}


def test_a_finding_stays_until_it_is_settled(tmp_path: Path) -> None:
    """A later harvest does not make the repository complete; a verification that finds nothing does."""
    db = tmp_path / "m.db"
    with serve(library(25)) as server:
        run(db, "harvest", server.base_url)
        server.vanish(LIBRARY + "4")
        run(db, "verify", server.base_url)
        assert run(db, "harvest", server.base_url).exit_code == 3
        run(db, "verify", server.base_url, "--repair")
        assert json.loads(run(db, "status", "--json").stdout)["state"] == "complete"


def test_the_defect_report_can_be_mailed_as_it_stands(tmp_path: Path) -> None:
    """To whom, about what, with the records that could not be read."""
    db = tmp_path / "m.db"
    with serve(library(25), [broken_record(LIBRARY + "7")]) as server:
        run(db, "harvest", server.base_url)
    lines = run(db, "status", "--defects").stdout.splitlines()
    assert lines[0] == "To: repository@demo.example"
    assert lines[1].startswith("Subject: OAI-PMH at http://127.0.0.1:")
    assert f"  - {LIBRARY}7: the record is not well-formed XML (list 1, page 1, record 7)" in lines


def test_status_of_one_repository_tells_what_to_do_next(tmp_path: Path) -> None:
    """A repository with records in quarantine points to the defect report."""
    db = tmp_path / "m.db"
    with serve(library(25), [broken_record(LIBRARY + "7")]) as server:
        run(db, "harvest", server.base_url)
    assert (
        "  next           oai-mirror status 127.0.0.1 --defects   # text for the administrator"
        in run(db, "status", "127.0.0.1").stdout.splitlines()
    )
