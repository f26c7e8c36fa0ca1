"""`oai-mirror export`: records for other programs."""

import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from harvester.cli.common import Common, ExitCode, Failure, database_of, load_settings, told
from harvester.cli.snapshot import refuse_overwrite, written_to


class Instant(click.ParamType):  # type: ignore[type-arg]  # generic only for newer checkers
    """A day or an instant, UTC where it names no other zone; becomes the text that the mirror holds."""

    name = "day or instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it, or fail with an example."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a day (2026-11-23) nor an instant (2026-11-23T08:34:00Z)", param, ctx)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    default=None,
    help="What to write; else by the name of the file, else CSV.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else stdout.")
@click.option("--force", is_flag=True, help="Put the file in place of one that exists.")
@click.option("--open", is_flag=True, help="Only records that are open access.")
@click.option("--cc-by-nc", is_flag=True, help="Only records under CC BY-NC itself.")
@click.option(
    "--repository", "repositories", multiple=True, metavar="NAME", help="Only this repository; may be repeated."
)
@click.option("--since", type=Instant(), help="Only what changed since, tombstones too unless a flag is asked for.")
@click.pass_obj
def command(common: Common, /, form: str | None, output: Path | None, force: bool, **filters: Any) -> None:
    """Write records as CSV, JSON lines or Parquet, each with its confidences and the version of the rules that judged it.

    Live records, in the order of their numbers, from one state of the mirror. At the end it says from when the next --since goes on.
    """
    from harvester.jobs.export import export
    from mirror_db.export import Wanted

    settings = load_settings(common)
    db = database_of(common, settings)
    form = _form(form, output)
    if output is not None:
        refuse_overwrite(output, db=db, force=force)
    with told(common), written_to(output):
        _refuse_unknown(db, filters["repositories"])
        done = export(db, settings, Wanted(**filters), form=form, output=output or sys.stdout.buffer)
    if not common.quiet:
        onward = f"; the next export can go on with --since {done.next_since}" if done.next_since else ""
        click.echo(
            f"{done.records:,} {'record' if done.records == 1 else 'records'}{f' in {output}' if output else ''}{onward}",
            err=True,
        )


def _form(asked: str | None, output: Path | None) -> str:
    by_name = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
    form = asked or (by_name.get(output.suffix.lower(), "csv") if output else "csv")
    if form == "parquet" and output is None:
        raise click.UsageError("Parquet cannot be written to stdout: name a file with --output")
    if form == "parquet" and find_spec("pyarrow") is None:
        raise Failure("Parquet needs an extra: pip install 'oai-mirror[parquet]'", ExitCode.USAGE)
    return form


def _refuse_unknown(db: Path, repositories: tuple[str, ...]) -> None:
    from harvester.jobs.known import known_repositories

    unknown = sorted(set(repositories) - set(known_repositories(db))) if db.exists() else []
    if unknown:
        raise click.UsageError(f"not in this mirror: {', '.join(unknown)}")
