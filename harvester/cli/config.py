"""`oai-mirror config check` and `config show`: every fault at once, and what holds and where it came from."""

import json
from typing import TYPE_CHECKING

import click

from harvester.cli.common import Common, ExitCode, Failure, clean, told

if TYPE_CHECKING:
    from harvester.config import Loaded


@click.group("config")
def command() -> None:
    """Check or show the configuration."""


@command.command("check")
@click.option("--probe", is_flag=True, help="Also ask every enabled repository who it is (Identify).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def check(common: Common, probe: bool, as_json: bool) -> None:
    """Validate everything and print every fault at once; without --probe nothing touches the network."""
    from harvester.config import ConfigError, load

    try:
        loaded = load(common.config)
    except ConfigError as error:
        _print_faults(error, as_json=as_json)
        raise click.exceptions.Exit(ExitCode.USAGE) from error
    _print_verdict(loaded, as_json=as_json)
    if probe:
        raise click.exceptions.Exit(_probe(loaded))


@command.command("show")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: key, then value and origin.")
@click.pass_obj
def show(common: Common, name: str | None, as_json: bool) -> None:
    """Show the effective settings with the origin of each; NAME shows every key that holds for one repository."""
    from harvester.config.shown import shown_repository, shown_settings

    loaded = _loaded(common)
    with told(common):
        lines = shown_settings(loaded) if name is None else shown_repository(loaded, name)
    if as_json:
        click.echo(json.dumps({line.key: {"value": line.value, "origin": line.origin} for line in lines}, indent=2))
        return
    left = [f"{line.key} = {json.dumps(line.value, ensure_ascii=False)}" for line in lines]
    width = min(max(map(len, left)), 72)
    for text, line in zip(left, lines, strict=True):
        click.echo(f"{text:<{width}}  # {line.origin}")


def _loaded(common: Common) -> "Loaded":
    from harvester.config import ConfigError, load

    try:
        return load(common.config)
    except ConfigError as error:
        raise Failure("the configuration has faults\n" + str(error), ExitCode.USAGE) from error


def _print_faults(error, *, as_json: bool) -> None:  # type: ignore[no-untyped-def]
    if as_json:
        click.echo(json.dumps({"valid": False, "faults": [fault._asdict() for fault in error.faults]}, indent=2))
        return
    for fault in error.faults:
        click.echo(clean(str(fault)))
    count = len(error.faults)
    click.echo(f"oai-mirror: {count} fault{'' if count == 1 else 's'} in the configuration", err=True)


def _print_verdict(loaded: "Loaded", *, as_json: bool) -> None:
    from harvester.config import select

    enabled = [source.id for source in select(loaded.settings)]
    count = len(loaded.settings.repositories)
    if as_json:
        verdict = {
            "valid": True,
            "files": [str(path) for path in loaded.files],
            "database": str(loaded.database()),
            "repositories": count,
            "enabled": enabled,
            "doubts": [fault._asdict() for fault in loaded.doubts],
        }
        click.echo(json.dumps(verdict, indent=2))
        return
    for path in loaded.files:
        click.echo(f"read {path}")
    for fault in loaded.doubts:
        click.echo(f"doubt: {clean(str(fault))}")
    noun = "repository" if count == 1 else "repositories"
    click.echo(f"valid: {count} {noun}, {len(enabled)} enabled; database {loaded.database()}")


def _probe(loaded: "Loaded") -> int:
    from harvester.config import select
    from harvester.jobs.identify import identify

    silent = 0
    sources = select(loaded.settings)
    for source in sources:
        found = identify(loaded.settings, source)
        silent += found.facts is None
        said = (
            found.why if found.facts is None else f"answers as {found.facts.repository_name or 'a nameless repository'}"
        )
        moved = f"; it has moved for good to {found.moved_to}" if found.moved_to else ""
        click.echo(f"{source.id}: {clean(said)}{clean(moved)}")
    if not silent:
        return int(ExitCode.OK)
    return int(ExitCode.NONE if silent == len(sources) else ExitCode.PARTIAL)
