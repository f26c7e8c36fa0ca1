"""OpenAIRE guidelines 4: `datacite:rights` is the access alone, the licence stands in `oaire:licenseCondition` (rights.md section 6)."""

from typing import Any

from harvester.reading.formats import Extracted, datacite
from harvester.reading.formats.parts import Collector, attributes_of, children, elements, name_of, words

_READ_AS_DATACITE = frozenset({"creators", "contributors", "titles", "subjects", "dates"})
_SINGLE = frozenset({"identifier", "rights", "date", "relatedIdentifiers"})


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("oai_openaire")
    for node in elements(metadata):
        element = name_of(node)
        prefix, _, own = element.partition(":")
        if own in _READ_AS_DATACITE or (prefix == "datacite" and own in _SINGLE):
            datacite.read(found, node)
        elif own == "alternateIdentifiers":
            for one in children(node, "alternateIdentifier"):  # here: other identifiers of the item itself
                datacite.identifier(found, "oaire:alternateIdentifier", one)
        elif element in {"oaire:resourceType", "oaire:version"}:
            _typed(found, element, node)
        else:
            found.take(element, node)
    return found.done()


def _typed(found: Collector, element: str, node: Any) -> None:
    """The address of the vocabulary says more than the label, which may be in any language."""
    attributes = dict(attributes_of(node))
    found.add(element, attributes.get("uri") or words(node), attributes=attributes.items())
