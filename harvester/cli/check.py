"""`oai-mirror check`: what will work with a repository, what will not, with the request and the answer."""

from typing import TYPE_CHECKING

import click

from harvester.cli.common import Common, ExitCode, database_of, load_settings, told
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from harvester.jobs.check import Checked


@click.command("check")
@click.argument("target", metavar="NAME or URL")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(common: Common, target: str, as_json: bool) -> None:
    """Probe one repository as a harvester sees it: a dozen requests, at its pace. Nothing is written, no mirror is needed.

    Identify, formats, sets, a page of records and its token, windows of time, the form of dates, single records,
    compression, speed, and what the classifier makes of the rights on that page.
    """
    from harvester.cli.check_view import as_object, shown
    from harvester.cli.harvest import stop_signal
    from harvester.config import select
    from harvester.jobs.check import check
    from harvester.jobs.known import known_repositories

    settings = load_settings(common)
    with told(common), stop_signal() as stopping:
        (source,) = select(settings, (target,), known=known_repositories(database_of(common, settings)))
        checked = check(settings, source, stopping=stopping)
    click.echo(json_text(as_object(checked)) if as_json else shown(checked, verbose=common.verbose))
    if stopping.is_set():
        raise click.exceptions.Exit(ExitCode.INTERRUPTED)
    raise click.exceptions.Exit(_exit_code(checked))


def _exit_code(checked: "Checked") -> int:
    """Nothing that fails: 0. What a harvest copes with changes nothing."""
    from harvester.engine.probes import Verdict

    if not checked.harvestable:
        return int(ExitCode.NONE)
    return int(ExitCode.PARTIAL if checked.worst is Verdict.FAILS else ExitCode.OK)
