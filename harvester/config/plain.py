"""Make a table of what is plainly valid, without pydantic, which is a quarter to a third of what a small command takes.

The rule: where this gives a table, `harvester.config.validation` gives an equal one: the same values of the same types, the
same keys stated. The other way round nothing is promised: what is wrong, what would have to be converted (text of the
environment, a date) and whatever is in doubt is left to pydantic, which has all faults and all conversions.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from harvester.config.kinds import CHECKS
from harvester.config.secrets import Secret
from harvester.config.tables import AtMost, Bounds, Kind, Matches, Table

_T = TypeVar("_T", bound=Table)

_LARGEST = 2**53  # beyond it an integer need not be a float, and no setting goes there
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"gt": operator.gt, "ge": operator.ge, "le": operator.le, "max_length": lambda value, most: len(value) <= most}
)


class _NotPlain(ValueError):
    """This is for pydantic; a ValueError, since that is what the checks of kinds raise."""


def plainly_valid(table: type[_T], tree: object) -> _T | None:
    """Give the table that a tree of keys describes, None where it is not plainly valid."""
    try:
        return _table(table, tree)
    except ValueError:
        return None


def _require(claim: bool) -> None:
    if not claim:
        raise _NotPlain


def _table(table: type[_T], tree: Any) -> _T:
    _require(type(tree) is dict and tree.keys() <= table.declared.keys())
    _require(all(key in tree for key, found in table.declared.items() if found.is_required))
    stated = {key: found for key, found in table.declared.items() if key in tree}
    return table(**{key: _within(found.bounds, _value(found.kind, tree[key])) for key, found in stated.items()})


def _within(bounds: Bounds, value: Any) -> Any:
    for name, bound in bounds.items():
        _require(_HOLDS[name](value, bound))
    return value


def _value(kind: Any, value: Any) -> Any:
    """Give the value as a table holds it; types are compared exactly: a bool is no integer."""
    if way := _WAYS.get(get_origin(kind)):
        return way(get_args(kind), value)
    if isinstance(kind, type) and issubclass(kind, Table):
        return _table(kind, value)
    if kind is str:
        return _text(value)
    if kind is int or kind is float:
        return _number(kind, value)
    _require(kind in (bool, Path, Secret) and isinstance(value, kind))
    return value


def _text(value: Any) -> Any:
    _require(type(value) is str)
    value.encode()  # half a surrogate pair is refused, as pydantic refuses it
    return value


def _number(kind: type, value: Any) -> Any:
    """Give an integer, or a float, which may be written as an integer."""
    _require(type(value) is int or type(value) is kind)
    _require(math.isfinite(value) if type(value) is float else abs(value) <= _LARGEST)
    return kind(value)


def _marked(inner: tuple[Any, ...], value: Any) -> Any:
    kind, *marks = inner
    value = _value(kind, value)
    for mark in marks:
        value = _as_marked(mark, value)
    return value


def _as_marked(mark: Any, value: Any) -> Any:
    match mark:
        case Kind():
            return CHECKS[mark](value)
        case Matches(pattern):
            # The whole of an ASCII text: pydantic's engine has another $, \w and \d than Python's.
            _require(value.isascii() and re.fullmatch(pattern, value) is not None)
        case AtMost(items):
            _require(len(value) <= items)
        case _:
            raise _NotPlain
    return value


def _one_of(words: tuple[Any, ...], value: Any) -> Any:
    _require(_is_among(words, value))
    return value


def _is_among(words: tuple[Any, ...], value: Any) -> bool:
    return any(type(word) is type(value) and word == value for word in words)


def _list(inner: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    _require(type(value) is list and inner[1:] == (...,))
    return tuple(_value(inner[0], one) for one in value)


def _named(inner: tuple[Any, ...], value: Any) -> dict[Any, Any]:
    _require(type(value) is dict)
    return {_value(inner[0], name): _value(inner[1], one) for name, one in value.items()}


def _either(kinds: tuple[Any, ...], value: Any) -> Any:
    """Give the value as one of the fixed words, else as the one kind beside them: of two pydantic takes the closer one."""
    words = tuple(word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind))
    if _is_among(words, value):
        return value
    others = [kind for kind in kinds if kind is not NoneType and get_origin(kind) is not Literal]
    _require(len(others) == 1)
    return _value(others[0], value)


_WAYS: Mapping[Any, Callable[[tuple[Any, ...], Any], Any]] = MappingProxyType(
    {Annotated: _marked, Literal: _one_of, tuple: _list, dict: _named, Union: _either, UnionType: _either}
)
