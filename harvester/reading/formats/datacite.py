"""DataCite, kernels 3 and 4, alone or in the envelope `oai_datacite`; and the parts of it that OpenAIRE and JPCOAR use."""

from collections.abc import Callable
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

# Kinds of identifier that only their name tells: what is read later needs the word.
_LABELLED = {"ISSN": "ISSN", "EISSN": "eISSN", "LISSN": "ISSN", "ISBN": "ISBN", "PMID": "PMID:", "ARXIV": "arXiv:"}
_NOT_THE_SUMMARY = frozenset({"technicalinfo", "tableofcontents", "methods", "seriesinformation"})


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("datacite")
    resource = metadata if local(metadata) == "resource" else first(metadata, "payload", "resource")
    if resource is None:
        resource = next((one for one in metadata.iter() if isinstance(one.tag, str) and local(one) == "resource"), None)
    for node in elements(resource) if resource is not None else ():
        read(found, node)
    return found.done()


def read(found: Collector, node: Any) -> bool:
    """Read one child of a resource; tells whether it is an element of DataCite."""
    reader = _READERS.get(local(node))
    if reader is None:
        return False
    reader(found, node)
    return True


def _list(name: str, take: Callable[[Collector, Any], None]) -> Callable[[Collector, Any], None]:
    def each(found: Collector, node: Any) -> None:
        for one in children(node, name):
            take(found, one)

    return each


def _plain(element: str) -> Callable[[Collector, Any], None]:
    return lambda found, node: found.take(f"datacite:{element}", node)


def _named(role: str) -> Callable[[Collector, Any], None]:
    def take(found: Collector, node: Any) -> None:
        kind = node.get(f"{role}Type")
        found.add(f"datacite:{role}", agent(node, f"{role}Name"), attributes=((f"{role}Type", kind),) if kind else ())

    return take


def agent(node: Any, name: str) -> str:
    """Give a person or organisation with the ORCID iD that stands beside the name."""
    shown = words(first(node, name))
    if not shown:
        parts = [words(first(node, part)) for part in ("familyName", "givenName")]
        shown = ", ".join(part for part in parts if part)
    ids = [words(one) for one in children(node, "nameIdentifier") if _is_orcid(one)]
    return person(shown, ids[0] if ids else None)


def _is_orcid(node: Any) -> bool:
    scheme = node.get("nameIdentifierScheme") or node.get("schemeURI") or ""
    return "orcid" in f"{scheme}{words(node)}".lower()


def identifier(found: Collector, element: str, node: Any) -> None:
    """Add an identifier; a bare number gets the word by which its kind is known."""
    value = words(node)
    attributes = attributes_of(node)
    kind = next(
        (v for n, v in attributes if n in {"identifierType", "alternateIdentifierType", "relatedIdentifierType"}), ""
    )
    label = _LABELLED.get(kind.upper())
    if label and label.rstrip(":").lower() not in value.lower():
        value = f"{label} {value}"
    if kind.upper() == "HANDLE" and "://" not in value and not value.startswith("hdl:"):
        value = f"hdl:{value}"
    found.add(element, value, attributes=attributes)


def _identifier(element: str) -> Callable[[Collector, Any], None]:
    return lambda found, node: identifier(found, f"datacite:{element}", node)


def _title(found: Collector, node: Any) -> None:
    """Subtitles and translations are no further titles of their own."""
    if not node.get("titleType"):
        found.take("datacite:title", node)


def _description(found: Collector, node: Any) -> None:
    if (node.get("descriptionType") or "").lower() not in _NOT_THE_SUMMARY:
        found.add("datacite:description", words(node), lang=lang_of(node))


def _type(found: Collector, node: Any) -> None:
    """The repository's own word first, then the general type of the vocabulary."""
    found.take("datacite:resourceType", node)
    found.add("datacite:resourceType", node.get("resourceTypeGeneral"))


_READERS: dict[str, Callable[[Collector, Any], None]] = {
    "identifier": _identifier("identifier"),
    "creators": _list("creator", _named("creator")),
    "contributors": _list("contributor", _named("contributor")),
    "titles": _list("title", _title),
    "publisher": _plain("publisher"),
    "publicationYear": _plain("publicationYear"),
    "subjects": _list("subject", _plain("subject")),
    "dates": _list("date", _plain("date")),
    "date": _plain("date"),
    "language": _plain("language"),
    "resourceType": _type,
    "alternateIdentifiers": _list("alternateIdentifier", _identifier("alternateIdentifier")),
    "relatedIdentifiers": _list("relatedIdentifier", _identifier("relatedIdentifier")),
    "formats": _list("format", _plain("format")),
    "rightsList": _list("rights", _plain("rights")),
    "rights": _plain("rights"),
    "descriptions": _list("description", _description),
}
