"""What `status` shows: a row per repository, and below what is running and what is wrong, a line each."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harvester.cli.common import clean

if TYPE_CHECKING:
    from rich.console import RenderableType

_SIGNS = {"complete": "green", "never": "dim", "partial": "yellow", "stale": "yellow", "deferred": "yellow"}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))
_PLAIN_WIDTH = 150  # where nobody knows the width of the terminal

Row = dict[str, Any]


def show(found: list[Row]) -> None:
    """Print the table."""
    from rich.console import Console

    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    console.print(drawn(found))


def drawn(found: list[Row], now: datetime | None = None) -> "RenderableType":
    """Draw the table with its lines."""
    from rich.console import Group
    from rich.text import Text

    now = now or datetime.now(UTC)
    lines = [f"{clean(row['id'])}: {line}" for row in found for line in (*running(row, now), *trouble(row))]
    return Group(_table(found, now), *(Text(line, overflow="fold") for line in lines))


def _table(found: list[Row], now: datetime) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("repository", "state", "since", "last complete", "next run"):
        table.add_column(title, overflow="fold")
    for title in ("records", "open", "CC BY-NC", "quarantined"):
        table.add_column(title, justify="right")
    for row in found:
        state = Text(row["state"], style=_SIGNS.get(row["state"], "red"))
        times = (age(row["state_since"], now), age(row["last_complete_at"], now), following(row, now))
        counts = [f"{row[name]:,}" for name in ("records", "open_access", "cc_by_nc", "quarantined")]
        table.add_row(Text(clean(row["id"])), state, *times, *counts)
    return table


def following(row: Row, now: datetime) -> str:
    """Say when the daemon asks next: `in 4 h`, `full in 2 d`, `now`; a dash when no daemon has decided."""
    if not row.get("next_at"):
        return "-"
    seconds = (datetime.fromisoformat(row["next_at"]) - now).total_seconds()
    kind = "" if row["next_kind"] == "harvest" else f"{row['next_kind']} "
    return kind + (f"in {span(seconds)}" if seconds >= 1 else "now")


def running(row: Row, now: datetime) -> list[str]:
    """Say what runs now, how far it is and when it will be done; and why the next run is when it is, where that is no routine."""
    lines = []
    if row["run_outcome"] == "running" and row.get("holder"):
        lines.append(
            f"{row['run_kind']} running since {age(row['run_started_at'], now)} by {clean(row['holder'])}{_progress(row, now)}"
        )
    if row.get("next_reason") and row["next_reason"] != "by its cron line":
        lines.append(f"next run: {clean(row['next_reason'])}")
    return lines


def _progress(row: Row, now: datetime) -> str:
    seconds = max((now - datetime.fromisoformat(row["run_started_at"])).total_seconds(), 1e-9)
    rate = row["run_listed"] / seconds
    said = f": {row['run_listed']:,} records, {rate:,.0f}/s"
    whole = next((part for part in row["lists"] if part["expected"]), None)
    if whole is None or not rate or whole["expected"] <= whole["got"]:
        return said
    share = 100 * whole["got"] / whole["expected"]
    return (
        f"{said}; {share:.0f} % of {whole['expected']:,}, about {span((whole['expected'] - whole['got']) / rate)} left"
    )


def trouble(row: Row) -> list[str]:
    """Say what is wrong with a repository, a line each."""
    lines = []
    if row["state"] != "complete" and row["state_reason"]:
        lines.append(clean(row["state_reason"]))
    if row["not_before"]:
        lines.append(f"not to be asked before {row['not_before']}")
    if row["run_outcome"] != "running":
        lines += [_waits(part) for part in row["lists"]]
    lines += [f"warning: {clean(warning)}" for warning in row["warnings"]]
    return lines


def _waits(part: Row) -> str:
    of = f" of {part['expected']:,}" if part["expected"] else ""
    return f"list {part['id']} ({part['purpose']}) stands at {part['got']:,}{of} records; the next run goes on"


def age(instant: str | None, now: datetime | None = None) -> str:
    """Say how long ago an instant was: 5 min, 3 h, 12 d; a dash for none."""
    if not instant:
        return "-"
    seconds = ((now or datetime.now(UTC)) - datetime.fromisoformat(instant)).total_seconds()
    return span(seconds) if seconds >= _UNITS[-1][0] else "now"


def span(seconds: float) -> str:
    """Say a span in its largest unit, rounded down: 40 s, 5 min, 3 h, 12 d."""
    return next((f"{int(seconds // size)} {unit}" for size, unit in _UNITS if seconds >= size), f"{int(seconds)} s")
