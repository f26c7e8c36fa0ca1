"""JPCOAR 1 and 2 (Japan): access as a COAR address, rights by address or name, journal and pages part by part."""

from typing import Any

from harvester.reading.formats import Extracted, datacite
from harvester.reading.formats.parts import Collector, attributes_of, children, elements, first, name_of, words


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("jpcoar")
    for node in elements(metadata):
        element = name_of(node)
        if element in {"jpcoar:creator", "jpcoar:contributor"}:
            role = element.partition(":")[2]
            found.add(element, datacite.agent(node, f"{role}Name"))
        elif element == "jpcoar:relation":
            for one in children(node, "relatedIdentifier"):
                datacite.identifier(found, "jpcoar:relatedIdentifier", one)
        elif element in {"jpcoar:sourceIdentifier", "jpcoar:identifier"}:
            datacite.identifier(found, element, node)
        elif element == "jpcoar:file":
            _file(found, node)
        elif element == "dc:type" and dict(attributes_of(node)).get("rdf:resource"):
            found.add("dc:type", dict(attributes_of(node))["rdf:resource"], attributes=(("label", words(node)),))
        else:
            found.take(element, node)
    return found.done()


def _file(found: Collector, node: Any) -> None:
    """The address of a file, and the day from which it is available, which counts beside an embargo only."""
    address = first(node, "URI")
    if address is not None:
        found.take("jpcoar:URI", address)
    for one in children(node, "date"):
        found.take("datacite:date", one)
