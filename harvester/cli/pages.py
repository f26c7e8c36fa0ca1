"""`oai-mirror pages`: visit pages of items for what their records leave out."""

from typing import TYPE_CHECKING

import click

from harvester.cli.common import Common, ExitCode, Failure, clean, database_of, load_settings, told
from harvester.cli.harvest import stop_signal
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from harvester.jobs.pages import Visited


@click.command("pages")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.pass_obj
def command(common: Common, names: tuple[str, ...], as_json: bool) -> None:
    """Visit the pages of items whose access or licence is still unknown; without a NAME, of all repositories that allow it.

    Only for repositories whose configuration says pages.enabled, within their budget of pages per day.
    """
    from harvester.config import select
    from harvester.jobs.pages import run, with_pages

    settings = load_settings(common)
    with told(common):
        sources = select(settings, names)
        chosen = with_pages(sources)
        _check(names, [source.id for source in sources if source not in chosen], bool(chosen))
        with stop_signal() as stopping:
            found = run(settings, chosen, db=database_of(common, settings), stopping=stopping)
    for one in found:
        click.echo(json_text(one._asdict()) if as_json else line(one))
    raise click.exceptions.Exit(int(_code([one.outcome for one in found])))


def line(one: "Visited") -> str:
    """Give what was visited of one repository as a line."""
    counted = ", ".join(
        f"{value} {name}"
        for name, value in (
            ("read", one.read),
            ("unchanged", one.unchanged),
            ("not the item's", one.refused),
            ("forbidden", one.forbidden),
            ("failed", one.failed),
        )
        if value
    )
    return (
        f"{clean(one.repository)}: {counted or 'no page'} in {one.visits} visits ({one.requests} requests), "
        f"{one.flags_changed} records flagged anew; {clean(one.reason)}; {one.left_today} visits left today"
    )


def _check(names: tuple[str, ...], without: list[str], any_chosen: bool) -> None:
    if names and without:
        raise Failure(
            f"{', '.join(without)}: pages.enabled is not set; ask the repository, then configure "
            f"[repositories.{without[0]}.pages] enabled = true",
            ExitCode.USAGE,
        )
    if not any_chosen:
        raise Failure("no repository has pages.enabled = true, so there is nothing to visit", ExitCode.USAGE)


def _code(outcomes: list[str]) -> ExitCode:
    if "interrupted" in outcomes:
        return ExitCode.INTERRUPTED
    if set(outcomes) == {"held"}:
        return ExitCode.HELD
    return ExitCode.OK if set(outcomes) <= {"complete", "partial"} else ExitCode.PARTIAL
