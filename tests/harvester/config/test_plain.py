"""What is plainly valid is valid and the same: pydantic, which is not imported then, would have given it too."""

import math
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.config.plain import _HOLDS, plainly_valid
from harvester.config.secrets import Secret
from harvester.config.settings import Settings
from harvester.config.tables import AtMost, Bounds, Kind, Matches, Setting, Table, setting, table_in, tables_of
from harvester.config.validation import validated

_MARKED = {
    Kind.HTTP_URL: ["https://one.example/hook", "http://[::1]:80/"],
    Kind.BASE_URL: ["https://one.example/oai", "http://one.example:8080/oai?tenant=3"],
    Kind.CRON_LINE: ["17 2 * * *", "0 5 * * sun"],
    Kind.ZONE_NAME: ["UTC", "Europe/London"],
    Kind.LISTEN: ["127.0.0.1:9183", ""],
    Kind.CONTACT: ["me@one.example", ""],
    Kind.HOURS: ["22:00-06:00"],
    Matches(r"^[A-Z]{2}$"): ["GB"],
    Matches(r"^[A-Za-z0-9\-_.!~*'()]+$"): ["oai_dc", "a-b.c"],
    Matches(r"^[a-z0-9][a-z0-9._-]{0,79}$"): ["one", "a.b-c_d", "x" * 80],
}
_SINGLE = {
    str: ["", "a", "München"],
    bool: [True, False],
    int: [0, 1, 7, 200],
    float: [0, 1, 7, 0.25, 1.0, 50.5],
    Path: [Path("/srv/mirror.db")],
    Secret: [Secret("sesame")],
    date: [],  # none is plain: the environment has it, as text
}
_NEARLY = [
    "ftp://one.example", "https://me:sesame@one.example/", "https://one.example/o ai", "https://one.example/oai#top", "https://[::1", "http://a:99999/",
    "https://one.example/oai?verb=Identify", "61 2 * * *", "1 1 1 1 1", "Mars/Olympus", "/etc/passwd", "../UTC", "UTC\0", "9183", ":9183", "a:65536", "a:²",
    "23:00-23:00", "22:00-06:00\n", "nobody", "é@one.example", "gb", "GB\n", "ＧＢ", "oai_dc\n", "auto", "Auto", "open", "day", "a,b", "[", '["a"]', "1", "1.5", "true",
    "2026-11-23", "\ud800", "https://one.example/\ud800", "x" * 81, "x" * 300, "x" * 301, "x" * 500, "x" * 501,
    True, False, 0, 1, 1.0, -1, 2, 8, 60, 64, 65, 8760, 100_000, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 10**400, 0.0, -0.0, 0.1, 0.0999, 1.5, 7.0, 1e300, math.nan, math.inf, -math.inf,
    None, b"open", date(2026, 11, 23), Path("mirror.db"), ("a",), {"a"}, ["a"] * 10, ["a"] * 11, ["auto"], [1], ["a", "\ud800"], {"a": "open"}, {1: "open"},
    {"\ud800": "open"}, {"a": True}, {"A b": {}}, {"one\n": {}},
]  # fmt: skip
_ODD = st.recursive(
    st.sampled_from(_NEARLY) | st.text(max_size=3) | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "", "A b", 1]), inner, max_size=2)
    ),
    max_leaves=4,
)


class Sorts(Table):
    """Settings of every sort side by side, some of which no table of ours has yet."""

    text: str = setting(default="", max_length=3, description="Text.")
    switch: bool = setting(default=False, description="Switch.")
    count: int = setting(default=1, gt=0, le=7, description="Number.")
    share: float | None = setting(default=None, gt=0, le=1.5, description="Number.")
    free: float = setting(default=1.0, description="Number.")
    whole: int = setting(default=1, description="Number.")
    one: Literal[1] = setting(default=1, description="One.")
    yes: Literal[True] = setting(default=True, description="True.")
    either: Annotated[tuple[str, ...], Kind.WORDS, AtMost(2)] | Literal["a"] = setting(
        default=(), description="Either."
    )
    items: tuple[int, ...] = setting(default=(), max_length=2, description="List.")
    named: dict[str, dict[str, float]] = setting(default={}, description="Table.")


_TABLES = {table.__name__: table for _, table in [*tables_of(Settings), *tables_of(Sorts)]}


def _fit(found: Setting) -> list[Any]:
    """Give values of a setting that are plainly valid, those at its bounds among them."""
    values = _of_kind(found.kind)
    numeric = [bound for name, bound in found.bounds.items() if name in ("ge", "le")]
    longest = [("x" * length) for name, length in found.bounds.items() if name == "max_length"]
    of_text = [value for value in longest if any(isinstance(value, str) for value in values)]
    return [value for value in [*values, *numeric, *of_text] if _is_within(value, found.bounds)]


def _is_within(value: Any, bounds: Bounds) -> bool:
    return all(_HOLDS[name](value, bound) for name, bound in bounds.items())


