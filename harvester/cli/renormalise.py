"""`oai-mirror renormalise`: the kept raw records read again with today's rules."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from harvester.cli.common import Common, ExitCode, Failure, database_of, load_settings, told
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from harvester.jobs.renormalise import Reread


@click.command("renormalise")
@click.argument("names", nargs=-1)
@click.option(
    "--dry-run", is_flag=True, help="Print how many flags would change, by rule, with examples; write nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.pass_obj
def command(common: Common, names: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Read the kept raw records again with today's rules, without the network.

    NAMES are repositories of the mirror; without any, all of them. What was interrupted goes on where it was.
    """
    from harvester.cli.renormalise_view import shown
    from harvester.jobs import renormalise as job

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        chosen = _chosen(names, job.known(db))
        tell = _teller(common)
        work = (
            job.rehearse(db, settings, chosen, tell=tell)
            if dry_run
            else job.renormalise(db, settings, chosen, tell=tell)
        )
        results = []
        for one in work:
            results.append(one)
            click.echo(json_text(_plain(one)) if as_json else shown(one))
    held = sum(one.outcome == "held" for one in results)
    if held:
        raise SystemExit(int(ExitCode.HELD if held == len(results) else ExitCode.PARTIAL))


def _chosen(names: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    unknown = [name for name in names if name not in known]
    if unknown:
        there = ", ".join(known) or "none"
        raise Failure(f"not in this mirror: {', '.join(unknown)}; it holds {there}", ExitCode.USAGE)
    return names or known


def _teller(common: Common) -> Callable[[str, int], None]:
    """Give a function that shows progress on a terminal, and is silent elsewhere."""
    quiet = common.quiet or not sys.stderr.isatty()

    def tell(name: str, records: int) -> None:
        if not quiet:
            click.echo(f"\r{name}: {records} records read again", err=True, nl=False)

    return tell


def _plain(one: "Reread") -> dict[str, object]:
    changes = [{**row.change._asdict(), "records": row.records, "examples": list(row.examples)} for row in one.changes]
    return {**one._asdict(), "changes": changes}
