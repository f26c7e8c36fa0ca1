"""`oai-mirror verify`: options, one call into jobs, what differs."""

import click

from harvester.cli.common import Common, clean, database_of, load_settings, told
from mirror_db.json_text import json_text

SHOWN = 20  # differences shown of a repository; --json gives all


@click.command("verify")
@click.argument("targets", nargs=-1, metavar="[NAME or URL]...")
@click.option(
    "--repair", is_flag=True, help="Fetch what is missing or differs, and retire what the server lists no more."
)
@click.option("--accept-deletions", is_flag=True, help="With --repair: retire it however much it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per repository.")
@click.pass_obj
def command(common: Common, targets: tuple[str, ...], repair: bool, accept_deletions: bool, as_json: bool) -> None:
    """Prove the mirror against the server's identifiers: what is missing, too much, or different.

    Nothing is concluded from a list of identifiers that is not proven to be whole.
    """
    from harvester.cli.harvest import ask_for_contact, exit_code, stop_signal
    from harvester.jobs.harvest import Hooks, worst
    from harvester.jobs.known import meant
    from harvester.jobs.verify import run

    settings = load_settings(common)
    with told(common):
        db = database_of(common, settings)
        sources = meant(settings, targets, db)
        if not sources:
            raise click.UsageError("nothing to verify: name a repository")
        ask_for_contact(settings, sources, common)
        with stop_signal() as stopping:
            found = run(
                settings, sources, db=db, repair=repair, accept_deletions=accept_deletions, hooks=Hooks(stopping)
            )
    for one in found:
        click.echo(_json_text(one) if as_json else _as_text(one))
    raise click.exceptions.Exit(exit_code(worst([one.report for one in found])))


def _json_text(found) -> str:  # type: ignore[no-untyped-def]
    differences = [one._asdict() for one in found.differences]
    own = {"listed_identifiers": found.listed, "repaired": found.repaired, "differences": differences}
    return json_text(found.report._asdict() | own)


def _as_text(found) -> str:  # type: ignore[no-untyped-def]
    report = found.report
    head = f"{report.repository}: {report.outcome}, {found.listed:,} identifiers listed, {report.records:,} live records here"
    lines = [f"{head}, {found.repaired:,} repaired" if found.repaired else head]
    if report.reason:
        lines.append(f"  {clean(report.reason)}")
    elif not found.differences:
        lines.append("  the mirror holds what the server lists")
    lines += [
        f"  {one.kind:<9} {clean(one.oai_identifier)}  here {one.here or '-'}, there {one.there or '-'}"
        for one in found.differences[:SHOWN]
    ]
    if len(found.differences) > SHOWN:
        lines.append(f"  ... and {len(found.differences) - SHOWN:,} more (--json gives all)")
    return "\n".join(lines)