def _of_kind(kind: Any) -> list[Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Table):
        return [_least(kind), _whole(kind)]
    if origin is Annotated:
        return next((_MARKED[mark] for mark in inner[1:] if mark in _MARKED), _of_kind(inner[0]))
    if origin is Literal:
        return list(inner)
    if origin is tuple:
        return [[], _of_kind(inner[0])[:2]]
    if origin is dict:
        return [{}, {name: value for name in _of_kind(inner[0]) for value in _of_kind(inner[1])[-1:]}]
    if origin is None:
        return _SINGLE[kind]
    return [value for one in inner if one is not NoneType for value in _of_kind(one)]


def _least(table: type[Table]) -> dict[str, Any]:
    return {key: _fit(found)[0] for key, found in table.declared.items() if found.is_required}


def _whole(table: type[Table]) -> dict[str, Any]:
    return {key: values[-1] for key, found in table.declared.items() if (values := _fit(found))}


def _trees(table: type[Table]) -> st.SearchStrategy[dict[str, Any]]:
    """Give trees of a few keys; one value in eight is odd, since in larger trees something would always be wrong."""
    required = tuple(key for key, found in table.declared.items() if found.is_required)
    keys = st.lists(st.sampled_from([*table.declared, *table.declared, "unknown"]), max_size=3, unique=True)
    stated = st.tuples(keys, st.sampled_from([required, required, required, ()]))
    return stated.flatmap(
        lambda two: st.fixed_dictionaries({key: _values(table.declared.get(key)) for part in two for key in part})
    )


def _values(found: Setting | None) -> st.SearchStrategy[Any]:
    if found is None:
        return _ODD
    good = st.sampled_from(_fit(found)) if _fit(found) else _ODD
    if inner := table_in(found.kind):
        table, named = inner
        good = st.dictionaries(st.sampled_from(["one", "a.b"]), _trees(table), max_size=2) if named else _trees(table)
    return st.integers(0, 7).flatmap(lambda drawn: _ODD if drawn == 7 else good)


def _spelled(value: Any) -> Any:
    """Give a value with the type of everything in it, and of a table what was stated."""
    if isinstance(value, Table):
        return type(value), {key: _spelled(inner) for key, inner in vars(value).items()}
    if isinstance(value, dict):
        return type(value), [(_spelled(key), _spelled(inner)) for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [_spelled(inner) for inner in value]
    return type(value), value if isinstance(value, Secret) else repr(value)


def _by_pydantic(table: type[Table], tree: Any) -> Any:
    return _spelled(validated(table, tree, lambda path: "here"))


@given(st.sampled_from([Settings, *_TABLES.values()]).flatmap(lambda table: st.tuples(st.just(table), _trees(table))))
def test_what_is_plainly_valid_is_what_pydantic_gives(drawn):
    """The rule that everything rests on, for values right, nearly right and odd, at any depth."""
    table, tree = drawn
    plain = plainly_valid(table, tree)
    assert plain is None or _spelled(plain) == _by_pydantic(table, tree)


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_the_rule_holds_for_each_odd_value_at_each_key(table):
    """Those that somebody thought of are not left to chance."""
    for key in table.declared:
        for value in _NEARLY:
            tree = {**_least(table), key: value}
            plain = plainly_valid(table, tree)
            assert plain is None or _spelled(plain) == _by_pydantic(table, tree), (key, value)


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_every_key_with_a_valid_value_is_plainly_valid(table):
    """Each for itself and all together: no sort of setting is always left to pydantic, but the day."""
    for key, found in table.declared.items():
        assert _fit(found) or key == "today"
        for value in _fit(found):
            tree = {**_least(table), key: value}
            assert _spelled(plainly_valid(table, tree)) == _by_pydantic(table, tree), key
    assert _spelled(plainly_valid(table, _whole(table))) == _by_pydantic(table, _whole(table))


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        {1: 2},
        {"http": None},
        {"http": {"contact": ["a"]}},
        {"http": {"max_attempts": True}},
        {"http": {"max_attempts": "6"}},
        {"repositories": {"one": {}}},
        {"repositories": {"One": {"base_url": "https://one.example/oai"}}},
    ],
)
def test_what_is_wrong_or_to_be_converted_is_left_to_pydantic(tree):
    """It knows every fault and every conversion."""
    assert plainly_valid(Settings, tree) is None


def test_what_is_not_known_is_left_to_pydantic():
    """A mark, a kind and a pair of kinds that nobody thought of are no reason to say yes."""

    class Odd(Table):
        marked: Annotated[int, "small"] = setting(default=1, description="Odd.")
        listed: list[str] = setting(default=[], description="Odd.")
        pair: tuple[str, str] = setting(default=("", ""), description="Odd.")
        several: int | float = setting(default=1, description="Odd.")

    trees = [{"marked": 1}, {"listed": ["a"]}, {"pair": ["a", "b"]}, {"several": 1}]
    assert [plainly_valid(Odd, tree) for tree in trees] == [None] * 4


def test_every_bound_is_held():
    """A bound that is declared and not known here would be an error of the code."""
    assert _HOLDS.keys() == Bounds.__annotations__.keys()
