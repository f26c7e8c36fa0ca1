"""`oai-mirror enrich`: ask outside witnesses about the DOIs in the mirror, and show where they contradict it."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.common import Common, ExitCode, Failure, clean, database_of, load_settings, told
from harvester.cli.harvest import stop_signal
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.config import Settings
    from harvester.jobs.enrich import Enriched


@click.command("enrich")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask each witness about N DOIs at the most.")
@click.option("--conflicts", is_flag=True, help="Ask nobody; list where the answers kept contradict the mirror.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per witness, or per conflict.")
@click.pass_obj
def command(common: Common, names: tuple[str, ...], limit: int | None, conflicts: bool, as_json: bool) -> None:
    """Ask Unpaywall and Crossref about the DOIs of repositories (all without a NAME); no record is changed by it."""
    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        if conflicts:
            _show(_conflicts(db, names), as_json)
            return
        _check(settings)
        found = _ask(common, settings, db, names, limit=limit, as_json=as_json)
    if any(one.is_refused for one in found):
        raise click.exceptions.Exit(int(ExitCode.PARTIAL))


def _check(settings: "Settings") -> None:
    if not settings.enrich.enabled:
        raise Failure("enrich.enabled is not set: nobody outside is asked unless it is", ExitCode.USAGE)
    if "@" not in settings.http.contact:
        raise Failure("the witnesses ask for an address: set http.contact (OAI_MIRROR_HTTP__CONTACT)", ExitCode.USAGE)


def _ask(
    common: Common, settings: "Settings", db: "Path", names: tuple[str, ...], *, limit: int | None, as_json: bool
) -> "list[Enriched]":
    from harvester.jobs.enrich import run

    with stop_signal() as stopping:
        found = run(settings, names, db=db, limit=limit, stopping=stopping)
    for one in found:
        if as_json:
            click.echo(json_text(one._asdict()))
        else:
            click.echo(
                f"{one.witness}: asked about {one.asked} DOIs in {one.requests} requests, knows {one.found}, "
                f"holds {one.open_access} to be open; {clean(one.reason)}"
            )
    rows = _conflicts(db, names)
    if not common.quiet and not as_json:
        click.echo(
            f"{len(rows)} records about which a witness says something else: oai-mirror enrich --conflicts", err=True
        )
    return found


def _conflicts(db: "Path", names: tuple[str, ...]) -> list[dict[str, Any]]:
    from mirror_db.connection import open_reader
    from mirror_db.witnesses import conflicts

    with closing(open_reader(db)) as conn:
        return [row for name in names or (None,) for row in conflicts(conn, name)]


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    for row in rows:
        click.echo(json_text(row) if as_json else _line(row))
    if not rows and not as_json:
        click.echo("no witness contradicts the mirror")


def _line(row: dict[str, Any]) -> str:
    here = f"{'open' if row['is_open_access'] else row['access']}, {row['license'] or 'no licence'}"
    theirs = {1: "open", 0: "not open", None: "no word on access"}[row["witness_is_open_access"]]
    return (
        f"{clean(row['doi'])}  {clean(row['repository'])}: {here}; {clean(row['witness'])}: {theirs}, "
        f"{clean(row['witness_license']) or 'no licence'}  {clean(row['title'])[:80]}"
    )
