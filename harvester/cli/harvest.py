"""`oai-mirror harvest`: options, one call into jobs, one table."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

import click

from harvester.cli.common import Common, ExitCode, database_of, load_settings, told
from harvester.stopping import Stopping
from mirror_db.json_text import json_text

if TYPE_CHECKING:
    from harvester.config import Settings
    from harvester.engine.types import Wish
    from harvester.jobs.pages import Visited
    from harvester.source import Source


_SHOW_CURSOR = b"\x1b[?25h\n"  # bars of progress hide it


@click.command("harvest")
@click.argument("targets", nargs=-1, metavar="[NAME or URL]...")
@click.option("--full", is_flag=True, help="List everything again and find what vanished.")
@click.option("--from", "from_", metavar="DATE", help="Only records changed since this day or instant (UTC).")
@click.option("--until", metavar="DATE", help="Only records changed until this day or instant (UTC), inclusive.")
@click.option("--set", "sets", multiple=True, metavar="SPEC", help="Only this set; may be given several times.")
@click.option("--prefix", metavar="PREFIX", help="metadataPrefix to ask for (default oai_dc).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after about N records of each list.")
@click.option("--dry-run", is_flag=True, help="Ask and read, but write nothing.")
@click.option("--accept-deletions", is_flag=True, help="Retire what a full list no longer holds, however much it is.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Repositories harvested at the same time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.pass_obj
def command(common: Common, /, targets: tuple[str, ...], as_json: bool, **options: object) -> None:
    """Harvest repositories by name or base URL; without an argument, all that are enabled.

    A harvest is incremental when it can be, and goes on where an earlier one stopped.
    """
    from harvester.cli.harvest_view import Progress, summary
    from harvester.jobs.harvest import Hooks, run, worst
    from harvester.jobs.known import meant

    settings = load_settings(common)
    wish = _wish(options)
    with told(common):
        db = database_of(common, settings)
        sources = meant(settings, targets, db)
        if not sources:
            raise click.UsageError("nothing to harvest: name a repository or give a base URL")
        ask_for_contact(settings, sources, common)
        with stop_signal() as stopping, Progress(common, sources) as progress:
            hooks = Hooks(stopping, progress.tick, progress.ended, _visited(common))
            jobs = int(str(options["jobs"] or settings.schedule.max_parallel_repositories))
            reports = run(settings, sources, wish, db=db, jobs=jobs, hooks=hooks)
    if as_json:
        for report in reports:
            click.echo(json_text(report._asdict()))
    else:
        click.echo(summary(reports, db, rehearsed=wish.dry_run))
    raise click.exceptions.Exit(exit_code(worst(reports)))


def exit_code(word: str) -> int:
    """Give the exit code for `jobs.harvest.worst`'s word (design section 2.3)."""
    codes = {
        "complete": ExitCode.OK,
        "some": ExitCode.PARTIAL,
        "none": ExitCode.NONE,
        "held": ExitCode.HELD,
        "interrupted": ExitCode.INTERRUPTED,
    }
    return int(codes[word])


@contextmanager
def stop_signal() -> Iterator[Stopping]:
    """Give what SIGINT and SIGTERM say; a second SIGINT ends the process at once. A signal that is ignored stays so."""
    stopping = Stopping()

    def stop(number: int, frame: object) -> None:
        if stopping.is_set() and number == signal.SIGINT:
            _leave()
        stopping.set()

    numbers = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave() -> NoReturn:
    """End the process as a kill would, which the mirror stands: an exception could come between any two steps of any code."""
    with suppress(OSError):
        if os.isatty(2):
            os.write(2, _SHOW_CURSOR)
    os._exit(int(ExitCode.INTERRUPTED))


def _wish(options: dict[str, object]) -> "Wish":
    from harvester.engine.types import Wish

    names = ("full", "from_", "until", "sets", "prefix", "limit", "dry_run", "accept_deletions")
    wish = Wish(**{name: options[name] for name in names})  # type: ignore[arg-type]
    _check_window(wish.from_, wish.until)
    return wish


def _check_window(from_: str | None, until: str | None) -> None:
    from harvester.oai.dates import to_instant

    for option, text in (("--from", from_), ("--until", until)):
        if text is not None and to_instant(text) is None:
            raise click.BadParameter(
                f"{text!r} is no date: write 2026-11-23 or 2026-11-23T08:34:00Z", param_hint=option
            )
    if from_ and until and from_[:10] > until[:10]:
        raise click.BadParameter(f"--from {from_} is later than --until {until}", param_hint="--from")


def _visited(common: Common) -> Callable[["Visited"], None]:
    """Say on stderr what visits to pages of items brought, where they are configured."""

    def tell(visited: "Visited") -> None:
        from harvester.cli.pages import line

        if not common.quiet:
            click.echo(f"pages: {line(visited)}", err=True)

    return tell


def ask_for_contact(settings: "Settings", sources: Sequence["Source"], common: Common) -> None:
    """Say once how to name a contact, where another machine is asked and none is set."""
    from harvester.source import is_loopback

    abroad = any(not is_loopback(source.base_url) for source in sources)
    if abroad and not settings.http.contact and not common.quiet:
        click.echo(
            "note: no contact is set. Repositories like to know whom to write to: "
            "export OAI_MIRROR_HTTP__CONTACT=you@example.org (or http.contact in the configuration)",
            err=True,
        )
