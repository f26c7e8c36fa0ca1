"""schema.org in JSON-LD: licence and free access of the work that the page is about, not of the site around it."""

import json
from collections.abc import Iterator
from typing import Any

from harvester.reading.pages.document import Document
from harvester.reading.pages.found import Found
from harvester.reading.values.text import match_key

_LONGEST = 262_144  # characters of one block
_DEEPEST = 6
_WORKS = frozenset(
    [
        "article",
        "book",
        "chapter",
        "creativework",
        "dataset",
        "datacatalog",
        "digitaldocument",
        "learningresource",
        "mediaobject",
        "medicalscholarlyarticle",
        "newsarticle",
        "presentationdigitaldocument",
        "publicationissue",
        "report",
        "scholarlyarticle",
        "softwaresourcecode",
        "techarticle",
        "thesis",
        "videoobject",
        "audioobject",
        "imageobject",
        "collection",
        "map",
        "photograph",
        "review",
        "course",
    ]
)


def read(found: Found, document: Document, title: str | None) -> None:
    """Read the works of all blocks; where the item's title is known, a work of another name is passed over."""
    for block in document.data:
        for work in _works(_parsed(block), 0):
            if title is None or _is_item(work, title):
                _read_work(found, work)


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _works(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Give the works at the top and in @graph, mainEntity and mainEntityOfPage; what a work cites or belongs to is not the work."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value[:50]:
            yield from _works(one, depth + 1)
    elif isinstance(value, dict):
        if _types(value) & _WORKS:
            yield value
        for key in ("@graph", "mainEntity"):
            yield from _works(value.get(key), depth + 1)


def _types(work: dict[str, Any]) -> set[str]:
    return {str(one).rpartition("/")[2].lower() for one in _many(work.get("@type"))}


def _is_item(work: dict[str, Any], title: str) -> bool:
    """A work without a name is taken for the item: the page has been told to be the item's already."""
    names = {match_key(str(work[key])) for key in ("name", "headline") if work.get(key)}
    key = match_key(title)
    return not names or any(name.startswith(key[:60]) or key.startswith(name[:60]) for name in names if name)


def _read_work(found: Found, work: dict[str, Any]) -> None:
    for one in _many(work.get("license")):
        text = one.get("url") or one.get("@id") or one.get("name") if isinstance(one, dict) else one
        if isinstance(text, str):
            found.add("jsonld.license", text)
    free = work.get("isAccessibleForFree")
    if isinstance(free, bool) or str(free).rpartition("/")[2].lower() in {"true", "false"}:
        is_free = free is True or str(free).rpartition("/")[2].lower() == "true"
        found.add("jsonld.isAccessibleForFree", "true" if is_free else "false")
    for one in _many(work.get("conditionsOfAccess")):
        if isinstance(one, str):
            found.add("jsonld.conditionsOfAccess", one)


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:20] if isinstance(value, list) else [value]
