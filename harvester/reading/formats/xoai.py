"""xoai: DSpace's own fields by name, the access status it computed, and the files with their embargoes.

The deposit licence (`license`) and the derived bundles are passed over: they say nothing about the work.
"""

from collections.abc import Iterator
from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import Collector, elements, local, text_of

_SCHEMAS = frozenset({"dc", "dcterms", "rioxxterms", "oaire", "datacite", "uketdterms", "ali"})
_LONGEST_LANGUAGE = 6
_NEVER = frozenset({"provenance", "holder", "sponsorship"})
_FLAT = frozenset({"none", "*"})


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("xoai")
    for schema in elements(metadata):
        name = schema.get("name") or ""
        if name in _SCHEMAS:
            for path, lang, value in _values(schema, ()):
                _field(found, name, path, lang, value)
        elif name == "others":
            _others(found, schema)
        elif name == "bundles":
            _bundles(found, schema)
    return found.done()


def _values(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str | None, str]]:
    """Yield (element and qualifier, language, value); the innermost element names the language, or `none`."""
    for one in elements(node):
        name = one.get("name") or ""
        if local(one) == "element":
            yield from _values(one, (*path, name))
        elif name == "value" and path:
            lang = path[-1]
            qualified = path[:-1] if lang in _FLAT or _is_language(lang) else path
            yield qualified or path, lang if _is_language(lang) else None, text_of(one)


def _is_language(text: str) -> bool:
    return len(text) <= _LONGEST_LANGUAGE and (len(text) == 2 or text[2:3] in {"_", "-"})


def _field(found: Collector, schema: str, path: tuple[str, ...], lang: str | None, value: str) -> None:
    if _NEVER.intersection(part.lower() for part in path):
        return
    name = ".".join(part for part in path if part)
    element = f"xoai:{name}" if schema == "dc" else f"{schema}:{name}"
    found.add(element, value, lang=lang)


def _others(found: Collector, node: Any) -> None:
    """The handle, and what DSpace says of access: its status and, since version 8, the end of an embargo."""
    for one in elements(node):
        if local(one) == "field" and one.get("name") == "handle":
            handle = text_of(one).strip()
            found.add("xoai:handle", handle if handle.startswith(("hdl:", "http")) else f"hdl:{handle}")
        elif one.get("name") == "access-status":
            for path, value in _leaves(one, ()):
                found.add("xoai:access-status.embargo" if "embargo" in path else "xoai:access-status", value)


def _bundles(found: Collector, node: Any) -> None:
    for bundle in elements(node):
        named = next((text_of(one) for one in elements(bundle) if one.get("name") == "name"), "")
        if named != "ORIGINAL":
            continue
        for path, value in _leaves(bundle, ()):
            if path[-1] in {"url", "embargo", "format"} and "bitstream" in path:
                found.add(f"xoai:bitstream.{path[-1]}", value)


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for one in elements(node):
        here = (*path, one.get("name") or "")
        if local(one) == "field":
            yield here, text_of(one)
        else:
            yield from _leaves(one, here)
