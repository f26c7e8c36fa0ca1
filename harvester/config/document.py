"""The reference in docs/configuration.md, written from the settings themselves: python -m harvester.config.document."""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from harvester.config.repository import ProfileTable, Repository, RepositoryKeys
from harvester.config.settings import Settings
from harvester.config.shown import plain
from harvester.config.tables import KeyPath, Setting, Table, table_in, tables_of

_HEADS = {
    ("defaults",): "`[defaults]` takes every key of a repository but its address and name: see `[repositories.ID]`.",
    ("profiles", "*"): "`[profiles.NAME]` takes the keys about reading: those marked *reading* in `[repositories.ID]`.",
}
_KINDS = {bool: "true or false", int: "whole number", float: "number", str: "text"}


def reference() -> str:
    """Give every table with its keys, defaults and bounds as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for path, table in tables_of(Settings):
        if path[:1] in (("defaults",), ("profiles",)) and path not in _HEADS:
            continue
        yield f"### {_title(path)}\n"
        if path in _HEADS:
            yield f"{_HEADS[path]}\n"
            continue
        yield "| key | default | value | what it is |"
        yield "|---|---|---|---|"
        for key, field in table.declared.items():
            if not table_in(field.kind):
                yield f"| `{key}` | {_default(field)} | {_values(field)} | {_what(table, key, field)} |"
        yield ""


def _title(path: KeyPath) -> str:
    return "`[" + ".".join("ID" if part == "*" else part for part in path) + "]`" if path else "At the top of the file"


def _default(field: Setting) -> str:
    if field.is_required:
        return "required"
    value = plain(field.default)
    return "unset" if value is None else f"`{json.dumps(value)}`"


def _values(field: Setting) -> str:
    kind = _kind(field.kind)
    bounds = _bounds(field)
    return f"{kind}, {bounds}" if bounds else kind


def _bounds(field: Setting) -> str:
    """Give a setting's bounds in words: `1 to 50`, `over 0 to 3600`, empty where there is none."""
    bounds = field.bounds
    lowest = f"over {bounds['gt']}" if "gt" in bounds else str(bounds.get("ge", ""))
    highest = str(bounds.get("le", ""))
    return f"{lowest} to {highest}" if lowest and highest else lowest or highest


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{json.dumps(word) if isinstance(word, bool) else word}`" for word in get_args(annotation))
    if get_origin(annotation) is tuple:
        return "list"
    if get_origin(annotation) is dict:
        return "table"
    if isinstance(annotation, UnionType) or get_origin(annotation) is not None:
        return _kind(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return _KINDS.get(annotation, str(getattr(annotation, "__name__", annotation)).lower())


def _what(table: type[Table], key: str, field: Setting) -> str:
    reading = table in (Repository, RepositoryKeys) and key in ProfileTable.declared
    return ("*reading* " if reading else "") + field.description.replace("|", "\\|")


if __name__ == "__main__":
    print(reference())
