"""`oai-mirror serve`, and Datasette by itself: the same pages."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.cli.serve import application
from tests.mirror_db.site.known import make_known


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """Give the known mirror."""
    return make_known(tmp_path_factory.mktemp("serve") / "mirror.db")


def test_plain_datasette_shows_the_same_site(db):
    """The installed package is a plugin of Datasette: nothing is to be configured."""
    command = [str(Path(sys.executable).with_name("datasette")), str(db), "--get", "/"]
    shown = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    assert "<h1>What is open, and under which licence?</h1>" in shown.stdout


def test_settings_of_datasette_are_taken(db):
    """Each by its own type."""
    app = application(db, {"sql_time_limit_ms": "250", "allow_download": "off", "base_url": "/oai/"}, sql=True)
    assert [app.setting(name) for name in ("sql_time_limit_ms", "allow_download", "base_url")] == [250, False, "/oai/"]


@pytest.mark.parametrize("pair", [("colour", "red"), ("sql_time_limit_ms", "soon"), ("allow_download", "perhaps")])
def test_settings_that_make_no_sense_are_said(db, pair):
    """Before anything is served."""
    with pytest.raises(click.BadParameter):
        application(db, dict([pair]), sql=True)


def test_arbitrary_sql_can_be_switched_off(db):
    """The ready-made queries still answer."""
    app = application(db, {}, sql=False)
    assert asyncio.run(app.client.get("/mirror.json?sql=select+1")).status_code == 403
    assert asyncio.run(app.client.get("/mirror/license_conflicts")).status_code == 200


def test_a_port_that_is_taken_is_said(db, monkeypatch):
    """One line, and how to go on."""
    monkeypatch.setenv("OAI_MIRROR_TODAY", "2026-11-23")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli, ["--db", str(db), "serve", "--port", str(port)])
    assert (result.exit_code, result.stderr) == (
        2,
        f"oai-mirror: cannot listen on 127.0.0.1 port {port}: Address already in use; name another with --port\n",
    )


def test_a_mirror_that_is_not_there_is_said(tmp_path):
    """Nothing is made."""
    result = CliRunner().invoke(cli, ["--db", str(tmp_path / "none.db"), "serve"])
    assert result.exit_code == 2
    assert "there is no mirror here yet" in result.stderr
    assert not (tmp_path / "none.db").exists()
