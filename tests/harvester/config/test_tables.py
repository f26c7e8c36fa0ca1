"""A table answers with what was stated, else with its defaults, and needs nothing that validates."""

import pickle

import pytest

from harvester.config.machine import Http
from harvester.config.repository import Repository
from harvester.config.settings import Settings
from harvester.config.tables import Table, setting


class _Child(Table):
    name: str = setting(description="Required.")
    size_bytes: int = setting(default=3, ge=1, description="Has a default.")


class _Heir(_Child):
    deep: Http = setting(default=Http(), description="A table.")


def test_what_was_not_stated_has_the_default():
    """And what was stated is known, even where it says the same as the default."""
    heir = _Heir(name="a", size_bytes=3)
    assert dict(heir) == {"name": "a", "size_bytes": 3, "deep": Http()}
    assert (set(heir.stated), set(Http().stated)) == ({"name", "size_bytes"}, set())


def test_settings_are_declared_in_order_the_inherited_ones_first():
    """Faults and the documentation come in this order."""
    assert list(_Heir.declared) == ["name", "size_bytes", "deep"]
    assert list(_Child.declared) == ["name", "size_bytes"]
    assert (_Child.declared["size_bytes"].kind, _Child.declared["size_bytes"].bounds) == (int, {"ge": 1})


def test_tables_are_compared_by_value_and_kind():
    """Whether a value was stated makes no difference."""
    assert _Child(name="a") == _Child(name="a", size_bytes=3) != _Child(name="b")
    assert _Child(name="a") != _Heir(name="a")


def test_a_table_is_frozen():
    """Neither what was stated nor what was not can be changed."""
    child = _Child(name="a")
    with pytest.raises(AttributeError, match="_Child is frozen: size_bytes"):
        child.size_bytes = 4
    with pytest.raises(AttributeError, match="_Child is frozen: name"):
        del child.name
    assert repr(child) == "_Child(name='a', size_bytes=3)"


@pytest.mark.parametrize("stated", [{}, {"name": "a", "sise": 1}])
def test_a_table_has_what_it_must_and_nothing_else(stated):
    """A slip in the code does not pass as a setting."""
    with pytest.raises(TypeError, match=r"_Child lacks or does not have: (name|sise)"):
        _Child(**stated)


def test_settings_cross_to_another_process():
    """The daemon's children get them: what was stated is still known there."""
    settings = Settings(repositories={"one": Repository(base_url="https://one.example/oai", sets=("a",))})
    there = pickle.loads(pickle.dumps(settings))
    assert there == settings
    assert set(there.repositories["one"].stated) == {"base_url", "sets"}
