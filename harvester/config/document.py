"""The reference in docs/configuration.md, written from the settings themselves: python -m harvester.config.document."""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from harvester.config.messages import Path, bounds_of, tables_of
from harvester.config.repository import ProfileTable, Repository, RepositoryKeys
from harvester.config.settings import Settings
from harvester.config.shown import plain

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
        for key, field in table.model_fields.items():
            if not _is_table(field):
                yield f"| `{key}` | {_default(field)} | {_values(field)} | {_what(table, key, field)} |"
        yield ""


def _title(path: Path) -> str:
    return "`[" + ".".join("ID" if part == "*" else part for part in path) + "]`" if path else "At the top of the file"


def _is_table(field: FieldInfo) -> bool:
    kind = field.annotation
    if get_origin(kind) is dict:
        kind = get_args(kind)[1]
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = plain(field.default)
    return "unset" if value is None else f"`{json.dumps(value)}`"


def _values(field: FieldInfo) -> str:
    kind = _kind(field.annotation)
    bounds = bounds_of(field)
    return f"{kind}, {bounds}" if bounds else kind


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


def _what(table: type[BaseModel], key: str, field: FieldInfo) -> str:
    reading = table in (Repository, RepositoryKeys) and key in ProfileTable.model_fields
    return ("*reading* " if reading else "") + (field.description or "").replace("|", "\\|")


if __name__ == "__main__":
    print(reference())
