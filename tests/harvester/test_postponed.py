"""Imports put off: the module is not loaded until it is used, and others never see its stand-in."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from harvester.postponed import postponed
from tests.faults import library

ROOT = Path(__file__).parents[2]
START = """
    import sys
    import harvester.jobs.harvest, harvester.cli.harvest, harvester.config
    harvester.config.load(environ={})
    put_off = {"requests", "asyncio", "rich", "sqlite_utils", "pydantic_settings", "harvester.reading.rights"}
    print(sorted(put_off & sys.modules.keys()))
    import requests
    print(requests.get.__name__)
"""
HARVEST = """
    import sys
    from click import ClickException
    from harvester.cli import cli
    try:
        code = cli(["-q", "--db", "mirror.db", "harvest", sys.argv[1]], standalone_mode=False)
    except ClickException as error:
        code = error.exit_code
    print(code, sorted({"pydantic", "pydantic_core", "pydantic_settings"} & sys.modules.keys()))
"""


def test_a_harvest_starts_without_what_it_may_not_need():
    """Each of them is tens of milliseconds; whoever imports one afterwards gets the real module."""
    command = [sys.executable, "-c", textwrap.dedent(START)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["[]", "get"]


@pytest.mark.parametrize(
    ("written", "environ", "ends"),
    [
        (None, {}, "0 []"),
        (None, {"OAI_MIRROR_SECRETS__ONE__BEARER": "sesame"}, "0 []"),
        ("[harvest]\nprocesses = 1\n", {}, "0 []"),
        ('[harvest]\nprocesses = "1"\n', {}, "0 ['pydantic', 'pydantic_core']"),
        ("[harvest]\nprocesses = 65\n", {}, "2 ['pydantic', 'pydantic_core']"),
        (None, {"OAI_MIRROR_HARVEST__PROCESSES": "1"}, "0 ['pydantic', 'pydantic_core', 'pydantic_settings']"),
    ],
)
def test_a_harvest_asks_pydantic_only_where_something_is_not_plainly_valid(tmp_path, provider, written, environ, ends):
    """pydantic takes 75 ms; where nothing is configured, or all of it is valid as it stands, a harvest does without."""
    if written:
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "harvester.toml").write_text(written)
    command = [sys.executable, "-c", textwrap.dedent(HARVEST), provider(library(3)).base_url]
    assert _run(command, tmp_path, {"XDG_CONFIG_HOME": str(tmp_path), **environ}) == ends


def test_what_is_shipped_loads_without_pydantic(tmp_path):
    """A command in the checkout, configured as it comes, has all the repositories and did not import it."""
    script = "import sys, harvester.config as c; print(len(c.load().settings.repositories), 'pydantic' in sys.modules)"
    repositories = (ROOT / "config" / "repositories.toml").read_text("utf-8").count("base_url")
    assert _run([sys.executable, "-c", script], ROOT, {}) == f"{repositories} False"


def _run(command: list[str], folder: Path, environ: dict[str, str]) -> str:
    """Give the last line of what a command prints; of our variables it gets those in `environ` alone."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OAI_MIRROR_")}
    ours |= {"PYTHONPATH": str(ROOT), **environ}
    done = subprocess.run(command, cwd=folder, env=ours, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()[-1]


def test_a_page_without_news_is_read_without_what_reads():
    """Unchanged records need neither the rules of rights nor those of values, in either process."""
    script = """
        import sys
        from datetime import date
        from harvester.engine.desk import Desk, read_items
        from harvester.reading.profile import Profile
        desk = Desk("r", 1, "oai_dc", Profile(), date(2026, 11, 23))
        print(read_items([], desk), sorted({"harvester.reading.record", "harvester.reading.rights"} & sys.modules.keys()))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["[] []"]


def test_a_stand_in_becomes_the_module_when_it_is_used():
    """What was imported meanwhile keeps working."""
    before = sys.modules.pop("wave", None)
    try:
        with postponed("wave"):
            import wave
        loaded = "wave" in sys.modules
        assert (loaded, wave.open.__name__) == (False, "open")
    finally:
        if before is not None:
            sys.modules["wave"] = before


def test_a_module_that_is_loaded_stays():
    """Nothing is put off that is there already."""
    with postponed("json"):
        import json
    assert json is sys.modules["json"]
