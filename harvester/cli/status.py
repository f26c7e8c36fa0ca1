"""`oai-mirror status`: a table that a person reads at a glance."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from harvester.config import Settings

Rows = list[dict[str, Any]]


@click.command("status")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.option(
    "--defects", is_flag=True, help="Print what is wrong with a repository's answers, to mail to its administrator."
)
@click.option(
    "--watch", type=click.FloatRange(min=0.5), is_flag=False, flag_value=2.0, metavar="SECONDS",
    help="Show it again every so often (2 s) until Ctrl-C.",
)  # fmt: skip
@click.pass_obj
def command(common: Common, names: tuple[str, ...], as_json: bool, defects: bool, watch: float | None) -> None:
    """Show every repository: state, last good harvest, next run, records, open, CC BY-NC, what is wrong and since when."""
    from harvester.cli.details_view import details
    from harvester.cli.status_view import show
    from harvester.jobs.reevaluate import bring_up_to_date

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        bring_up_to_date(db, settings)
        if defects:
            _show_defects(db, names)
            return
        if watch is not None and not as_json:
            _watch(lambda: with_staleness(_found(db, names), settings), watch)
            return
        found = with_staleness(_found(db, names), settings)
        learned = {row["id"]: _learned(db, row["id"]) for row in found} if names else {}
    if as_json:
        for row in found:
            click.echo(json_text(row))
        return
    show(found)
    for row in found if names else ():
        click.echo("\n" + details(row, learned[row["id"]]))


def with_staleness(found: Rows, settings: "Settings", now: datetime | None = None) -> Rows:
    """Give the rows with `stale` for those whose last complete harvest is older than two of their periods."""
    at = now or datetime.now(UTC)
    return [row | _stale(row, settings, at) for row in found]


def _stale(row: dict[str, Any], settings: "Settings", now: datetime) -> dict[str, str]:
    """The daemon writes it down; where none runs, it is told here."""
    from harvester.config import source_of
    from harvester.daemon.agreements import agreement_of
    from harvester.daemon.staleness import longest_silence, why_stale

    if row["state"] != "complete" or not row["last_complete_at"] or row["id"] not in settings.repositories:
        return {}
    allowed = longest_silence(agreement_of(settings, source_of(settings, row["id"])))
    why = why_stale(datetime.fromisoformat(row["last_complete_at"]), now, allowed)
    return {} if why is None else {"state": "stale", "state_reason": why}


def _learned(db: Path, name: str) -> tuple[dict[str, Any], ...]:
    from mirror_db.connection import open_reader
    from mirror_db.defects import learned

    with closing(open_reader(db)) as conn:
        return learned(conn, name)


def _show_defects(db: Path, names: tuple[str, ...]) -> None:
    from harvester.cli.defects_view import defect_report
    from mirror_db.connection import open_reader
    from mirror_db.defects import defects

    wanted = [row["id"] for row in _found(db, names)]
    with closing(open_reader(db)) as conn:
        reports = [defect_report(defects(conn, name), f"{datetime.now(UTC):%Y-%m-%d}") for name in wanted]
    click.echo("\n\n".join(reports))


def _found(db: Path, names: tuple[str, ...]) -> Rows:
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
