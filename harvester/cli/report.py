"""`oai-mirror report`: what changed since a day, as text, HTML or JSON."""

from datetime import UTC, datetime, timedelta

import click

from harvester.cli.common import Common, database_of, load_settings, told
from mirror_db.json_text import json_text


@click.command("report")
@click.option("--since", metavar="DATE", help="A day or instant in UTC, or a number of days such as 7d (default 7d).")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "json")),
    default="text",
    show_default=True,
    help="What to write.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(common: Common, since: str | None, form: str, as_json: bool) -> None:
    """Tell what changed: new open access and CC BY-NC items, changed licences, embargoes that ended, trouble."""
    from harvester.jobs.reevaluate import bring_up_to_date
    from harvester.jobs.report import report
    from harvester.jobs.report_text import as_html, as_text

    instant = _instant(since or "7d")
    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        bring_up_to_date(db, settings)
        found = report(db, instant)
    if as_json or form == "json":
        click.echo(json_text(found.as_dict(), indent=2))
    else:
        click.echo(as_html(found) if form == "html" else as_text(found), nl=False)


def _instant(text: str) -> str:
    from harvester.oai.dates import to_instant

    if text.endswith("d") and text[:-1].isascii() and text[:-1].isdecimal() and len(text) < 7:
        return (datetime.now(UTC) - timedelta(days=int(text[:-1]))).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = to_instant(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is no date: write 2026-11-23, an instant, or 7d", param_hint="--since")
    return found
