"""`oai-mirror snapshot`: a copy that appears whole."""

import sqlite3

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from tests.mirror_db.site.known import make_known


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on a known mirror, on the day on which it was made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAI_MIRROR_TODAY", "2026-11-23")
    db = make_known(tmp_path / "mirror.db")

    def call(*words):
        return CliRunner().invoke(cli, ["--db", str(db), "snapshot", *words])

    return call


def test_a_copy_is_made(run, tmp_path):
    """It holds the records; nothing but it is left in the folder."""
    result = run("copy.db")
    assert (result.exit_code, result.stdout) == (0, "")
    assert sqlite3.connect(tmp_path / "copy.db").execute("SELECT count(*) FROM records").fetchone() == (12,)
    assert {path.name.partition("-")[0] for path in tmp_path.iterdir()} == {"mirror.db", "copy.db"}


def test_an_older_copy_stays_without_force(run, tmp_path):
    """And is replaced with it."""
    (tmp_path / "copy.db").write_bytes(b"older")
    refused = run("copy.db")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "oai-mirror: copy.db exists; give --force to put the new one in its place\n",
    )
    assert (tmp_path / "copy.db").read_bytes() == b"older"
    assert run("copy.db", "--force").exit_code == 0
    assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite format 3")


def test_the_mirror_is_no_copy_of_itself(run):
    """Not even with force."""
    result = run("mirror.db", "--force")
    assert (result.exit_code, result.stderr) == (2, "oai-mirror: mirror.db is the mirror itself; name another file\n")


def test_a_failed_copy_leaves_the_older_one(run, tmp_path, monkeypatch):
    """What stood there stays until the new one is whole."""

    def breaks(db, target):
        target.write_bytes(b"half")
        raise OSError("the disk is gone")

    (tmp_path / "copy.db").write_bytes(b"older")
    monkeypatch.setattr("harvester.jobs.snapshot.copy", breaks)
    assert run("copy.db", "--force").exit_code == 1
    assert (tmp_path / "copy.db").read_bytes() == b"older"
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
