"""The pages of items, in the manner of three platforms: what a person reads, and what machines find in the mark-up."""

import json
from collections.abc import Iterable
from html import escape

from harvester.demo.items import Item
from harvester.demo.model import Page

_ABOUT = "These are invented records, served by oai-mirror on this machine."
_BADGE = '<img src="/padlock.svg" alt="Open Access padlock">'


def home() -> Page:
    """Give the page where a visitor begins; it ends as every page of the site does."""
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Demo repositories</title></head>'
    return Page(f"{head}<body><main><h1>Demo repositories</h1><p>Three of them.</p></main>{_footer()}</body></html>")


def newcastle(item: Item, url: str) -> Page:
    """Give a page of labels and values, with the licence as a sentence and a padlock where the item is open."""
    said = item.statement
    sentences = [text.format(year=item.year, holder=item.creators[0]) for text in said.page or said.rights]
    badge = _BADGE if "Open Access" in sentences or "open_access" in said.sets else ""
    rows = [
        ("Author(s)", ", ".join(item.creators)),
        ("Publication type", item.kind.capitalize()),
        ("Publication status", "Published"),
        ("Journal", item.journal),
        ("Year", item.year),
        ("Volume", item.volume),
        ("Issue", item.issue),
        ("Pages", item.pages),
        ("Print publication date", _day(item.dates[0] if item.dates else "")),
        ("Online publication date", _day(item.dates[1] if len(item.dates) > 1 else "")),
        ("Acceptance date", _day(item.accepted)),
        ("Date deposited", _day(item.deposited)),
        ("ISSN (print)", item.issn_print),
        ("ISSN (electronic)", item.issn_electronic),
        ("Publisher", item.publisher),
    ]
    listed = "".join(f"<dt>{label}:</dt><dd>{escape(value)}</dd>" for label, value in rows if value)
    doi = f'<p>DOI: <a href="https://doi.org/{escape(item.doi)}">{escape(item.doi)}</a></p>' if item.doi else ""
    spoken = _paragraphs(text for text in sentences if text != "Open Access")
    return Page(
        f"{_head(item)}</head><body><header>{badge} ePrints</header><main><h1>{escape(item.title)}</h1>{spoken}"
        f"{_paragraphs([item.abstract])}<h2>Publication metadata</h2><dl>{listed}</dl>{doi}</main>{_footer()}</body></html>"
    )


def eprints(item: Item, url: str) -> Page:
    """Give a summary page as EPrints makes it: meta elements, the documents with their licences."""
    public = "public" if "driver" in item.statement.sets else "none"
    named = [
        ("eprints.title", item.title),
        *(("eprints.creators_name", name) for name in item.creators),
        ("eprints.type", item.kind),
        ("eprints.full_text_status", public),
        ("eprints.publication", item.journal),
        ("eprints.volume", item.volume),
        ("eprints.number", item.issue),
        ("eprints.pagerange", item.pages),
        ("eprints.issn", item.issn_print),
        ("eprints.id_number", item.doi),
        ("DC.title", item.title),
        *(("DC.rights", code) for code in item.statement.rights),
    ]
    licence = item.statement.license
    available = (
        f'<span>Available under License <a rel="license" href="{escape(licence)}">Creative Commons</a>.</span>'
        if licence and item.statement.rights
        else ""
    )
    return Page(
        f'{_head(item)}{_metas(named)}</head><body><main class="ep_summary_content_main"><h1>{escape(item.title)}</h1>'
        f'<table><tr><td><span class="document_format">Text</span>{available}</td></tr></table>'
        f"{_paragraphs([item.abstract])}</main>{_footer()}</body></html>"
    )


def dspace(item: Item, url: str) -> Page:
    """Give an item page as DSpace makes it: citation_ and DC meta elements, JSON-LD, a signposting header."""
    licence = item.statement.license
    named = [
        ("citation_title", item.title),
        *(("citation_author", name) for name in item.creators),
        ("citation_doi", item.doi),
        ("citation_journal_title", item.journal),
        *(("DC.rights", text) for text in item.statement.rights),
    ]
    data: dict[str, object] = {"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": item.title}
    if licence:
        data["license"] = licence
    if item.statement.access:
        data["isAccessibleForFree"] = item.statement.access == "open"
    linked = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    links = [f'<{url}>; rel="cite-as"', *([f'<{licence}>; rel="license"'] if licence else [])]
    return Page(
        f'{_head(item)}{_metas(named)}<script type="application/ld+json">{linked}</script></head><body><main>'
        f"<h1>{escape(item.title)}</h1>{_paragraphs([item.abstract, *item.statement.rights])}</main>{_footer()}</body></html>",
        (("Link", ", ".join(links)),),
    )


def _head(item: Item) -> str:
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(item.title)}</title>'


def _metas(named: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in named if value)


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def _footer() -> str:
    """Every page of a site ends alike; the licence here is the site's and says nothing about an item."""
    site = '<a rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">CC0</a>'
    return f"<footer><p>{_ABOUT} The texts of this site are {site}.</p></footer>"


def _day(iso: str) -> str:
    """Give a date as the page prints it: dd/mm/yyyy."""
    parts = iso.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and all(part.isdecimal() for part in parts) else iso
