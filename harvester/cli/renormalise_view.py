"""How a new reading of a repository is told."""

from harvester.cli.common import clean
from harvester.jobs.renormalise import Reread


def shown(one: Reread) -> str:
    """Give one repository's result as lines."""
    if one.outcome == "held":
        return f"{one.repository}: skipped, {clean(one.reason)}"
    would = "would change" if one.outcome == "dry-run" else "changed"
    lines = [f"{one.repository}: {one.records} records read again, the flags of {one.flags_changed} {would}"]
    if one.unreadable:
        lines.append(f"  {one.unreadable} could not be read again; they stay as they are")
    for row in one.changes:
        flag, before, after, rule = row.change
        by = f"by rule {rule}" if rule else "no rule speaks any more"
        lines.append(f"  {row.records:>7}  {flag}: {_word(before)} -> {_word(after)}  ({by})")
        lines.append(f"           e.g. {', '.join(clean(example) for example in row.examples)}")
    return "\n".join(lines)


def _word(value: object) -> str:
    return "none" if value is None else clean(value)
