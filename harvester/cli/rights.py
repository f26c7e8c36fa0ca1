"""`oai-mirror rights`: what no rule understood, so that the tables can grow."""

from contextlib import closing

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told
from mirror_db.json_text import json_text


@click.command("rights")
@click.argument("repository", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many values at the most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per value.")
@click.pass_obj
def command(common: Common, repository: str | None, limit: int, as_json: bool) -> None:
    """List the rights values that no rule understood, most frequent first, with repositories and an example."""
    from mirror_db.connection import open_reader
    from mirror_db.reports import unread_rights

    settings = load_settings(common)
    with told(common), closing(open_reader(database_of(common, settings))) as conn:
        found = unread_rights(conn, repository, limit=limit)
    if as_json:
        for row in found:
            click.echo(json_text(row))
        return
    if not found:
        click.echo("every rights value in this mirror was understood by a rule")
        return
    click.echo("records  repositories                    element         value")
    for row in found:
        names = clean(row["repository_names"])[:30]
        value = clean(row["value"])
        value = value if len(value) <= 200 else f"{value[:199]}…"
        click.echo(f"{row['records']:>7}  {names:<30}  {clean(row['element']):<14}  {value}")
        click.echo(f"{'':>7}  {'':<30}  {'':<14}  e.g. {clean(row['example'])}")
