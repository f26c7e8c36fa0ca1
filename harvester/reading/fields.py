"""One value of a record with the place it stood: what every format module gives."""

from typing import NamedTuple


class Field(NamedTuple):
    """A value exactly as received and where it stood.

    `element` is a qualified name with a fixed prefix (`dc:`, `dcterms:`, `datacite:`, `oaire:`, `ali:`, `rioxxterms:`, ...)
    whatever prefix the server used; `ordinal` counts that element in the record from 1. Attribute names are qualified the same way
    (`xml:lang` is `lang`). `format` is the metadataPrefix family it came from (`oai_dc`, `rioxx`, `oai_openaire`, ...).
    """

    element: str
    ordinal: int
    value: str
    lang: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    format: str = "oai_dc"
