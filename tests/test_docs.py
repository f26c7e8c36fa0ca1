"""Guards of the documentation: every command with every option has its page, every link inside the documentation leads somewhere."""

import re
from pathlib import Path

import click

from harvester.cli import cli
from harvester.cli.common import Common

ROOT = Path(__file__).parents[1]
COMMON = {"--db", "--config", "-q", "--quiet", "-v", "--verbose", "-h", "--help"}
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def commands() -> dict[str, click.Command]:
    """Give every command by its full name: `harvest`, `config check`."""
    context = click.Context(cli, obj=Common())
    found: dict[str, click.Command] = {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        subcommands = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {sub}": one for sub, one in subcommands.items()} or {name: command}
    return found


def test_every_command_has_its_page() -> None:
    """docs/commands/NAME.md stands for every command and names all its options."""
    lacking = []
    for name, command in commands().items():
        page = ROOT / "docs" / "commands" / f"{name.split(' ', maxsplit=1)[0]}.md"
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        options = [
            option
            for param in command.params
            for option in (*param.opts, *param.secondary_opts)
            if option.startswith("-")
        ]
        lacking += [f"{name} {option}" for option in options if option not in COMMON and option not in text]
        lacking += [] if text else [name]
    assert lacking == []


def test_every_command_has_help() -> None:
    """Every command says in a sentence what it does, and every option what it is for."""
    lacking = [name for name, command in commands().items() if not (command.help or "").strip()]
    lacking += [
        f"{name} {param.opts[0]}"
        for name, command in commands().items()
        for param in command.params
        if isinstance(param, click.Option) and not param.help
    ]
    assert lacking == []


def test_links_lead_somewhere() -> None:
    """Every relative link in README and docs names a file that is there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []
