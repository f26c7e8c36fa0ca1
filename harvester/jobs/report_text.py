"""The report in words: plain text for a terminal or a mail, and a page of HTML in which harvested text stays text."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from harvester.jobs.report import Part, Report

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}li{margin:.4rem 0}small{color:#555}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}small{color:#aaa}a{color:#8ab4f8}}"
)


def as_text(report: Report) -> str:
    """Give the report as plain text, one item a line."""
    return "\n".join(_text_lines(report)) + "\n"


def as_html(report: Report) -> str:
    """Give the report as one HTML page; every harvested value is escaped, links lead to http(s) only."""
    body = "\n".join(_html_lines(report))
    title = escape(headline(report))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n{body}\n</main></body></html>\n"
    )


def headline(report: Report) -> str:
    """Say in one line what there is."""
    counts = {part.name: part.total for part in report.parts}
    return f"Since {report.since[:10]}: {counts['new_open']:,} new open, {counts['new_cc_by_nc']:,} new CC BY-NC"


def _text_lines(report: Report) -> Iterator[str]:
    yield headline(report)
    yield _totals(report)
    for part in report.parts:
        yield ""
        yield f"{part.title}: {part.total:,}"
        for item in part.items:
            yield f"  {_line(item)}"
        if rest := _rest(part):
            yield f"  {rest}"
    yield ""
    yield f"Repositories in trouble: {len(report.trouble):,}"
    for row in report.trouble:
        yield f"  {_trouble(row)}"


def _html_lines(report: Report) -> Iterator[str]:
    yield f"<p>{escape(_totals(report))}</p>"
    for part in report.parts:
        yield f"<h2>{escape(part.title)}: {part.total:,}</h2>"
        if part.items:
            yield "<ul>"
            yield from (f"<li>{_html_item(item)}</li>" for item in part.items)
            yield "</ul>"
        if rest := _rest(part):
            yield f"<p>{escape(rest)}</p>"
    yield f"<h2>Repositories in trouble: {len(report.trouble):,}</h2>"
    if report.trouble:
        yield "<ul>"
        yield from (f"<li>{escape(_trouble(row))}</li>" for row in report.trouble)
        yield "</ul>"


def _html_item(item: Mapping[str, Any]) -> str:
    title = escape(_clean(item["title"]) or _clean(item["oai_identifier"]))
    address = str(item["landing_url"] or (f"https://doi.org/{item['doi']}" if item["doi"] else ""))
    if address.startswith(("https://", "http://")):
        title = f'<a rel="noreferrer" href="{escape(address, quote=True)}">{title}</a>'
    return f"{title} <small>{escape(_particulars(item))}</small>"


def _line(item: Mapping[str, Any]) -> str:
    return f"{_clean(item['title']) or _clean(item['oai_identifier'])} [{_particulars(item)}]"


def _particulars(item: Mapping[str, Any]) -> str:
    said = [item["repository"], item["year"], item["creators"], item["access"], item["license"]]
    if "after" in item and item["license"] == item["after"]:
        said[-1] = f"{item['before'] or 'no licence'} -> {item['after'] or 'no licence'} ({item['why']})"
    return "; ".join(_clean(value) for value in said if value)


def _totals(report: Report) -> str:
    totals = report.totals
    return (
        f"{totals['runs']:,} {'run' if totals['runs'] == 1 else 'runs'}: {totals['created']:,} records created, {totals['updated']:,} updated, "
        f"{totals['deleted']:,} deleted"
    )


def _rest(part: Part) -> str:
    more = part.total - len(part.items)
    return f"and {more:,} more" if more else ""


def _trouble(row: Mapping[str, Any]) -> str:
    good = f"last complete {row['last_complete_at']}" if row["last_complete_at"] else "never complete"
    return f"{row['repository']}: {row['state']} since {row['state_since']}, {good}: {_clean(row['state_reason'])}"


def _clean(value: object) -> str:
    return "" if value is None else " ".join(_CONTROL.sub(" ", str(value)).split())
