"""The command line as a process sees it: exit codes, common options in both places, one line per error."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from harvester.cli import COMMANDS, cli
from harvester.cli.common import Common

NOWHERE = "http://127.0.0.1:9/oai"  # the discard port: nobody listens there


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m harvester` in a folder of its own."""
    root = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-m", "harvester", *words],
        cwd=folder,
        env={"PYTHONPATH": str(root), "PATH": "", "OAI_MIRROR_HTTP__MAX_ATTEMPTS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_exit_code_of_a_harvest_reaches_the_shell(tmp_path: Path) -> None:
    """A harvest of which nothing succeeded ends with 4 (design section 2.3)."""
    done = command("harvest", NOWHERE, "--db", "m.db", folder=tmp_path)
    assert (done.returncode, "refuses the connection" in done.stdout) == (4, True)


def test_a_harvest_that_failed_says_what_to_do_next(tmp_path: Path) -> None:
    """Whoever reads only the terminal knows what happened, and how to go on."""
    done = command("harvest", NOWHERE, "--db", "m.db", folder=tmp_path)
    assert "tried again by the same command; `oai-mirror check`" in done.stdout


def test_a_wrong_word_is_a_usage_error(tmp_path: Path) -> None:
    """An unknown command ends with 2 and says so in one line besides the usage."""
    done = command("harvset", folder=tmp_path)
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (2, "Error: No such command 'harvset'.")


def test_every_command_takes_the_common_options() -> None:
    """--db, --config, -q and -v may stand behind the name of every command too."""
    lacking = []
    context = click.Context(cli, obj=Common())
    for name in cli.list_commands(context):
        one = cli.get_command(context, name)
        assert one is not None
        commands = list(one.commands.values()) if isinstance(one, click.Group) else [one]
        for each in commands:
            options = {option for param in each.params for option in param.opts}
            lacking += [f"{name} {option}" for option in ("--db", "--config", "-q", "-v") if option not in options]
    assert lacking == []


def test_every_listed_command_is_there() -> None:
    """The help lists exactly the commands that the design names, in its order."""
    context = click.Context(cli, obj=Common())
    assert [name for name in COMMANDS if name in cli.list_commands(context)] == cli.list_commands(context)


@pytest.mark.parametrize("words", [("status",), ("explain", "x"), ("rights",)])
def test_reading_commands_say_that_there_is_no_mirror(words: tuple[str, ...], tmp_path: Path) -> None:
    """A command that reads a mirror that is not there ends with 2 and says how to make one."""
    done = command(*words, "--db", "none.db", folder=tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr
        == "oai-mirror: none.db: there is no mirror here yet; make one with: oai-mirror harvest NAME-or-URL\n"
    )
    assert not (tmp_path / "none.db").exists()
