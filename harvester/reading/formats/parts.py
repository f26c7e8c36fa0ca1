"""What the format modules share: namespaces by their fixed prefixes, text of elements, and fields counted as they are found."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from harvester.reading.fields import Field
from harvester.reading.formats import Extracted

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "dc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.rioxx.net/schema/v2.0/rioxxterms/": "rioxxterms",
    "http://docs.rioxx.net/schema/v3.0/rioxxterms/": "rioxxterms",
    "http://namespace.openaire.eu/schema/oaire/": "oaire",
    "http://naca.central.cranfield.ac.uk/ethos-oai/terms/": "uketdterms",
    "http://www.loc.gov/mods/v3": "mods",
    "http://purl.org/cc/": "cc",
}
# Namespaces that carry a version: by what they begin with, or what stands in them.
_FAMILIES = (
    ("/ali/1.", "ali"),
    ("rioxxterms", "rioxxterms"),
    ("datacite.org/schema/kernel", "datacite"),
    ("namespace.openaire.eu/schema/oaire", "oaire"),
    ("ethos-oai/terms", "uketdterms"),
    ("standards/metadata/etdms", "etdms"),
    ("jpcoar", "jpcoar"),
    ("rioxx", "rioxx"),
    ("creativecommons.org/ns", "cc"),
)


class Collector:
    """Fields in document order, each element counted from 1; empty values without attributes are passed over."""

    def __init__(self, format_name: str) -> None:
        self._format = format_name
        self._counts: dict[str, int] = {}
        self._fields: list[Field] = []

    def add(
        self, element: str, value: str | None, *, lang: str | None = None, attributes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Add a value under the element's name."""
        kept = tuple(attributes)
        if not (value and value.strip()) and not kept:
            return
        ordinal = self._counts[element] = self._counts.get(element, 0) + 1
        self._fields.append(Field(element, ordinal, value or "", lang, kept, self._format))

    def take(self, element: str, node: Any) -> None:
        """Add an element of the document with its text and attributes."""
        self.add(element, text_of(node), lang=lang_of(node), attributes=attributes_of(node))

    def done(self, *notes: tuple[str, str]) -> Extracted:
        """Give what was found."""
        return Extracted(tuple(self._fields), notes)


def prefix_of(uri: str) -> str | None:
    """Give the fixed prefix of a namespace, whatever prefix the server declared for it."""
    found = _PREFIXES.get(uri)
    if found is None:
        lower = uri.lower()
        found = next((prefix for part, prefix in _FAMILIES if part in lower), None)
    return found


def name_of(node: Any) -> str:
    """Give an element's name with its fixed prefix; `other:` before a local name of an unknown namespace."""
    uri, local = split(node.tag)
    return f"{prefix_of(uri) or 'other'}:{local}"


def split(tag: str) -> tuple[str, str]:
    """Give namespace and local name."""
    if not tag.startswith("{"):
        return "", tag.rpartition(":")[2]
    uri, _, local = tag[1:].partition("}")
    return uri, local


def local(node: Any) -> str:
    """Give the local name of an element."""
    return split(node.tag)[1]


def elements(node: Any) -> Iterator[Any]:
    """Yield child elements, without comments and processing instructions."""
    return (one for one in node if isinstance(one.tag, str))


def children(node: Any, name: str) -> list[Any]:
    """Give the children with a local name, whatever their namespace."""
    return [one for one in elements(node) if local(one) == name]


def first(node: Any, *path: str) -> Any | None:
    """Give the first element under a path of local names."""
    for name in path:
        found = children(node, name) if node is not None else []
        if not found:
            return None
        node = found[0]
    return node


def text_of(node: Any | None) -> str:
    """Give all text of an element, as it stands."""
    if node is None:
        return ""
    return "".join(node.itertext()) if len(node) else node.text or ""


def words(node: Any | None) -> str:
    """Give the text of an element with single spaces."""
    return " ".join(text_of(node).split())


def lang_of(node: Any) -> str | None:
    """Give the language an element is marked with."""
    return node.get(_LANG) or node.get("lang") or None


def attributes_of(node: Any) -> tuple[tuple[str, str], ...]:
    """Give an element's attributes with fixed prefixes, without the language."""
    return tuple((_attribute(name), value) for name, value in node.attrib.items() if name not in {_LANG, "lang"})


def _attribute(name: str) -> str:
    uri, own = split(name) if name.startswith("{") else ("", name)
    prefix = prefix_of(uri) if uri else None
    return f"{prefix}:{own}" if prefix in {"rdf", "xsi", "xlink", "xml"} else own


def person(name: str, orcid: str | None) -> str:
    """Put a name and its ORCID iD together in the form that names are read in."""
    shown = " ".join(name.split())
    found = _ORCID.search(orcid or "")
    return f"{shown} <https://orcid.org/{found[0]}>" if found and shown else shown
