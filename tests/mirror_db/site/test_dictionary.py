"""The data dictionary says what the schema says."""

from pathlib import Path

from mirror_db.site.dictionary import fresh

WRITTEN = Path(__file__).parents[3] / "docs" / "data-dictionary.md"


def test_the_dictionary_is_up_to_date():
    """After a change of the schema: python -m mirror_db.site.dictionary > docs/data-dictionary.md"""
    assert WRITTEN.read_text(encoding="utf-8") == fresh()
