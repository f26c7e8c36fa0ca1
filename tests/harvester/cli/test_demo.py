"""`oai-mirror demo`: what it prints and how it ends."""

import signal
import subprocess
import sys
from contextlib import closing

import httpx
from click.testing import CliRunner

from harvester.cli import cli
from harvester.cli.demo_view import news
from harvester.engine.types import Report


def test_the_demo_runs_twice_and_says_so(tmp_path, monkeypatch):
    """The first run finds, the second finds nothing new; both end with what to type next and exit code 0."""
    monkeypatch.chdir(tmp_path)
    first, second = (CliRunner().invoke(cli, ["demo"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("Harvested: 402 records listed on 19 pages")
    assert second.stdout.startswith("Nothing changed since the last harvest: 0 records listed")
    assert "CC BY-NC:     yes   licence is CC-BY-NC-4.0" in first.stdout
    assert "The embargo ends: the item is open from" in first.stdout
    assert first.stdout.rstrip().splitlines()[-6] == "Next:"
    assert (tmp_path / "demo.db").exists()


def test_a_file_that_is_no_mirror_is_left_alone(tmp_path):
    """The demo refuses a foreign file with one line and exit code 2."""
    foreign = tmp_path / "letter.txt"
    foreign.write_text("Dear reader, this is no database at all, and it is longer than a header.")
    got = CliRunner().invoke(cli, ["--db", str(foreign), "demo"])
    assert (got.exit_code, len(got.stderr.strip().splitlines())) == (2, 1)
    assert foreign.read_text().startswith("Dear reader")


def report(outcome="complete", **counts):
    return Report("demo-x", "X", outcome, None, outcome, 1, **counts)


def test_the_news_tell_what_changed():
    """New, changed and deleted records are told apart; a harvest that is not whole says so first."""
    assert news([report(listed=9, pages=2, created=7, updated=1, deleted=1)], 0.25) == (
        "Harvested: 9 records listed on 2 pages in 0.2 s; 7 new, 1 changed, 1 deleted."
    )
    assert news([report("partial", listed=9, pages=2)], 1.0) == (
        "Not everything could be harvested: 9 records listed on 2 pages in 1.0 s."
    )


def test_the_provider_stays_until_it_is_interrupted(tmp_path):
    """With --stay it answers after the demo, and Ctrl-C ends it with exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", "harvester", "demo", "--stay"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, closing(process.stderr) as lines:
        url = next(line for line in lines if "stays at" in line).split()[4]
        identify = httpx.get(f"{url}/eprints/cgi/oai2?verb=Identify").text
        process.send_signal(signal.SIGINT)
        code = process.wait(20)
    assert (code, "<repositoryName>EPrints of the North (demo)" in identify) == (0, True)
