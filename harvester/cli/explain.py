"""`oai-mirror explain`: one record's verdicts as a person would argue them."""

from contextlib import closing

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told
from mirror_db.json_text import json_text


@click.command("explain")
@click.argument("identifier")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per record.")
@click.option("--raw", is_flag=True, help="Print the record exactly as received too.")
@click.pass_obj
def command(common: Common, identifier: str, as_json: bool, raw: bool) -> None:
    """Show one record's verdicts with every piece of evidence, used or not, and why.

    IDENTIFIER is an OAI identifier, a DOI, an address of the item, or the record's number in the mirror.
    """
    from harvester.cli.explain_view import argue
    from harvester.jobs.reevaluate import bring_up_to_date
    from mirror_db.connection import open_reader
    from mirror_db.reports import explained, find_records

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        bring_up_to_date(db, settings)
        with closing(open_reader(db)) as conn:
            found = [explained(conn, record) for record in find_records(conn, identifier)]
            texts = [raw_text(conn, one.record["id"]) if raw else None for one in found]
    if not found:
        raise click.ClickException(
            f"no record {clean(identifier)!r} in {db}; give an OAI identifier, a DOI, an address or a number"
        )
    for one, text in zip(found, texts, strict=True):
        click.echo(json_text(one._asdict()) if as_json else argue(one))
        if text is not None:
            click.echo(clean(text, lines=True))


def raw_text(conn, number: int) -> str:  # type: ignore[no-untyped-def]
    """Give the raw records of a number as text, with a line naming each prefix."""
    from mirror_db.raw import Opener

    parts, opener = [], Opener(conn)
    for prefix, body in conn.execute(
        "SELECT prefix, coalesce(body, tombstone) FROM raw_records WHERE record = ? ORDER BY prefix", (number,)
    ):
        parts.append(f"--- as received, {prefix} ---\n{opener.unpack(body).decode('utf-8', 'replace')}")
    return "\n".join(parts)
