"""RIOXX 2 and 3: dated licences, free to read, and in version 3 the access of each file (rights.md section 6).

`ali:license_ref` with a start date is in force from that day; the absence of `ali:free_to_read` says nothing.
Version 3 states access, licence and first open day as attributes of each `dc:relation` that is the item itself.
"""

from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import Collector, attributes_of, children, elements, name_of, person, words

_PEOPLE = frozenset({"rioxxterms:author", "rioxxterms:creator", "rioxxterms:contributor"})
_OF_FILE = ("access_rights", "license_ref", "resource_exposed_date", "coar_version")
_PLAIN = frozenset({"rioxxterms:publisher", "rioxxterms:grant", "rioxxterms:project"})


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("rioxx")
    for node in elements(metadata):
        element = name_of(node)
        if element in _PEOPLE:
            found.add(element, _person(node))
        elif element in _PLAIN and len(node):
            found.add(element, words(_name(node)), attributes=attributes_of(node))
        elif element == "dc:relation" and _is_item(node):
            _file(found, node)
        else:
            found.take(element, node)
    return found.done()


def _person(node: Any) -> str:
    """Version 2 writes the name as text with the iD beside it, version 3 name and iDs as children."""
    ids = [words(one) for one in children(node, "id")]
    ids += [value for name, value in attributes_of(node) if name.rpartition(":")[2] == "id"]
    orcid = next((one for one in ids if "orcid.org" in one or one.count("-") == 3), None)
    return person(words(_name(node)), orcid)


def _name(node: Any) -> Any:
    named = children(node, "name")
    return named[0] if named else node


def _is_item(node: Any) -> bool:
    """Version 3: the item's own file; what is said of a version elsewhere (`rel="cite-as"`) says nothing about this one."""
    return bool(node.get("rel") == "item")


def _file(found: Collector, node: Any) -> None:
    found.take("dc:relation.item", node)
    attributes = dict(attributes_of(node))
    for name in _OF_FILE:
        if attributes.get(name):
            found.add(f"dc:relation.{name}", attributes[name])
