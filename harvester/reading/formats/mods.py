"""MODS 3: title, names by role, origin, subjects, links, the host item, and access conditions."""

from collections.abc import Iterator
from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import (
    Collector,
    attributes_of,
    children,
    elements,
    first,
    lang_of,
    local,
    person,
    words,
)

_CREATORS = frozenset(
    {"", "aut", "cre", "author", "creator", "art", "artist", "cmp", "composer", "pht", "photographer", "ive", "dis"}
)
_SUBJECT_PARTS = frozenset({"topic", "geographic", "temporal", "genre", "occupation", "name", "titleInfo"})
_PASSED_OVER = frozenset({"preview"})


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("mods")
    inner = first(metadata, "mods")
    for node in elements(metadata if inner is None else inner):
        _READERS.get(local(node), _nothing)(found, node)
    return found.done()


def _nothing(found: Collector, node: Any) -> None:
    """Other elements are of no use to the mirror; the raw record keeps them."""


def _title(found: Collector, node: Any) -> None:
    if node.get("type") is None:
        found.add("mods:title", _title_text(node), lang=lang_of(node))


def _title_text(node: Any) -> str:
    """Article, title, part and subtitle as they are read; MODS keeps the article apart for sorting."""
    head = " ".join(part for name in ("nonSort", "title") if (part := words(first(node, name))))
    parts = [words(one) for name in ("partNumber", "partName") for one in children(node, name)]
    subtitle = words(first(node, "subTitle"))
    return ". ".join([head + (f": {subtitle}" if subtitle and head else subtitle), *parts]).strip()


def _name(found: Collector, node: Any) -> None:
    roles = {words(one).lower() for role in children(node, "role") for one in elements(role) if words(one)}
    if roles & {"pbl", "publisher", "his", "ths"} and not roles & _CREATORS:
        if roles & {"pbl", "publisher"}:
            found.add("mods:publisher", _name_text(node))
        return
    is_creator = not roles or bool(roles & _CREATORS)
    found.add("mods:creator" if is_creator else "mods:contributor", person(_name_text(node), _orcid(node)))


def _name_text(node: Any) -> str:
    parts = {one.get("type"): words(one) for one in children(node, "namePart")}
    if parts.get("family"):
        return ", ".join(part for part in (parts["family"], parts.get("given")) if part)
    untyped = [words(one) for one in children(node, "namePart") if one.get("type") != "date"]
    return ". ".join(part for part in untyped if part) or words(first(node, "displayForm"))


def _orcid(node: Any) -> str | None:
    """An ORCID iD in its own element, or, as DiVA prints it, in a description `orcid.org=0000-…`."""
    for one in elements(node):
        text = words(one)
        if local(one) == "nameIdentifier" and ((one.get("type") or "").lower() == "orcid" or "orcid.org" in text):
            return text
        if local(one) == "description" and text.startswith("orcid.org="):
            return text.partition("=")[2]
    return None


def _origin(found: Collector, node: Any) -> None:
    for one in elements(node):
        if local(one) in {"publisher", "dateIssued", "dateCreated"}:
            found.add(f"mods:{local(one)}", words(one), attributes=attributes_of(one))


def _language(found: Collector, node: Any) -> None:
    for one in children(node, "languageTerm"):
        found.take("mods:languageTerm", one)


def _subject(found: Collector, node: Any) -> None:
    """The parts of one heading belong together: Nursing -- Arizona -- History."""
    parts = [words(one) for one in elements(node) if local(one) in _SUBJECT_PARTS]
    found.add("mods:subject", " -- ".join(part for part in parts if part), lang=lang_of(node))


def _text(found: Collector, node: Any) -> None:
    found.add(f"mods:{local(node)}", words(node), lang=lang_of(node))


def _identifier(found: Collector, node: Any, element: str = "mods:identifier") -> None:
    """An identifier that MODS itself calls invalid is none; a number gets the word of its kind."""
    if node.get("invalid") == "yes":
        return
    kind, label, value = (node.get("type") or "").lower(), (node.get("displayLabel") or "").lower(), words(node)
    if kind in {"issn", "eissn", "isbn"}:
        word = "eISSN" if kind == "eissn" else kind.upper()
        value = (
            f"{word} ({label}): {value}"
            if kind == "issn" and label in {"print", "electronic", "online"}
            else f"{word} {value}"
        )
    elif kind in {"pmid", "arxiv"} and ":" not in value:
        value = f"{kind}:{value}"
    elif kind in {"hdl", "handle"} and "://" not in value:
        value = f"hdl:{value.removeprefix('hdl:')}"
    found.add(element, value, attributes=attributes_of(node))


def _location(found: Collector, node: Any) -> None:
    for one in children(node, "url"):
        if one.get("access") not in _PASSED_OVER:
            found.take("mods:url", one)


def _related(found: Collector, node: Any) -> None:
    if node.get("type") == "host":
        _host(found, node)
        return
    for one in children(node, "identifier"):
        _identifier(found, one, "mods:relatedItem")


def _host(found: Collector, node: Any) -> None:
    title = first(node, "titleInfo")
    if title is not None:
        found.add("mods:host.title", _title_text(title))
    for one in children(node, "identifier"):
        _identifier(found, one, "mods:host.identifier")
    for name, value in _part(first(node, "part")):
        found.add(f"mods:host.{name}", value)


def _part(node: Any | None) -> Iterator[tuple[str, str]]:
    for one in elements(node) if node is not None else ():
        if local(one) == "detail" and one.get("type") in {"volume", "issue"}:
            yield str(one.get("type")), words(first(one, "number")) or words(one)
        elif local(one) == "extent":
            yield from ((name, words(first(one, name))) for name in ("start", "end"))


def _condition(found: Collector, node: Any) -> None:
    """The statement may stand in the text, in a link, in the link's fragment (MyCoRe) or in the type (SwePub)."""
    attributes = dict(attributes_of(node))
    href = attributes.get("xlink:href", "")
    if "#" in href:
        attributes["uri"] = href.rpartition("#")[2]
    elif (attributes.get("type") or "").startswith("info:"):
        attributes["uri"] = attributes["type"]
    found.add("mods:accessCondition", words(node), lang=lang_of(node), attributes=attributes.items())


_READERS = {
    "titleInfo": _title,
    "name": _name,
    "originInfo": _origin,
    "language": _language,
    "subject": _subject,
    "abstract": _text,
    "genre": _text,
    "typeOfResource": _text,
    "identifier": _identifier,
    "location": _location,
    "relatedItem": _related,
    "accessCondition": _condition,
}
