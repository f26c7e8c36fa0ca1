"""`oai-mirror status`: a table that a person reads at a glance."""

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told

_SIGNS = {"complete": "green", "never": "dim", "partial": "yellow", "stale": "yellow", "deferred": "yellow"}


@click.command("status")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.pass_obj
def command(common: Common, names: tuple[str, ...], as_json: bool) -> None:
    """Show every repository: state, last good harvest, records, open, CC BY-NC, what is wrong and since when."""
    from harvester.jobs.reevaluate import bring_up_to_date
    from mirror_db.connection import open_reader
    from mirror_db.reports import repositories

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        bring_up_to_date(db, settings)
        with closing(open_reader(db)) as conn:
            found = repositories(conn, names)
    unknown = sorted(set(names) - {row["id"] for row in found})
    if unknown:
        raise click.UsageError(f"not in this mirror: {', '.join(clean(name) for name in unknown)}")
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    _show(found)


def _show(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("repository", "state", "since", "last complete"):
        table.add_column(title, overflow="fold")
    for title in ("records", "open", "CC BY-NC", "quarantined"):
        table.add_column(title, justify="right")
    for row in found:
        state = Text(row["state"], style=_SIGNS.get(row["state"], "red"))
        counts = [f"{row[name]:,}" for name in ("records", "open_access", "cc_by_nc", "quarantined")]
        table.add_row(Text(clean(row["id"])), state, age(row["state_since"]), age(row["last_complete_at"]), *counts)
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console.width = 140
    console.print(table)
    for row in found:
        for line in trouble(row):
            console.print(Text(f"{clean(row['id'])}: {line}"), soft_wrap=True)


def trouble(row: dict[str, Any]) -> list[str]:
    """Say what is wrong with a repository, a line each."""
    lines = []
    if row["state"] != "complete" and row["state_reason"]:
        lines.append(clean(row["state_reason"]))
    if row["not_before"]:
        lines.append(f"not to be asked before {row['not_before']}")
    for part in row["lists"]:
        of = f" of {part['expected']:,}" if part["expected"] else ""
        lines.append(
            f"list {part['id']} ({part['purpose']}) stands at {part['got']:,}{of} records; the next run goes on"
        )
    lines += [f"warning: {clean(warning)}" for warning in row["warnings"]]
    return lines


def age(instant: str | None, now: datetime | None = None) -> str:
    """Say how long ago an instant was: 5 min, 3 h, 12 d; a dash for none."""
    if not instant:
        return "-"
    seconds = ((now or datetime.now(UTC)) - datetime.fromisoformat(instant)).total_seconds()
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "now"
