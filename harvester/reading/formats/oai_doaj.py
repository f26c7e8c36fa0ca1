"""oai_doaj: an article of the Directory of Open Access Journals, with its journal part by part. It states no licence."""

from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import Collector, children, elements, first, local, words

_NUMBERS = {"issn": "ISSN", "eissn": "eISSN"}


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("oai_doaj")
    for node in elements(metadata):
        name = local(node)
        if name == "authors":
            for author in children(node, "author"):
                found.add("doaj:author", words(first(author, "name")))
        elif name == "keywords":
            for keyword in elements(node):
                found.add("doaj:keyword", words(keyword))
        elif name in _NUMBERS:
            found.add(f"doaj:{name}", f"{_NUMBERS[name]} {words(node)}")
        elif not len(node):
            found.take(f"doaj:{name}", node)
    return found.done()
