"""Every setting is described, and the documentation says the same as the declarations."""

from pathlib import Path

from harvester.config import document
from harvester.config.settings import Settings
from harvester.config.tables import tables_of

_ROOT = Path(__file__).parents[3]
_FIELDS = [(path, key, table.declared[key]) for path, table in tables_of(Settings) for key in table.declared]


def test_every_setting_is_described():
    """Each says in its description what it is."""
    assert [".".join((*path, key)) for path, key, field in _FIELDS if not field.description] == []


def test_the_documentation_lists_every_key():
    """docs/configuration.md holds the tables that `python -m harvester.config.document` writes."""
    assert document.reference() in (_ROOT / "docs" / "configuration.md").read_text("utf-8")
