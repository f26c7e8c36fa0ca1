"""The name of an element is told from the place of its value."""

import pytest

from harvester.reading.fields import Field


@pytest.mark.parametrize(
    ("element", "format_", "name"),
    [
        ("dc:rights", "oai_dc", "dc:rights"),
        ("oai_dc:dc:rights", "oai_dc", "dc:rights"),
        ("rioxx:ali:license_ref", "rioxx", "ali:license_ref"),
        ("mods:accessCondition", "mods", "mods:accessCondition"),
        ("setSpec", "oai_dc", "setSpec"),
    ],
)
def test_the_format_before_an_element_is_no_part_of_its_name(element: str, format_: str, name: str) -> None:
    """Whatever the format, oai_dc too: a record read whole has it before every element."""
    assert Field(element, 1, "", format=format_).name == name
