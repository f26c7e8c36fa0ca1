"""`oai-mirror add`: ask a repository who it is, propose its entry, write it."""

import click

from harvester.cli.common import Common, ExitCode, Failure, clean, told


@click.command("add")
@click.argument("url")
@click.option("--id", "chosen_id", metavar="ID", help="The id to use instead of one made from the host.")
@click.option("--dry-run", is_flag=True, help="Print the entry and write nothing.")
@click.pass_obj
def command(common: Common, url: str, chosen_id: str | None, dry_run: bool) -> None:
    """Ask the repository at URL who it is (Identify), and append an entry for it to repositories.toml."""
    from harvester.config import load
    from harvester.jobs.add import NoAnswer, propose, write
    from harvester.jobs.known import known_repositories

    _check_id(chosen_id)
    with told(common):
        loaded = load(common.config)
        try:
            entry = propose(loaded, url, known_repositories(loaded.database(common.db)), chosen_id=chosen_id)
        except NoAnswer as error:
            raise Failure(
                f"{clean(url)} does not answer as an OAI-PMH repository: {clean(error)}; nothing was written",
                ExitCode.NONE,
            ) from error
        click.echo(clean(entry.text, lines=True), nl=False)
        if dry_run:
            return
        try:
            write(entry, common.config)
        except OSError as error:
            raise Failure(f"{entry.path} cannot be written: {error.strerror}", ExitCode.USAGE) from error
    if not common.quiet:
        click.echo(f"written to {entry.path}; next: oai-mirror harvest {entry.id}", err=True)


def _check_id(chosen_id: str | None) -> None:
    import re

    if chosen_id is not None and not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", chosen_id):
        raise click.BadParameter("small letters, digits, dots and dashes only", param_hint="--id")
