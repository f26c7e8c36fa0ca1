"""The argument of a record's verdicts, in words."""

from typing import Any

from harvester.cli.common import clean
from mirror_db.reports import Explained

_SUBJECTS = (("license", "Licence"), ("access", "Access"), ("embargo", "Embargo"))


def argue(one: Explained) -> str:
    """Give the record's verdicts, the evidence for each, what would change them, and what could not be read."""
    record = one.record
    lines = [
        clean(record["title"]) or "(no title)",
        f"  {clean(record['repository'])}  {clean(record['oai_identifier'])}",
    ]
    lines += [f"  {clean(record[name])}" for name in ("doi", "landing_url") if record[name]]
    lines += ["", *_verdicts(record), ""]
    for subject, title in _SUBJECTS:
        rows = [row for row in one.evidence if row["subject"] == subject]
        if rows:
            lines.append(f"{title}: what was read")
            lines += [_sentence(row) for row in rows]
            lines.append("")
    if not one.evidence:
        lines += ["No value of this record speaks about licence or access.", ""]
    lines += _would_change(record)
    if one.issues:
        lines.append("What could not be normalised (kept as it stood)")
        lines += [f"  {_place(row)} {row['code']}: {clean(row['detail'])}" for row in one.issues]
    if one.changes:
        lines.append("Changes of verdict")
        lines += [
            f"  {row['changed_at']} {row['flag']}: {row['before']} -> {row['after']} ({row['why']})"
            for row in one.changes
        ]
    return "\n".join(lines).rstrip() + "\n"


def _verdicts(record: dict[str, Any]) -> list[str]:
    if record["deleted"]:
        return [f"DELETED ({record['deleted_why']}): no flags are set"]
    licence = record["license"] or "none stated"
    sure = _percent(record["license_confidence"])
    lines = [
        f"Open access:  {_yes(record['is_open_access'])}   access is {record['access']}{_percent(record['access_confidence'])}",
        f"CC BY-NC:     {_yes(record['is_cc_by_nc'])}   licence is {licence}{sure}",
    ]
    if record["license_url"]:
        lines.append(f"              {record['license_url']}")
    if record["license_conflict"]:
        lines.append("              The record states different licences; the least open was taken.")
    if record["access_conflict"]:
        lines.append("              The record states different access; the most closed was taken.")
    if record["partial_open"]:
        lines.append("              Some files are open, others are not.")
    lines.append(f"              judged as of {record['evaluated_on']} by rules {record['rules_version']}")
    return lines


def _yes(flag: int) -> str:
    return "yes" if flag else "no "


def _percent(confidence: float | None) -> str:
    return "" if confidence is None else f" (confidence {confidence:.2f})"


def _sentence(row: dict[str, Any]) -> str:
    value = clean(row["value"])
    value = value if len(value) <= 160 else f"{value[:159]}…"
    if row["verdict"] is None:
        said = f"says nothing to rule {row['rule']}" if row["rule"] != "unread" else "is understood by no rule"
    else:
        said = f"gives {clean(row['verdict'])} by rule {row['rule']} (confidence {row['confidence']:.2f})"
    used = "used" if row["used"] else f"not used: {clean(row['reason']) or 'no rule needed it'}"
    return f"  {_place(row)} “{value}”{_seen(row['origin'])} {said}; {used}"


def _seen(origin: str | None) -> str:
    """Name the page and the day; a further format stands in the place already."""
    return f" on {clean(origin)}," if origin and "://" in origin else ""


def _place(row: dict[str, Any]) -> str:
    return f"{clean(row['element'])}[{row['ordinal']}]" if row["element"] else "record"


def _would_change(record: dict[str, Any]) -> list[str]:
    if record["deleted"]:
        return []
    found = []
    if record["access"] == "embargoed" and record["embargo_end"]:
        found.append(f"The embargo ends: the item is open from {record['embargo_end']}.")
    elif record["access"] == "embargoed":
        found.append("The record names no end of the embargo; a later harvest that does would change it.")
    elif record["next_change_on"]:
        found.append(f"The clock alone may change the verdict on {record['next_change_on']}.")
    if record["next_license"]:
        found.append(f"{record['next_license']} comes into force on {record['next_license_start']}.")
    if record["access"] == "unknown":
        found.append("An access statement or an open licence in the record would settle the access.")
    if not record["license"]:
        found.append("A licence statement in the record would settle the licence.")
    return ["What would change it", *(f"  {line}" for line in found), ""] if found else []
