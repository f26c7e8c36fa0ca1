"""What the demo shows: a table, two items argued, and what to type next."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harvester.cli.common import clean
from harvester.cli.explain_view import argue
from harvester.demo.world import newcastle_item
from harvester.engine.types import Report
from harvester.jobs.demo import Found

_TITLES = ("repository", "records", "open access", "CC BY-NC", "both", "deleted", "")


def introduction(url: str, db: Path) -> str:
    """Say what is about to happen."""
    return (
        f"Three repositories of invented records now answer OAI-PMH at {url}; they are harvested over HTTP into {db}."
    )


def shown(found: Found, db: Path) -> str:
    """Give the whole text of a demo."""
    parts = [news(found.reports, found.seconds), table(found.repositories)]
    parts += [f"{clean(report.repository)}: {clean(report.reason)}" for report in found.reports if report.reason]
    if "newcastle" in found.shown:
        parts += [f"Why one item is flagged:\n\n{_indented(argue(found.shown['newcastle']))}"]
    if "page" in found.shown:
        parts += [f"An item whose record says nothing, flagged by its page:\n\n{_indented(argue(found.shown['page']))}"]
    if "embargoed" in found.shown:
        parts += [f"An item whose file is under embargo:\n\n{_indented(argue(found.shown['embargoed']))}"]
    return "\n\n".join([*parts, next_steps(db)])


def news(reports: Sequence[Report], seconds: float) -> str:
    """Say in a line what this harvest changed."""
    listed = sum(report.listed for report in reports)
    pages = sum(report.pages for report in reports)
    new = sum(report.created for report in reports)
    changed = sum(report.updated + report.restored for report in reports)
    deleted = sum(report.deleted + report.vanished for report in reports)
    took = f"{listed:,} records listed on {pages} pages in {seconds:.1f} s"
    if any(report.outcome != "complete" for report in reports):
        return f"Not everything could be harvested: {took}."
    if not new and not changed and not deleted:
        return f"Nothing changed since the last harvest: {took}, none new, changed or deleted."
    return f"Harvested: {took}; {new:,} new, {changed:,} changed, {deleted:,} deleted."


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Give the counts of each repository and of all."""
    names = ("records", "open_access", "cc_by_nc", "cc_by_nc_open", "tombstones")
    body = [(clean(row["id"]), *(f"{row[name]:,}" for name in names), clean(row["name"])) for row in rows]
    total = ("all", *(f"{sum(row[name] for row in rows):,}" for name in names), "")
    cells = [_TITLES, *body, total]
    widths = [max(len(row[i]) for row in cells) for i in range(len(_TITLES))]
    return "\n".join(_line(row, widths) for row in cells)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *counts, name = row
    right = (cell.rjust(width) for cell, width in zip(counts, widths[1:], strict=False))
    return "  ".join((first.ljust(widths[0]), *right, name)).rstrip()


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.rstrip().splitlines())


def next_steps(db: Path) -> str:
    """Give the commands that a newcomer may type next, as they must be typed here."""
    me = f"{typed_as()} --db {db}"
    steps = (
        (f"{me} serve", "browse and query the mirror with Datasette"),
        (f"{me} status", "the state of every repository"),
        (f"{me} explain {newcastle_item()}", "every piece of evidence, used or not"),
        (f"{me} rights", "the rights values that no rule understood"),
        (
            f"{typed_as()} harvest https://your.repository.example/oai",
            "harvest a repository of your own into mirror.db",
        ),
    )
    width = max(len(command) for command, _ in steps)
    return "\n".join(["Next:", *(f"  {command.ljust(width)}  # {what}" for command, what in steps)])


def typed_as() -> str:
    """Give this program's name as it can be typed in this folder."""
    path = Path(sys.argv[0])
    if path.name == "__main__.py":
        return "python -m harvester"
    if path.name != "oai-mirror" or shutil.which("oai-mirror") == str(path):
        return "oai-mirror"
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
