"""Turn what pydantic found into faults: place, dotted key, plain words, and for unknown keys the nearest known one."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from harvester.config.faults import Fault
from harvester.config.tables import KeyPath, Table, table_in, tables_of

_LONGEST_SHOWN = 60


def faults_of(error: ValidationError, top: type[Table], place_of: Callable[[KeyPath], str]) -> tuple[Fault, ...]:
    """Give every fault of a validation; `place_of` tells the file or source in which a dotted path stands."""
    return tuple(_fault(dict(found), top, place_of) for found in error.errors(include_url=False))


def unknown_key(place: str, path: KeyPath, top: type[Table]) -> Fault:
    """Give the fault for a key that does not exist, with the nearest one that does."""
    known = keys_at(top, path[:-1])
    return Fault(place, ".".join(path), "is not a key that exists here", _nearest(path, known, top))


def keys_at(top: type[Table], path: KeyPath) -> tuple[str, ...]:
    """Give the keys that a table may have."""
    table = _table_at(top, path)
    return tuple(table.declared) if table else ()


def _fault(found: dict[str, Any], top: type[Table], place_of: Callable[[KeyPath], str]) -> Fault:
    path = tuple(str(part) for part in found["loc"] if part != "[key]")
    if found["type"] == "extra_forbidden":
        return unknown_key(place_of(path), path, top)
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


def _nearest(path: KeyPath, known: tuple[str, ...], top: type[Table]) -> str:
    if close := get_close_matches(path[-1], known, n=1):
        return f"did you mean {close[0]}?"
    homes = {key: table for table, inner in reversed(list(tables_of(top))) for key in inner.declared}
    if close := get_close_matches(path[-1], homes, n=1, cutoff=0.8):
        home = f"in [{'.'.join(homes[close[0]])}]" if homes[close[0]] else "at the top of the file, before any table"
        return f"{close[0]} stands {home}"
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""


def _table_at(top: type[Table], path: KeyPath) -> type[Table] | None:
    table = top
    steps = iter(path)
    for key in steps:
        found = table.declared.get(key)
        inner = table_in(found.kind) if found else None
        if inner is None:
            return None
        table, named = inner
        if named:
            next(steps, None)
    return table
