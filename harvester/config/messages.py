"""Turn what pydantic found into faults: place, dotted key, plain words, and for unknown keys the nearest known one."""

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from itertools import groupby
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from harvester.config.faults import Fault
from harvester.config.tables import AtMost, KeyPath, Kind, Table, table_in, tables_of

_LONGEST_SHOWN = 60
_ACCEPTED: Mapping[Any, str] = MappingProxyType(
    {Kind.HTTP_URL: "an http:// or https:// address", Kind.WORDS: "a list of texts"}
)


def faults_of(error: ValidationError, top: type[Table], place_of: Callable[[KeyPath], str]) -> tuple[Fault, ...]:
    """Give every fault of a validation; `place_of` tells the file or source in which a dotted path stands."""
    faults: list[Fault] = []
    for choice, found in groupby(error.errors(include_url=False), lambda one: _choice_at(top, _path(one))):
        if choice is None:
            faults += [_fault(dict(one), top, place_of) for one in found]
        else:
            faults.append(_fault_of_choice([dict(one) for one in found], *choice, place_of))
    return tuple(faults)


def unknown_key(place: str, path: KeyPath, top: type[Table]) -> Fault:
    """Give the fault for a key that does not exist, with the nearest one that does."""
    known = keys_at(top, path[:-1])
    return Fault(place, ".".join(path), "is not a key that exists here", _nearest(path, known, top))


def keys_at(top: type[Table], path: KeyPath) -> tuple[str, ...]:
    """Give the keys that a table may have."""
    _, kind = _setting_at(top, path)
    table = table_in(kind)
    return tuple(table[0].declared) if table else ()


def _path(found: Mapping[str, Any]) -> KeyPath:
    return tuple(str(part) for part in found["loc"] if part != "[key]")


def _choice_at(top: type[Table], path: KeyPath) -> tuple[KeyPath, tuple[Any, ...]] | None:
    """Give the setting, and the kinds it may be of, within which a path goes on: pydantic names each kind that failed."""
    own, kind = _setting_at(top, path)
    if own == path or get_origin(kind) not in (Union, UnionType):
        return None
    kinds = tuple(one for one in get_args(kind) if one is not NoneType)
    return (own, kinds) if len(kinds) > 1 else None


def _setting_at(top: type[Table], path: KeyPath) -> tuple[KeyPath, Any]:
    """Give how much of a path leads to a setting that is no table, and its kind; else the path and the table to which it leads, or None."""
    table = top
    steps = enumerate(path, 1)
    for length, key in steps:
        found = table.declared.get(key)
        inner = table_in(found.kind) if found else None
        if inner is None:
            return (path[:length], found.kind) if found else (path, None)
        table, named = inner
        if named:
            next(steps, None)
    return path, table


def _fault_of_choice(
    found: list[dict[str, Any]], path: KeyPath, kinds: tuple[Any, ...], place_of: Callable[[KeyPath], str]
) -> Fault:
    """Give one fault for a value that is of none of the kinds; where a check says why, its words stand for the value."""
    accepted = " or ".join(_accepted(kind) for kind in kinds)
    for one in found:
        if one["type"] == "value_error":
            return Fault(place_of(path), ".".join(path), _words(one), f"accepted: {accepted}")
    whole = min(found, key=lambda one: len(one["loc"]))["input"]
    return Fault(place_of(path), ".".join(path), _with_value(f"should be {accepted}", whole))


def _accepted(kind: Any) -> str:
    """Give in plain words what a kind takes."""
    if get_origin(kind) is Literal:
        return " or ".join(json.dumps(word) for word in get_args(kind))
    marks = get_args(kind)[1:]
    return " ".join(f"(at most {mark.items})" if isinstance(mark, AtMost) else _ACCEPTED[mark] for mark in marks)


def _fault(found: dict[str, Any], top: type[Table], place_of: Callable[[KeyPath], str]) -> Fault:
    path = _path(found)
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
    return _with_value(message, found["input"])


def _with_value(message: str, value: Any) -> str:
    """Add the value that was given, unless it is long or an address in it may hold a password."""
    shown = repr(value)
    is_shown = len(shown) <= _LONGEST_SHOWN and not ("://" in shown and "@" in shown)
    return f"{message}; it is {shown}" if is_shown else message


def _nearest(path: KeyPath, known: tuple[str, ...], top: type[Table]) -> str:
    if close := get_close_matches(path[-1], known, n=1):
        return f"did you mean {close[0]}?"
    homes = {key: table for table, inner in reversed(list(tables_of(top))) for key in inner.declared}
    if close := get_close_matches(path[-1], homes, n=1, cutoff=0.8):
        home = f"in [{'.'.join(homes[close[0]])}]" if homes[close[0]] else "at the top of the file, before any table"
        return f"{close[0]} stands {home}"
    return f"known: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""
