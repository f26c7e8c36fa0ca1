"""oai_dc: the fifteen elements of Dublin Core, in whatever namespace they come (Q54, Q62)."""

from typing import Any

from harvester.reading.fields import Field
from harvester.reading.formats import Extracted

DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ELEMENTS = frozenset(
    [
        "title",
        "creator",
        "subject",
        "description",
        "publisher",
        "contributor",
        "date",
        "type",
        "format",
        "identifier",
        "source",
        "language",
        "relation",
        "coverage",
        "rights",
    ]
)
_KNOWN = {f"{{{DC}}}{name}": f"dc:{name}" for name in _ELEMENTS}
_NAMES = frozenset(_KNOWN.values())
_PREFIXES = {
    DC: "dc",
    DCTERMS: "dcterms",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "dc",
    "http://www.europeana.eu/schemas/edm/": "edm",
}
_ATTRIBUTE_PREFIXES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/1999/xlink": "xlink",
}
_new = tuple.__new__


def fields(metadata: Any) -> Extracted:
    """Give the children of the format's root; where none of them is Dublin Core, those of the element that holds some."""
    read = _children(metadata)
    if not _NAMES.isdisjoint(read.groups or ()):
        return read
    holder = _holder(metadata)
    if holder is None:
        return read
    elsewhere = _children(holder)
    return elsewhere._replace(notes=(*elsewhere.notes, ("root_odd", str(holder.tag)[:200])))


def _holder(metadata: Any) -> Any:
    """Give an element that holds Dublin Core, deeper than the format's root, beside it or around it; None: there is none."""
    container = metadata.getparent()
    around = metadata if container is None else container
    return next((one for one in around.iter() if any(child.tag in _KNOWN for child in one)), None)


def _children(metadata: Any) -> Extracted:
    """Give the children of an element; text of elements below them belongs to them."""
    found: list[Field] = []
    groups: dict[str, list[Field]] = {}
    odd: set[str] = set()
    for child in metadata:
        tag = child.tag
        element = _KNOWN.get(tag)
        if element is None:
            if not isinstance(tag, str):
                continue
            element = _named(tag, odd)
        text = "".join(child.itertext()) if len(child) else child.text or ""
        group = groups.get(element)
        if group is None:
            group = groups[element] = []
        if child.keys():  # a list: building the mapping of attributes costs a microsecond per element
            field = _with_attributes(element, len(group) + 1, text, child.attrib)
        else:
            # As `Field(element, ordinal, text)`, which costs three times as much: a record has fifteen such values.
            field = _new(Field, (element, len(group) + 1, text, None, (), "oai_dc"))
        found.append(field)
        group.append(field)
    notes = (("namespace_odd", ", ".join(sorted(odd))[:200]),) if odd else ()
    return Extracted(found, notes, groups)


def _with_attributes(element: str, ordinal: int, text: str, attributes: Any) -> Field:
    lang = attributes.get(_LANG) or attributes.get("lang")
    others = tuple((_attribute(name), value) for name, value in attributes.items() if name not in {_LANG, "lang"})
    return Field(element, ordinal, text, lang or None, others)


def _attribute(name: str) -> str:
    if not name.startswith("{"):
        return name
    uri, _, local = name[1:].partition("}")
    prefix = _ATTRIBUTE_PREFIXES.get(uri)
    return f"{prefix}:{local}" if prefix else local


def _named(tag: str, odd: set[str]) -> str:
    """Name an element of another namespace: Dublin Core by its local name, said as odd; anything else by what it is."""
    uri, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(uri)
    if prefix is not None:
        return f"{prefix}:{local.lower() if local.lower() in _ELEMENTS else local}"
    if local.lower() in _ELEMENTS:
        odd.add(uri or "no namespace")
        return f"dc:{local.lower()}"
    if local in {"accessRights", "license", "issued", "abstract", "bibliographicCitation", "available"}:
        odd.add(uri or "no namespace")
        return f"dcterms:{local}"
    return f"other:{local}"
