"""What is shipped to run the daemon: units, image and compose file, checked as far as that goes without running them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from harvester.cli import COMMANDS
from harvester.config import load

_ROOT = Path(__file__).parents[3]
_UNITS = sorted((_ROOT / "config" / "systemd").glob("*.service"))


def _unit(path: Path) -> dict[str, list[str]]:
    """Give a unit's settings by name; a name may come several times."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith(("#", "[")):
            found.setdefault(name, []).append(value)
    return found


def test_the_daemons_unit_speaks_of_what_the_daemon_does():
    """Reload and watchdog by notification, a gentle end within its time, no restart where it would not help."""
    unit = _unit(_ROOT / "config" / "systemd" / "oai-mirror.service")
    expected = {"Type": ["notify-reload"], "KillMode": ["mixed"], "RestartPreventExitStatus": ["2 75"]}
    assert {name: unit.get(name) for name in expected} == expected
    assert int(unit["TimeoutStopSec"][0]) > 10
    assert int(unit["WatchdogSec"][0]) >= 60


@pytest.mark.parametrize("path", _UNITS, ids=lambda path: path.name)
def test_units_run_without_privileges(path):
    """A user of their own, no new privileges, no capability, nothing writable but the state."""
    unit = _unit(path)
    expected = {
        "DynamicUser": ["yes"],
        "NoNewPrivileges": ["yes"],
        "CapabilityBoundingSet": [""],
        "ProtectSystem": ["strict"],
        "StateDirectory": ["oai-mirror"],
    }
    assert {name: unit.get(name) for name in expected} == expected
    words = shlex.split(unit["ExecStart"][0])
    assert words[-1] == "daemon" or "serve" in words


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("path", _UNITS, ids=lambda path: path.name)
def test_systemd_understands_every_line(path, tmp_path):
    """No unknown key, no value that cannot be read."""
    copy = tmp_path / path.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text("utf-8"), flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    newer = "notify-reload"  # systemd 253; the unit says what to write for an older one
    complaints = [line for line in done.stderr.splitlines() if path.name in line and newer not in line]
    assert complaints == []


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_ROOT / "config" / "compose.yaml").read_text("utf-8"))
    return loaded


def test_the_daemon_and_the_site_share_one_volume():
    """Both open the same file, and both commands exist."""
    services = _compose()["services"]
    assert {name: "mirror:/data" in service["volumes"] for name, service in services.items()} == {
        "harvester": True,
        "site": True,
    }
    assert {service["environment"]["OAI_MIRROR_DATABASE"] for service in services.values()} == {"/data/mirror.db"}
    assert all(service["command"][0] in COMMANDS for service in services.values())


def test_nothing_is_open_to_the_world_and_nothing_runs_with_privileges():
    """Ports on the loopback only, a root file system that is read only, no capability."""
    services = _compose()["services"].values()
    assert [
        port for service in services for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")
    ] == []
    assert [(one["read_only"], one["cap_drop"], one["security_opt"]) for one in services] == [
        (True, ["ALL"], ["no-new-privileges:true"])
    ] * 2


def test_the_environment_of_the_containers_is_a_valid_configuration():
    """What compose passes is known to the settings; the contact has to be given."""
    for service in _compose()["services"].values():
        environ = {name: str(value) for name, value in service["environment"].items() if name != "OAI_MIRROR_CONFIG"}
        if "OAI_MIRROR_HTTP__CONTACT" in environ:
            assert environ["OAI_MIRROR_HTTP__CONTACT"].startswith("${OAI_MIRROR_HTTP__CONTACT:?")
            environ["OAI_MIRROR_HTTP__CONTACT"] = "me@example.org"
        loaded = load(_ROOT / "config", environ=environ)
        assert loaded.database() == Path("/data/mirror.db")


def _instructions() -> list[tuple[str, str]]:
    text = (_ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_runs_as_nobody_in_particular():
    """The last USER is no root, and the command is a process of its own that hears its signals (exec form)."""
    instructions = _instructions()
    last = dict(instructions)
    assert last["USER"] == "oai-mirror"
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["oai-mirror"]', '["daemon"]')
    assert [word for word, _ in instructions].index("USER") < [word for word, _ in instructions].index("ENTRYPOINT")


def test_the_image_gets_what_it_is_built_from_and_nothing_else():
    """Every file that is copied exists and is let through to the build; secrets and mirrors are not."""
    allowed = (_ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sources = [
        source
        for word, rest in _instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert [source for source in sources if not (_ROOT / source).exists()] == []
    assert allowed[0] == "*"
    assert {source.removeprefix("./") for source in sources} == {
        line[1:].rstrip("/") for line in allowed if line[0] == "!"
    }
