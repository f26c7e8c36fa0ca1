"""Validate what was agreed: pydantic's models, derived from the declarations. Imported only where it is not plainly valid."""

from collections.abc import Callable, Collection, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from harvester.config import messages
from harvester.config.faults import Fault
from harvester.config.kinds import CHECKS
from harvester.config.tables import AtMost, KeyPath, Kind, Matches, Table

_T = TypeVar("_T", bound=Table)


class _Model(BaseModel):
    """What holds for every table: frozen, unknown keys are errors, no NaN, no infinity."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        validate_default=False,
        defer_build=True,
        arbitrary_types_allowed=True,  # secrets: they come from us
    )


def validated(table: type[_T], tree: Mapping[str, Any], place_of: Callable[[KeyPath], str]) -> _T | tuple[Fault, ...]:
    """Give the table that a tree of keys describes, or every fault; `place_of` tells where a dotted path stands."""
    try:
        model = model_of(table, [tree]).model_validate(tree)
    except ValidationError as error:
        return messages.faults_of(error, table, place_of)
    return _as_table(table, model)


def model_of(table: type[Table], trees: Collection[Any] | None = None) -> type[BaseModel]:
    """Give the pydantic model of a table: the same name, keys, defaults and bounds.

    With `trees`, of those keys alone that one of them states or must: to build a validator takes longer than to use it.
    """
    fields: dict[str, Any] = {
        key: (_derived(found.kind, _below(trees, key)), Field(found.default, **found.bounds))
        for key, found in table.declared.items()
        if trees is None or found.is_required or _below(trees, key)
    }
    return create_model(table.__name__, __base__=_Model, **fields)


def _below(trees: Collection[Any] | None, key: str) -> list[Any] | None:
    if trees is None:
        return None
    return [tree[key] for tree in trees if isinstance(tree, Mapping) and key in tree]


def _named(trees: Collection[Any] | None) -> list[Any] | None:
    if trees is None:
        return None
    return [below for tree in trees if isinstance(tree, Mapping) for below in tree.values()]


def _derived(kind: Any, trees: Collection[Any] | None) -> Any:
    """Give a type as pydantic takes it: tables become models, marks become validators."""
    if isinstance(kind, type) and issubclass(kind, Table):
        return model_of(kind, trees)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is None or origin is Literal:
        return kind
    if origin is Annotated:
        return Annotated[(_derived(inner[0], trees), *(_as_pydantic(mark) for mark in inner[1:]))]
    if origin is dict:
        trees = _named(trees)
    derived = tuple(one if one is ... else _derived(one, trees) for one in inner)
    return Union[derived] if origin in (Union, UnionType) else origin[derived]  # noqa: UP007


def _as_pydantic(mark: Any) -> Any:
    match mark:
        case Kind.WORDS:
            return BeforeValidator(CHECKS[mark])
        case Kind():
            return AfterValidator(CHECKS[mark])
        case Matches(pattern):
            return Field(pattern=pattern)
        case AtMost(items):
            return Field(max_length=items)
    raise TypeError(f"no mark of ours: {mark!r}")


def _as_table(table: type[_T], model: BaseModel) -> _T:
    """Give what was stated as a table, and the tables within it."""
    stated = (key for key in table.declared if key in model.model_fields_set)
    return table(**{key: _plain(table.declared[key].kind, getattr(model, key)) for key in stated})


def _plain(kind: Any, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _as_table(kind, value)
    if isinstance(value, dict):
        return {key: _plain(get_args(kind)[-1], inner) for key, inner in value.items()}
    return value
