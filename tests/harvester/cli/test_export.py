"""`oai-mirror export`: words in, files out."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from tests.mirror_db.site.known import make_known


@pytest.fixture
def db(tmp_path):
    """Give a known mirror of one's own."""
    return make_known(tmp_path / "mirror.db")


@pytest.fixture
def run(db, monkeypatch, tmp_path):
    """Run the command on the known mirror, on the day on which it was made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAI_MIRROR_TODAY", "2026-11-23")

    def call(*words):
        return CliRunner().invoke(cli, ["--db", str(db), "export", *words])

    return call


def test_csv_goes_to_stdout_and_words_to_stderr(run):
    """Data and talk never mix."""
    result = run("--open", "--repository", "beta")
    assert [row["id"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["10"]
    assert result.stderr == "1 record; the next export can go on with --since 2026-11-23T07:58:00Z\n"


def test_the_form_follows_the_name_of_the_file(run, tmp_path):
    """A name that ends in .jsonl gets JSON lines."""
    assert run("-o", "out.jsonl", "--cc-by-nc").exit_code == 0
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["license_confidence"], one["rules_version"]) for one in found] == [
        (2, 0.95, "test-1"),
        (3, 0.95, "test-1"),
    ]


def test_an_existing_file_stays_without_force(run, tmp_path):
    """And is replaced with it."""
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    refused = run("-o", "out.csv")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "oai-mirror: out.csv exists; give --force to put the new one in its place\n",
    )
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"
    assert run("-o", "out.csv", "--force").exit_code == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("id,repository,")


def test_the_mirror_is_never_overwritten(run, db):
    """Not even with force."""
    before = db.read_bytes()
    assert run("-o", str(db), "--force").exit_code == 2
    assert db.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [("--repository", "none"), ("--since", "yesterday"), ("--format", "parquet"), ("-o", "no/folder/x.csv")],
)
def test_what_cannot_be_asked_is_said(run, words):
    """Usage errors end with 2 and leave no file."""
    assert run(*words).exit_code == 2


def test_since_takes_a_day_or_an_instant(run):
    """Tombstones come too, so that a copy can follow."""
    assert len(run("--since", "2026-11-23").stdout.splitlines()) == 13
    assert len(run("--since", "2026-11-23T09:30:00+01:00").stdout.splitlines()) == 1


def test_a_failure_leaves_no_file(run, tmp_path, monkeypatch):
    """A file appears whole or not at all."""

    def breaks(rows):
        yield next(iter(rows))[0].__class__.__name__
        raise OSError("the disk is gone")

    monkeypatch.setattr("harvester.jobs.export.csv_lines", breaks)
    assert run("-o", "out.csv").exit_code == 1
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []
