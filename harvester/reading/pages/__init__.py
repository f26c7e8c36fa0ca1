"""The page of an item, read for what its record leaves out: evidence with its place, never an instruction. Pure.

bytes -> tree -> is it the item's page? -> links, metas, JSON-LD, headers, labels, sentence, badge -> fields
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from harvester.reading.fields import Field
from harvester.reading.pages import jsonld, labels, links, metas, statements
from harvester.reading.pages.document import Document, open_document
from harvester.reading.pages.found import Found
from harvester.reading.synonyms import same_as
from harvester.reading.values import text
from harvester.reading.values.identifiers import find
from harvester.reading.values.text import match_key

MAX_BYTES = 4 * 1024 * 1024  # a page of an item is a hundredth of it; what is larger is no page for people
_SHORTEST_TITLE = 12  # characters of a folded title below which it proves nothing

Mark = tuple[str, str]  # element and value of a statement


class Item(NamedTuple):
    """What is known of the item beforehand, to tell its page from any other that answers in its place."""

    title: str | None
    identifiers: tuple[str, ...] = ()  # DOI, handle, or address: whole values


class Read(NamedTuple):
    """What a page gave; `refused` says why nothing was taken from it."""

    fields: tuple[Field, ...] = ()
    refused: str | None = None


def read_page(
    body: bytes, url: str, headers: Mapping[str, str], *, item: Item, site: frozenset[Mark] = frozenset()
) -> Read:
    """Read the page of `item`. `headers` have lower-case names; `site` are the statements that every page of the site bears.

    A page that does not name the item (a login, a search, a message) gives nothing.
    """
    if len(body) > MAX_BYTES:
        return Read(refused=f"larger than {MAX_BYTES} bytes")
    if "html" not in headers.get("content-type", "text/html"):
        return Read(refused=f"no page but {headers.get('content-type', '')[:60]}")
    document = open_document(body, url, headers.get("content-type", ""))
    if document is None:
        return Read(refused="no HTML")
    if not _is_of(document, item):
        return Read(refused="the page does not name the item: a login, a search or a message in its place")
    return Read(tuple(_without_site(_collect(document, headers, item), site)))


def site_marks(body: bytes, url: str, headers: Mapping[str, str]) -> frozenset[Mark]:
    """Give the statements that a page makes which is no item's, such as the home page: they are the site's own."""
    document = open_document(body[:MAX_BYTES], url, headers.get("content-type", ""))
    if document is None:
        return frozenset()
    return frozenset(_mark(field) for field in _collect(document, headers, None) if _speaks_of_rights(field))


def item_of(fields: Iterable[Field]) -> Item:
    """Give what a record's fields tell of the item: its first title, and the identifiers by which a page may name it."""
    title: str | None = None
    named: list[str] = []
    for field in fields:
        says = same_as(field.name)
        if says == "dc:title" and title is None and field.value.strip():
            title = text.clean(field.value).text
        elif says == "dc:identifier":
            named += [
                one.identifier for one in find(field.value) if one.scheme in {"doi", "handle", "urn"} and one.valid
            ]
    return Item(title, tuple(dict.fromkeys(named)))


def _collect(document: Document, headers: Mapping[str, str], item: Item | None) -> tuple[Field, ...]:
    found = Found()
    links.read_header(found, headers.get("link", ""), document.url)
    links.read_links(found, document)
    metas.read(found, document)
    jsonld.read(found, document, None if item is None else item.title)
    labels.read(found, document)
    statements.read(found, document)
    return found.fields()


def _is_of(document: Document, item: Item) -> bool:
    """A page is the item's if it prints the item's title or one of its identifiers."""
    title = match_key(item.title or "")
    if len(title) >= _SHORTEST_TITLE and title[:80] in match_key(document.words):
        return True
    if title and title in {match_key(one) for one in document.titles}:
        return True
    everything = f"{document.words} {' '.join(document.values)}".casefold()
    return any(len(one) > 6 and one.casefold() in everything for one in item.identifiers)


def _without_site(fields: tuple[Field, ...], site: frozenset[Mark]) -> list[Field]:
    """Mark what the home page says too: it is said of the site, not of the item."""
    why = ("unused", "the home page of the site says the same: it is the site's statement, not the item's")
    return [
        field._replace(attributes=(*field.attributes, why))
        if _speaks_of_rights(field) and _mark(field) in site
        else field
        for field in fields
    ]


def _mark(field: Field) -> Mark:
    """Compare statements by what they say, wherever they stand: a template may move its footer."""
    kind = "badge" if field.element.startswith("page:badge") else "statement"
    return kind, " ".join(field.value.casefold().split()).rstrip("/")


def _speaks_of_rights(field: Field) -> bool:
    return field.element in statements.RIGHTS
