"""Metadata formats, one module each: from the element inside `metadata` to fields with the place they stood.

A new format is a module with `fields(metadata)` and one line in `_MODULES`. A record is recognised by its root element,
for prefixes are the server's own choice (`rioxx`, `rioxx3`, `oai_openaire_jpcoar` ...); the prefix decides where the root does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from harvester.reading.fields import Field

_MODULES = {
    "oai_dc": "oai_dc",
    "rioxx": "rioxx",
    "oai_openaire": "oai_openaire",
    "datacite": "datacite",
    "xoai": "xoai",
    "uketd_dc": "theses",
    "etdms": "theses",
    "jpcoar": "jpcoar",
    "qdc": "qdc",
    "mods": "mods",
    "marcxml": "marcxml",
    "oai_doaj": "oai_doaj",
}
# What a root element is: part of its namespace, its local name or "" for any, the format.
_ROOTS = (
    ("rioxx.net/schema", "rioxx", "rioxx"),
    ("namespace.openaire.eu/schema/oaire", "resource", "oai_openaire"),
    ("datacite.org/schema/kernel", "resource", "datacite"),
    ("schema.datacite.org/oai", "oai_datacite", "datacite"),
    ("lyncode.com/xoai", "metadata", "xoai"),
    ("ethos-oai", "uketddc", "uketd_dc"),
    ("standards/metadata/etdms", "thesis", "etdms"),
    ("jpcoar", "jpcoar", "jpcoar"),
    ("loc.gov/mods/v3", "", "mods"),
    ("loc.gov/marc21/slim", "", "marcxml"),
    ("marcxchange", "", "marcxml"),
    ("doaj.org/features/oai_doaj", "doajArticle", "oai_doaj"),
    ("", "qualifieddc", "qdc"),
    ("", "qualifieddcsi", "qdc"),
    ("", "dcterms", "qdc"),
    ("", "qdc", "qdc"),
)
# Prefixes by what stands in them, where the root says nothing; the order is that of their worth for rights as well:
# dated licences and explicit access first, prose last.
_PREFIXES = (
    ("rioxx", "rioxx"),
    ("openaire", "oai_openaire"),
    ("datacite", "datacite"),
    ("xoai", "xoai"),
    ("uketd", "uketd_dc"),
    ("etdms", "etdms"),
    ("jpcoar", "jpcoar"),
    ("dcterms", "qdc"),
    ("qdc", "qdc"),
    ("dcq", "qdc"),
    ("qualified", "qdc"),
    ("mods", "mods"),
    ("marc", "marcxml"),
)
_OF_USE = frozenset(
    {"rioxx", "oai_openaire", "datacite", "xoai", "uketd_dc", "jpcoar", "qdc", "mods", "marcxml", "etdms"}
)
_MOST = 2  # further formats taken by themselves: each one lists the repository once more
_ENVELOPES = ("DIDL", "mets")  # hold a record of another format somewhere inside


class Extracted(NamedTuple):
    """The fields of one record in document order, what was odd, as (code, detail), and the fields by element where they came so."""

    fields: Sequence[Field]
    notes: tuple[tuple[str, str], ...] = ()
    groups: Mapping[str, list[Field]] | None = None


def extract(metadata: Any, prefix: str) -> Extracted:
    """Give the fields of a record, which may have been read already; an unknown format is read as Dublin Core by local names."""
    if isinstance(metadata, Extracted):
        return metadata
    if prefix == "oai_dc":
        return _read(metadata, "oai_dc")
    inner, found = _recognise(metadata)
    return _read(inner, found or family(prefix) or "oai_dc")


def family(prefix: str) -> str | None:
    """Give the format that a metadataPrefix most probably means, or None where this project cannot read it."""
    folded = prefix.casefold()
    if folded in _MODULES:
        return folded
    return next((name for part, name in _PREFIXES if part in folded), None)


def rank(prefix: str) -> tuple[int, str]:
    """Give the order of prefixes of one record: oai_dc is the record, then by worth for rights, then by name."""
    order = ["oai_dc", *dict.fromkeys(name for _, name in _PREFIXES)]
    name = family(prefix)
    return (order.index(name) if name in order else len(order), prefix)


def best_for_rights(offered: Iterable[str]) -> tuple[str, ...]:
    """Choose among the prefixes a repository offers those that are worth harvesting beside oai_dc, best first."""
    chosen: dict[str, str] = {}
    for prefix in sorted(offered, key=_newest_first):
        name = family(prefix)
        if name in _OF_USE:
            chosen.setdefault(name, prefix)
    return tuple(sorted(chosen.values(), key=rank))[:_MOST]


def _newest_first(prefix: str) -> tuple[int, str]:
    """Of rioxx and rioxx3, or datacite3 and datacite4, the higher number; a plain name before one of `oai_`."""
    digits = "".join(one for one in prefix if one.isdigit())
    return (-int(digits[:4] or 0), prefix)


def _recognise(metadata: Any) -> tuple[Any, str | None]:
    found = _of_root(metadata)
    if found is None and str(metadata.tag).rpartition("}")[2] in _ENVELOPES:
        for one in metadata.iter():
            inner = _of_root(one) if isinstance(one.tag, str) else None
            if inner is not None:  # DSpace's METS holds the parts of a MODS record without their root
                return (one.getparent() if inner == "mods" and not one.tag.endswith("}mods") else one), inner
    return metadata, found


def _of_root(node: Any) -> str | None:
    uri, _, name = str(node.tag).removeprefix("{").rpartition("}")
    folded = uri.casefold()
    for part, root, format_name in _ROOTS:
        if part in folded and root in {"", name}:
            return format_name
    return None


def _read(metadata: Any, name: str) -> Extracted:
    extracted = _module(name).fields(metadata)
    assert isinstance(extracted, Extracted)
    return extracted


@cache
def _module(name: str) -> Any:
    """Import a format when a record first needs it; asking the import system for each record costs 1.4 µs more."""
    return import_module(f"{__name__}.{_MODULES[name]}")
