"""`oai-mirror status`: a table that a person reads at a glance."""

import json
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told

Rows = list[dict[str, Any]]


@click.command("status")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.option(
    "--watch", type=click.FloatRange(min=0.5), is_flag=False, flag_value=2.0, metavar="SECONDS",
    help="Show it again every so often (2 s) until Ctrl-C.",
)  # fmt: skip
@click.pass_obj
def command(common: Common, names: tuple[str, ...], as_json: bool, watch: float | None) -> None:
    """Show every repository: state, last good harvest, next run, records, open, CC BY-NC, what is wrong and since when."""
    from harvester.cli.status_view import show
    from harvester.jobs.reevaluate import bring_up_to_date

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        bring_up_to_date(db, settings)
        if watch is not None and not as_json:
            _watch(lambda: _found(db, names), watch)
            return
        found = _found(db, names)
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    show(found)


def _found(db, names: tuple[str, ...]) -> Rows:  # type: ignore[no-untyped-def]
    from mirror_db.connection import open_reader
    from mirror_db.reports import repositories

    with closing(open_reader(db)) as conn:
        found = repositories(conn, names)
    unknown = sorted(set(names) - {row["id"] for row in found})
    if unknown:
        raise click.UsageError(f"not in this mirror: {', '.join(clean(name) for name in unknown)}")
    return found


def _watch(find: Callable[[], Rows], every_s: float) -> None:
    from rich.console import Console
    from rich.live import Live

    from harvester.cli.status_view import drawn

    console = Console()
    try:
        with Live(drawn(find()), console=console, auto_refresh=False, screen=console.is_terminal) as live:
            while True:
                time.sleep(every_s)
                live.update(drawn(find()), refresh=True)
    except KeyboardInterrupt:
        return
