"""What a harvest shows: progress on a terminal, a table at the end."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from harvester.cli.common import Common, clean
from harvester.engine.types import Report, Tick
from harvester.source import Source


class Progress:
    """A bar per repository on a terminal, a line per finished one elsewhere, nothing when quiet."""

    def __init__(self, common: Common, sources: Sequence[Source]) -> None:
        self._common = common
        self._names = {source.id: clean(source.name) for source in sources}
        self._tasks: dict[str, Any] = {}
        self._console: Any = None  # where rich decides how to write
        self._bars: Any = None

    def __enter__(self) -> "Progress":
        if not self._common.quiet and _may_be_terminal():
            from rich.console import Console  # rich takes 20 ms

            self._console = Console(stderr=True)
            if self._console.is_terminal:
                self._bars = _bars(self._console)
                self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def tick(self, tick: Tick) -> None:
        """Move a repository's bar."""
        if self._bars is None:
            return
        with suppress(OSError):  # nobody reads what is shown any more: no reason to stop
            self._move(tick)

    def _move(self, tick: Tick) -> None:
        task = self._tasks.get(tick.repository)
        if task is None:
            task = self._tasks[tick.repository] = self._bars.add_task(self._names.get(tick.repository, ""), total=None)
        self._bars.update(task, completed=tick.listed, total=tick.expected)

    def ended(self, report: Report) -> None:
        """Say how a repository ended."""
        if self._common.quiet:
            return
        took = f"{report.seconds:.1f} s"
        rate = f", {report.listed / report.seconds:,.0f} records/s" if report.seconds > 0 and report.listed else ""
        reason = f": {clean(report.reason)}" if report.reason else ""
        stamp = time.strftime("%H:%M:%S")
        line = f"{stamp} {report.repository}: {report.outcome}, {report.listed:,} listed in {took}{rate}{reason}"
        with suppress(OSError):
            self._say(line)

    def _say(self, line: str) -> None:
        if self._console is None:
            click.echo(line, err=True)
            return
        from rich.text import Text

        self._console.print(Text(line), soft_wrap=True)


def _may_be_terminal() -> bool:
    """Tell whether rich may take stderr for a terminal: it is one, or the environment says so."""
    return (sys.stderr is not None and sys.stderr.isatty()) or any(
        name in os.environ for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    )


def _bars(console: Any) -> Any:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Speed(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _Speed() -> Any:  # noqa: N802 - reads as the column that it gives
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Speed(ProgressColumn):
        """Records per second."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f} records/s")

    return Speed()


_COLUMNS = ("listed", "created", "updated", "unchanged", "deleted", "quarantined", "records", "open_access", "cc_by_nc")
_AFTER_A_FAILURE = "what failed is tried again by the same command; `oai-mirror check`, with the name or the address, shows what the server answers"
_TITLES = ("listed", "new", "changed", "same", "deleted", "quarantined", "in mirror", "open access", "CC BY-NC")


def summary(reports: Sequence[Report], db: Path, *, rehearsed: bool) -> str:
    """Give the table of a harvest as text, with reasons and warnings below it; `rehearsed`: nothing was written."""
    rows: list[tuple[str, ...]] = [("repository", "outcome", *_TITLES)]
    rows += [(r.repository, r.outcome, *(f"{_count(r, name):,}" for name in _COLUMNS)) for r in reports]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [_row(row, widths) for row in rows]
    for report in reports:
        if report.reason:
            lines.append(f"{report.repository}: {clean(report.reason)}")
        lines += [f"{report.repository}: warning: {clean(warning)}" for warning in report.warnings]
    if any(report.outcome == "failed" for report in reports):
        lines.append(_AFTER_A_FAILURE)
    if reports and all(_changed_nothing(report) for report in reports):
        lines.append("nothing changed")
    lines.append("a rehearsal: nothing was written" if rehearsed else f"mirror: {db}")
    return "\n".join(lines)


def _changed_nothing(report: Report) -> bool:
    moved = (report.created, report.updated, report.deleted, report.restored, report.vanished, report.quarantined)
    return report.outcome == "complete" and not any(moved)


def _count(report: Report, name: str) -> int:
    extra = report.vanished if name == "deleted" else report.restored if name == "updated" else 0
    return int(getattr(report, name)) + extra


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join((*left, *right)).rstrip()
