"""Theses: uketd_dc (the British Library's EThOS) and etdms (NDLTD)."""

from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import Collector, children, elements, local, name_of, words


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    if local(metadata) == "thesis":
        return _etdms(metadata)
    found = Collector("uketd_dc")
    for node in elements(metadata):
        element = name_of(node)
        # EThOS: the page of the thesis at its institution.
        found.take("uketddc:isReferencedBy" if element == "dcterms:isReferencedBy" else element, node)
    return found.done()


def _etdms(metadata: Any) -> Extracted:
    found = Collector("etdms")
    for node in elements(metadata):
        if local(node) == "degree":
            for one in elements(node):
                found.add(f"etdms:degree.{local(one)}", words(one))
        elif local(node) == "contributor" and children(node, "name"):
            found.add("etdms:contributor", words(children(node, "name")[0]))
        else:
            found.take(f"etdms:{local(node)}", node)
    return found.done()
