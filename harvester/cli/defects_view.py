"""The defect report: text that can be mailed to the administrator of a repository as it stands."""

from harvester.cli.common import clean
from mirror_db.codes import QUARANTINE, WARNINGS
from mirror_db.defects import RUNS, Defects


def defect_report(found: Defects, day: str) -> str:
    """Give the report as text; it names what was seen, with examples, and nothing that could not be told."""
    repository = found.repository
    lines = [
        f"To: {clean(repository['admin_emails']) or '(Identify names no adminEmail)'}",
        f"Subject: OAI-PMH at {clean(repository['base_url'])}: what a harvester met",
        "",
        f"We harvest {clean(repository['name'])} over OAI-PMH ({clean(repository['base_url'])}).",
    ]
    parts = (*_records(found), *_faults(found), *_ends(found))
    if not parts:
        return "\n".join((*lines, f"On {day} nothing is known to be wrong."))
    return "\n".join((*lines, f"This is what we met until {day}; thank you for looking into it.", *parts))


def _records(found: Defects) -> list[str]:
    lines: list[str] = []
    for group in found.quarantined:
        code = QUARANTINE.get(group["why"])
        said = code.sentence if code else clean(group["why"])
        lines += ["", f"{group['records']:,} x {said}"]
        lines += [_example(one) for one in group["examples"]]
    return ["", "RECORDS THAT COULD NOT BE READ", *lines] if lines else []


def _example(one: dict[str, str | None]) -> str:
    name = clean(one["oai_identifier"]) or "(no identifier)"
    return f"  - {name}: {clean(one['detail'])[:200]} ({clean(one['place'])})"


def _faults(found: Defects) -> list[str]:
    lines = []
    for one in found.warnings:
        code = WARNINGS.get(one["code"])
        said = code.sentence if code else clean(one["code"])
        lines.append(
            f"- {said} {one['times']:,} x, last on {one['last_seen'][:10]}, e.g.: {clean(one['example'])[:200]}"
        )
    return ["", f"WHAT WAS ODD ABOUT THE ANSWERS (last {RUNS} harvests)", "", *lines] if lines else []


def _ends(found: Defects) -> list[str]:
    lines = [
        f"- {one['times']:,} x, last on {one['last_seen'][:10]}: {clean(one['reason'])[:300]}"
        for one in found.failures
        if one["reason"]
    ]
    return ["", f"HARVESTS THAT DID NOT END COMPLETE (last {RUNS})", "", *lines] if lines else []
