"""What pydantic makes of the declarations agrees with the declarations."""

from typing import Annotated

import pytest
from pydantic import ValidationError

from harvester.config.kinds import CHECKS
from harvester.config.settings import Settings
from harvester.config.tables import Kind, Table, setting, tables_of
from harvester.config.validation import model_of, validated

_TABLES = {table.__name__: table for _, table in tables_of(Settings)}
_REQUIRED = {"base_url": "https://one.example/oai"}


def _required_of(table):
    return {key: _REQUIRED[key] for key, found in table.declared.items() if found.is_required}


def _written(value):
    """Give a value as a file would have it; what is unset cannot be written."""
    if isinstance(value, Table):
        return {key: _written(inner) for key, inner in value if inner is not None}
    return list(value) if isinstance(value, tuple) else value


def _validated(table, tree):
    found = validated(table, tree, lambda path: "here")
    assert isinstance(found, table), found
    return found


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_an_empty_tree_is_valid_and_gives_the_defaults(table):
    """A command that nobody configured, which skips validation, has the settings that validation would give."""
    tree = _required_of(table)
    assert dict(model_of(table).model_validate(tree)) == dict(table(**tree))
    assert _validated(table, tree) == table(**tree)


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_every_default_is_valid_when_it_is_written_out(table):
    """No default breaks its own bounds; and pydantic knows what was stated."""
    tree = _written(table(**_required_of(table)))
    found = _validated(table, tree)
    assert found == table(**_required_of(table))
    assert set(found.stated) == set(tree)


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_a_model_has_the_keys_of_its_table(table):
    """In the same order, so that faults come in the order of the documentation."""
    assert list(model_of(table).model_fields) == list(table.declared)


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES)
def test_every_bound_is_kept(table):
    """A step beyond a bound is a fault: none was lost between declaration and model."""
    steps = {"gt": 0, "ge": -1, "le": 1}
    for key, found in table.declared.items():
        for name, bound in found.bounds.items():
            beyond = "x" * (bound + 1) if name == "max_length" else bound + steps[name]
            with pytest.raises(ValidationError, match=key):
                model_of(table).model_validate({**_required_of(table), key: beyond})


def test_only_what_was_stated_is_modelled():
    """Validators of the other keys would take longer to build than the command takes; a required key is never left out."""
    trees = [{"http": {"contact": ""}, "repositories": {"a": {"sets": []}, "b": {"cron": ""}, "c": 3}}]
    model = model_of(Settings, trees)
    assert list(model.model_fields) == ["http", "repositories"]
    assert list(model.model_fields["http"].annotation.model_fields) == ["contact"]
    repository = model.model_fields["repositories"].annotation.__args__[1]
    assert list(repository.model_fields) == ["sets", "cron", "base_url"]


def test_an_unknown_mark_is_refused():
    """A mark that nothing stands for would be a rule that nobody checks."""

    class Odd(Table):
        size: Annotated[int, "small"] = setting(default=1, description="Odd.")

    with pytest.raises(TypeError, match="no mark of ours: 'small'"):
        model_of(Odd)


def test_every_kind_is_checked():
    """Each mark has its check."""
    assert set(CHECKS) == set(Kind)
