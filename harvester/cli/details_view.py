"""What `status NAME` shows below the table: where the repository is, whom to write to, what was learnt of its server, what to do next."""

from typing import Any

from harvester.cli.common import clean

Row = dict[str, Any]

_NEXT = {
    "never": "oai-mirror harvest {id}",
    "stale": "oai-mirror harvest {id}",
    "failing": "oai-mirror check {id}",
    "blocked": "oai-mirror status {id} --defects   # text for the administrator",
}


def details(row: Row, learned: tuple[Row, ...]) -> str:
    """Give the lines of one repository."""
    lines = [f"{clean(row['id'])}: {clean(row['name'])}", f"  address        {clean(row['base_url'])}"]
    if row["redirected_to"]:
        lines.append(f"  moved to       {clean(row['redirected_to'])}")
    lines.append(f"  administrator  {clean(row['admin_emails']) or 'not named'}")
    lines.append(f"  tombstones     {row['tombstones']:,}")
    lines.append(f"  last run       {_run(row)}")
    lines += [
        f"  learnt         {clean(one['topic'])} = {clean(one['value'])} since {one['learned_at'][:10]}: {clean(one['why'])}"
        for one in learned
    ]
    step = next_step(row)
    return "\n".join([*lines, f"  next           {step}"] if step else lines)


def _run(row: Row) -> str:
    if not row["run"]:
        return "none"
    reason = f": {clean(row['run_reason'])}" if row["run_reason"] else ""
    return f"{row['run']} ({row['run_kind']}), {row['run_outcome']}, {row['run_listed']:,} listed{reason}"


def next_step(row: Row) -> str | None:
    """Give the command that helps most in the repository's state, or None where nothing needs doing."""
    if row["quarantined"]:
        return f"oai-mirror status {row['id']} --defects   # text for the administrator"
    if row["lists"] and row["run_outcome"] != "running":
        return f"oai-mirror harvest {row['id']}   # goes on where it stands"
    command = _NEXT.get(row["state"])
    return command.format(id=row["id"]) if command else None
