"""`config check` and `config show` as a person meets them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `oai-mirror --config FOLDER config ...` on a machine file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def config(machine: str, *words: str) -> Result:
        (tmp_path / "harvester.toml").write_text(machine)
        return CliRunner().invoke(cli, ["--config", str(tmp_path), "config", *words])

    return config


def test_a_valid_configuration_ends_with_zero(config, tmp_path):
    """The verdict names what was read and what would be harvested."""
    result = config('[http]\ncontact = "a@b.example"\n[repositories.a]\nbase_url = "https://a.example/oai"\n', "check")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [f"read {tmp_path}/harvester.toml", f"valid: 1 repository, 1 enabled; database {Path.cwd()}/mirror.db"],
    )


def test_faults_go_to_stdout_one_a_line_and_end_with_two(config, tmp_path):
    """They are the data of this command; the count goes to stderr."""
    result = config('[http]\ncontact = "me"\nx = 1\n', "check")
    assert (result.exit_code, result.stderr) == (2, "oai-mirror: 2 faults in the configuration\n")
    assert [line.split(": ")[1] for line in result.stdout.splitlines()] == ["http.contact", "http.x"]


def test_faults_as_json(config, tmp_path):
    """A program reads the same."""
    result = config("[htttp]\n", "check", "--json")
    assert json.loads(result.stdout) == {
        "valid": False,
        "faults": [
            {
                "place": str(tmp_path / "harvester.toml"),
                "key": "htttp",
                "problem": "is not a key that exists here",
                "hint": "did you mean http?",
            }
        ],
    }


def test_show_masks_secrets(config, monkeypatch):
    """Values and origins, but no credential."""
    monkeypatch.setenv("OAI_MIRROR_SECRETS__A__BEARER", "open-sesame")
    text = config('[repositories.a]\nbase_url = "https://a.example/oai"\n', "show").stdout
    shown = json.loads(config('[repositories.a]\nbase_url = "https://a.example/oai"\n', "show", "--json").stdout)
    assert "sesame" not in text
    assert shown["secrets.a.bearer"] == {"value": "********", "origin": "environment or secrets folder"}


def test_show_of_an_unknown_repository_is_a_usage_error(config):
    """One clear line with the nearest name."""
    result = config('[repositories.newcastle]\nbase_url = "https://a.example/oai"\n', "show", "newcastl")
    assert (result.exit_code, result.stderr) == (
        2,
        "oai-mirror: command line: no repository is called 'newcastl' (did you mean newcastle?)\n",
    )
