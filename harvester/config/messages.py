"""Turn what pydantic found into faults: place, dotted key, plain words, and for unknown keys the nearest known one."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from harvester.config.faults import Fault

Path = tuple[str, ...]
_LONGEST_SHOWN = 60


def faults_of(error: ValidationError, model: type[BaseModel], place_of: Callable[[Path], str]) -> tuple[Fault, ...]:
    """Give every fault of a validation; `place_of` tells the file or source in which a dotted path stands."""
    return tuple(_fault(dict(found), model, place_of) for found in error.errors(include_url=False))


def unknown_key(place: str, path: Path, model: type[BaseModel]) -> Fault:
    """Give the fault for a key that does not exist, with the nearest one that does."""
    known = keys_at(model, path[:-1])
    return Fault(place, ".".join(path), "is not a key that exists here", _nearest(path, known, model))


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Give the keys that a table may have."""
    table = _table_at(model, path)
    return tuple(table.model_fields) if table else ()


def tables_of(model: type[BaseModel], above: Path = ()) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Give every table of a model with its path, names given by the user as `*`, outermost first."""
    yield above, model
    for key, field in model.model_fields.items():
        if inner := _inner(field.annotation):
            table, named = inner
            yield from tables_of(table, (*above, key, "*") if named else (*above, key))


def _fault(found: dict[str, Any], model: type[BaseModel], place_of: Callable[[Path], str]) -> Fault:
    path = tuple(str(part) for part in found["loc"] if part != "[key]")
    if found["type"] == "extra_forbidden":
        return unknown_key(place_of(path), path, model)
    if found["type"] == "missing":
        return Fault(place_of(path[:-1]), ".".join(path), "is missing")
    return Fault(place_of(path), ".".join(path), _words(found))


def _words(found: dict[str, Any]) -> str:
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    message = str(found["msg"]).replace("Input should", "should")
    if found["type"] == "string_pattern_mismatch":
        message = f"should match {found['ctx']['pattern']}"
    shown = repr(found["input"])
    return f"{message}; it is {shown}" if len(shown) <= _LONGEST_SHOWN else message


def _nearest(path: Path, known: tuple[str, ...], model: type[BaseModel]) -> str:
    if close := get_close_matches(path[-1], known, n=1):
        return f"did you mean {close[0]}?"
    homes = {key: table for table, inner in reversed(list(tables_of(model))) for key in inner.model_fields}
    if close := get_close_matches(path[-1], homes, n=1, cutoff=0.8):
        home = f"in [{'.'.join(homes[close[0]])}]" if homes[close[0]] else "at the top of the file, before any table"
        return f"{close[0]} stands {home}"
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""


def _table_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    table = model
    steps = iter(path)
    for key in steps:
        field = table.model_fields.get(key)
        inner = _inner(field.annotation) if field else None
        if inner is None:
            return None
        table, named = inner
        if named:
            next(steps, None)
    return table


def _inner(annotation: Any) -> tuple[type[BaseModel], bool] | None:
    """Give the table behind a type and whether the user names several of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    if get_origin(annotation) is dict and (inner := _inner(get_args(annotation)[1])):
        return inner[0], True
    return None


def bounds_of(field: FieldInfo) -> str:
    """Give a setting's bounds in words: `1 to 50`, `over 0 to 3600`, empty where there is none."""
    found: dict[str, Any] = {}
    for mark in field.metadata:
        for name in ("gt", "ge", "lt", "le"):
            if (value := getattr(mark, name, None)) is not None:
                found[name] = value
    lowest = f"over {found['gt']}" if "gt" in found else str(found.get("ge", ""))
    highest = f"under {found['lt']}" if "lt" in found else str(found.get("le", ""))
    return f"{lowest} to {highest}" if lowest and highest else lowest or highest
