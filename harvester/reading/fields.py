"""One value of a record with the place it stood: what every format module gives."""

from collections.abc import Iterable
from typing import NamedTuple

Attributes = tuple[tuple[str, str], ...]


class Field(NamedTuple):
    """A value exactly as received and where it stood.

    `element` is a qualified name with a fixed prefix (`dc:`, `dcterms:`, `datacite:`, `oaire:`, `ali:`, `rioxxterms:`, ...)
    whatever prefix the server used; `ordinal` counts that element in the record from 1. Attribute names are qualified the same way
    (`xml:lang` is `lang`). `format` is the metadataPrefix family it came from (`oai_dc`, `rioxx`, `oai_openaire`, ...).
    A value that stood beside the record, in a further format of it, has that format before its element
    (`rioxx:ali:license_ref`), so that its place is told from the record's own.
    """

    element: str
    ordinal: int
    value: str
    lang: str | None = None
    attributes: Attributes = ()
    format: str = "oai_dc"

    @property
    def name(self) -> str:
        """Give the element alone, without the format before it."""
        return without_format(self.element)


def by_element(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Sort fields by their elements, each in order."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.element, []).append(field)
    return groups


def without_format(element: str) -> str:
    """Give an element without the format before it."""
    return element if element.count(":") < 2 else element.split(":", 1)[1]
