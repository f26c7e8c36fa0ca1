"""The tables: each carries examples and counter-examples, which hold; none looks up a sample value."""

import ast
import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import Verdict, judge
from harvester.reading.rights.clean import fold
from harvester.reading.rights.tables import table

TODAY = date(2026, 11, 23)
RIGHTS = Path(str(files("harvester.reading.rights")))
CASES = Path(__file__).parents[4] / ".." / "shared" / "cases"


def verdict(value: str) -> Verdict:
    return judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=TODAY)


NAMES = [(value, wanted) for row in table("elements").values() for value, wanted in row["examples"].items()]
LICENSES = [(value, name) for name, row in table("licenses").items() for value in row.get("examples", ())]
COUNTER = [(value, name) for name, row in table("licenses").items() for value in row.get("counter", ())]
PROSE = [(value, row) for row in table("prose")["pattern"] for value in row["examples"]]
NOT_PROSE = [(value, row) for row in table("prose")["pattern"] for value in row.get("counter", ())]


@pytest.mark.parametrize(("value", "wanted"), NAMES)
def test_an_example_of_a_language_gives_its_licence(value: str, wanted: str) -> None:
    """Each language's names read as the licence that its table states."""
    assert wanted == verdict(value).license


@pytest.mark.parametrize(("value", "wanted"), LICENSES)
def test_an_example_of_a_licence_gives_it(value: str, wanted: str) -> None:
    """Each example in the table of licences is found."""
    assert wanted == verdict(value).license


@pytest.mark.parametrize(("value", "unwanted"), COUNTER)
def test_a_counter_example_of_a_licence_does_not_give_it(value: str, unwanted: str) -> None:
    """What only looks like the licence is not taken for it."""
    assert unwanted != verdict(value).license


@pytest.mark.parametrize(("value", "row"), PROSE)
def test_an_example_of_a_pattern_is_read_by_its_rule(value: str, row: dict[str, Any]) -> None:
    """Each example of a sentence pattern leaves evidence of that rule with its access."""
    assert (row["rule"], row["access"]) in {(e.rule, e.verdict) for e in verdict(value).evidence}


@pytest.mark.parametrize(("value", "row"), NOT_PROSE)
def test_a_counter_example_of_a_pattern_is_not_read_by_its_rule(value: str, row: dict[str, Any]) -> None:
    """What a sentence denies or merely mentions leaves no evidence of that rule."""
    assert row["rule"] not in {e.rule for e in verdict(value).evidence}


@pytest.mark.parametrize("kind", ["examples", "counter"])
def test_the_examples_of_the_access_vocabularies_hold(kind: str) -> None:
    """Each example gives its access, each counter-example none."""
    for value, wanted in table("access")[kind].items():
        assert (wanted or "unknown") == verdict(value).access


def test_every_table_carries_examples() -> None:
    """A language, a pattern and a vocabulary cannot be added without its examples or its published source."""
    assert [name for name, row in table("elements").items() if not row.get("examples")] == []
    assert [row["rule"] for row in table("prose")["pattern"] if not row.get("examples")] == []
    assert [row["rule"] for row in table("access")["vocabulary"] if not row.get("source")] == []


def test_no_whole_value_of_the_labelled_files_is_looked_up() -> None:
    """Rules are tuned, never cases: no sentence of a labelled file stands as a constant in the code or in a table.

    Published vocabularies (with their `source`), licence names and code lists are what may be compared whole.
    """
    if not CASES.exists():
        pytest.skip("the labelled files are not here")
    sentences = {fold(value) for value in _labelled() if len(value.split()) > 4}
    found = [text for text in _constants() if fold(text) in sentences]
    assert found == []


def _labelled() -> Iterator[str]:
    for path in sorted(CASES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row["value"] for row in csv.DictReader(file))


def _constants() -> Iterator[str]:
    for path in RIGHTS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from (
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    for path in (RIGHTS / "tables").glob("*.toml"):
        if path.stem != "software":
            yield from _texts(tomllib.loads(path.read_text(encoding="utf-8")))


def _texts(node: Any) -> Iterator[str]:
    """Yield the strings of a table, but for its examples and what a published source lists."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict) and "source" not in node:
        for key, one in node.items():
            if key not in {"examples", "counter", "names", "texts"}:
                yield from _texts(one)
