"""How figures, days, states and evidence are put into words: the filters of the templates, and nothing with a decision in it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mirror_db.site.cells import doi_url, shortened, web
from mirror_db.site.text import marked, phrase, sentence, visible

ACCESS = ("open", "embargoed", "restricted", "metadata-only", "unknown")  # the open ones stand at the baseline
ACCESS_WORDS = {"unknown": "access unknown", "metadata-only": "metadata only"}
FAMILIES = ("cc0", "public-domain", "by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")
FAMILY_WORDS = {
    "cc0": "CC0",
    "pdm": "Public domain",
    "public-domain": "Public domain",
    "by": "CC BY",
    "by-sa": "CC BY-SA",
    "by-nc": "CC BY-NC",
    "by-nc-sa": "CC BY-NC-SA",
    "by-nd": "CC BY-ND",
    "by-nc-nd": "CC BY-NC-ND",
    "": "No licence stated",
}
OUTCOMES = {"complete": "●", "partial": "◐", "deferred": "◷", "interrupted": "◇", "failed": "✕", "running": "▶"}
STATES = {**OUTCOMES, "never": "○", "stale": "◌", "failing": "✕", "blocked": "⊘"}
STATE_WORDS = {
    "never": "never harvested",
    "complete": "complete: the last list was proven to its end",
    "partial": "partial: what is held is sound, but some of it could not be got",
    "stale": "stale: no complete harvest for longer than agreed",
    "failing": "failing: the last harvests did not work",
    "deferred": "deferred: the server asked to wait",
    "blocked": "blocked: it waits for a person to decide",
}
ROUTES = {
    "licensed": "its licence says so",
    "free-to-read": "it is stated to be free to read",
    "embargo-elapsed": "its embargo has ended",
    "set": "it is a member of a set of open items",
}
FACETS = {
    "access": "Access",
    "license": "Licence",
    "repository": "Repository",
    "year": "Year",
    "type": "Type",
    "language": "Language",
}
_CC = re.compile(r"CC0?-?(?P<terms>BY(?:-(?:NC|ND|SA))*)?-?(?P<version>\d\.\d)?(?P<port>-[A-Z]{2,})?")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SUBJECTS = {"license": "the licence", "access": "the access", "embargo": "the embargo"}


def number(value: object) -> str:
    """Give a whole number with its thousands apart: 1 234 567 reads as 1,234,567."""
    return f"{int(str(value)):,}" if value is not None else "–"


def percent(part: int, whole: int) -> str:
    """Give a share: 0 % and 100 % only where that is exact."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    return f"{share:.0f} %" if share == round(share) else f"{share:.1f} %"


def day(instant: str | None) -> str:
    """Give an instant or a day as 23 November 2026; what is no date stays as it is, nothing becomes "never"."""
    if not instant:
        return "never"
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return shortened(instant, 40)
    return f"{moment.day} {moment:%B %Y}"


def minute(instant: str | None) -> str:
    """Give an instant as 2026-11-23 08:34 UTC."""
    return f"{instant[:10]} {instant[11:16]} UTC" if instant and len(instant) > 10 else str(instant or "–")


def family(word: str | None) -> str:
    """Give a licence family as people write it."""
    return FAMILY_WORDS.get(word or "", str(word).replace("-", " "))


def licence(name: str) -> str:
    """Give a licence's identifier as people write it: CC-BY-NC-4.0 reads as CC BY-NC 4.0, its LicenseRef- falls away."""
    found = _CC.fullmatch(name)
    if found is None:
        return shortened(_INNER_CAPITAL.sub(" ", name.removeprefix("LicenseRef-")), 60)
    terms = "CC0" if name.startswith("CC0") else f"CC {found['terms']}"
    return " ".join(filter(None, (terms, found["version"], (found["port"] or "").removeprefix("-"))))


def facet(name: str, value: str, names: Mapping[str, str]) -> str:
    """Give a facet's value as people write it; "" is called not stated."""
    if not value:
        return "not stated"
    if name == "repository":
        return names.get(value, value)
    return licence(value) if name == "license" else value


def ordinal(value: int) -> str:
    """Give 1st, 2nd, 3rd, 11th."""
    if value % 100 in {11, 12, 13}:
        return f"{value}th"
    return f"{value}{({1: 'st', 2: 'nd', 3: 'rd'}).get(value % 10, 'th')}"


def verdict(row: Mapping[str, Any]) -> str:
    """Say what a rule made of a value, for the evidence row `row`; the value itself is quoted by the template."""
    subject = _SUBJECTS[row["subject"]]
    if row["rule"] == "unread":
        return f"No rule understands it, so it says nothing about {subject}."
    if row["verdict"] is None:
        return f"The rule {row['rule']} reads it and takes nothing from it about {subject}."
    sure = f"confidence {row['confidence']:.2f}"
    return f"The rule {row['rule']} takes {row['verdict']} from it for {subject} ({sure})."


def use(row: Mapping[str, Any]) -> str:
    """Say whether a piece of evidence was used, or why it was not."""
    if row["used"]:
        return "Used: the verdict rests on it."
    return f"Not used: {row['reason']}." if row["reason"] else "Not used: the verdict did not need it."


def place(row: Mapping[str, Any]) -> str:
    """Say where a value stood: the 2nd dc:rights, and in which form or page where it is not the record itself."""
    origin = f", read in {row['origin']}" if row.get("origin") else ""
    if not row["element"]:
        return "the record as a whole"
    if row["element"] == "setSpec":
        return "a set of the record"
    return f"the {ordinal(row['ordinal'])} {row['element']}{origin}"


def witness(row: Mapping[str, Any]) -> str:
    """Say what a witness knows of the record's DOI."""
    if not row["found"]:
        return "does not know this DOI"
    access = {1: "holds it to be open", 0: "holds it not to be open"}.get(
        row["is_open_access"], "says nothing of access"
    )
    route = f" ({row['route']})" if row["route"] else ""
    licence = f", under {row['license'] or row['license_text']}" if row["license"] or row["license_text"] else ""
    return f"{access}{route}{licence}"


FILTERS: dict[str, Callable[..., Any]] = {
    "oai_number": number,
    "oai_day": day,
    "oai_minute": minute,
    "oai_family": family,
    "oai_short": shortened,
    "oai_web": web,
    "oai_doi": doi_url,
    "oai_verdict": verdict,
    "oai_use": use,
    "oai_place": place,
    "oai_witness": witness,
    "oai_percent": percent,
    "oai_licence": licence,
    "oai_marked": marked,
    "oai_phrase": phrase,
    "oai_sentence": sentence,
    "oai_visible": visible,
}
