"""What all tables of the configuration share: how a setting is declared, and the kinds of values.

Nothing here validates. What was not stated a table answers with its class's defaults. `harvester.config.plain` takes what is
plainly valid by these declarations; for all else `harvester.config.validation` derives pydantic's models from them.
"""

from collections.abc import Iterator, KeysView, Mapping
from enum import Enum, auto
from typing import (
    Annotated,
    Any,
    ClassVar,
    NamedTuple,
    TypedDict,
    TypeVar,
    Unpack,
    dataclass_transform,
    get_args,
    get_origin,
    overload,
)

KeyPath = tuple[str, ...]
_T = TypeVar("_T")


class Bounds(TypedDict, total=False):
    """Between what a value, or the length of a text or list, has to be; by pydantic's names."""

    gt: float
    ge: float
    le: float
    max_length: int


class Setting(NamedTuple):
    """One setting as declared."""

    default: Any  # ...: it has none
    bounds: Bounds
    description: str
    kind: Any = None  # its annotation

    @property
    def is_required(self) -> bool:
        """Tell whether it has no default."""
        return self.default is ...


@overload
def setting(*, default: _T, description: str, **bounds: Unpack[Bounds]) -> _T: ...
@overload
def setting(*, description: str, **bounds: Unpack[Bounds]) -> Any: ...
def setting(*, default: Any = ..., description: str, **bounds: Unpack[Bounds]) -> Any:
    """Declare a setting of a table: default and bounds in the unit of its name, and what it is and why."""
    return Setting(default, bounds, description)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(setting,))
class Table:
    """A table of the configuration: frozen, compared by value; it holds what was stated, its class the defaults."""

    declared: ClassVar[Mapping[str, Setting]] = {}  # every setting by name, inherited ones first

    def __init_subclass__(cls) -> None:
        own = {name: found for name, found in vars(cls).items() if isinstance(found, Setting)}
        kinds = cls.__annotations__
        cls.declared = {**cls.declared, **{name: found._replace(kind=kinds[name]) for name, found in own.items()}}
        for name, found in own.items():
            if found.is_required:
                delattr(cls, name)
            else:
                setattr(cls, name, found.default)

    def __init__(self, **stated: Any) -> None:
        missing = {name for name, found in self.declared.items() if found.is_required} - stated.keys()
        if wrong := sorted(missing | stated.keys() - self.declared.keys()):
            raise TypeError(f"{type(self).__name__} lacks or does not have: {', '.join(wrong)}")
        vars(self).update(stated)

    @property
    def stated(self) -> KeysView[str]:
        """Give the names of the settings that somebody stated, be it with the default's value."""
        return vars(self).keys()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self.declared)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and dict(self) == dict(other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")


class Kind(Enum):
    """A mark in an annotation: the value has to be one of this kind (`harvester.config.kinds`)."""

    WORDS = auto()  # a list; the environment writes it as JSON or with commas
    HTTP_URL = auto()
    BASE_URL = auto()
    CRON_LINE = auto()
    ZONE_NAME = auto()
    LISTEN = auto()
    CONTACT = auto()
    HOURS = auto()


class Matches(NamedTuple):
    """A mark in an annotation: the text has to match."""

    pattern: str


class AtMost(NamedTuple):
    """A mark in an annotation: the list may be this long."""

    items: int


Words = Annotated[tuple[str, ...], Kind.WORDS]
HttpUrl = Annotated[str, Kind.HTTP_URL]
BaseUrl = Annotated[str, Kind.BASE_URL]
CronLine = Annotated[str, Kind.CRON_LINE]
ZoneName = Annotated[str, Kind.ZONE_NAME]
Listen = Annotated[str, Kind.LISTEN]
Contact = Annotated[str, Kind.CONTACT]
Hours = Annotated[tuple[Annotated[str, Kind.HOURS], ...], Kind.WORDS]


def tables_of(table: type[Table], above: KeyPath = ()) -> Iterator[tuple[KeyPath, type[Table]]]:
    """Give every table within a table with its path, names given by the user as `*`, outermost first."""
    yield above, table
    for key, found in table.declared.items():
        if inner := table_in(found.kind):
            within, named = inner
            yield from tables_of(within, (*above, key, "*") if named else (*above, key))


def table_in(kind: Any) -> tuple[type[Table], bool] | None:
    """Give the table behind a type and whether the user names several of them."""
    if isinstance(kind, type) and issubclass(kind, Table):
        return kind, False
    if get_origin(kind) is dict and (inner := table_in(get_args(kind)[1])):
        return inner[0], True
    return None
