"""Metadata formats, one module each: from the element inside `metadata` to fields with the place they stood.

A new format is a module with `fields(metadata)` and one line in `_MODULES`.
"""

from importlib import import_module
from typing import Any, NamedTuple

from harvester.reading.fields import Field

_MODULES = {
    "oai_dc": "oai_dc",
}


class Extracted(NamedTuple):
    """The fields of one record in document order, and what was odd, as (code, detail)."""

    fields: tuple[Field, ...]
    notes: tuple[tuple[str, str], ...] = ()


def extract(metadata: Any, prefix: str) -> Extracted:
    """Give the fields of a record; an unknown prefix is read as Dublin Core by local names."""
    module = import_module(f"{__name__}.{_MODULES.get(prefix, 'oai_dc')}")
    extracted = module.fields(metadata)
    assert isinstance(extracted, Extracted)
    return extracted
