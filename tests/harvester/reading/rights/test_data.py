"""Values by rule, each with the licence and the access that the specification gives it."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import judge

TODAY = date(2026, 11, 23)
FILES = sorted((Path(__file__).parent / "data").glob("*.toml"))
CASES = [
    pytest.param(value, expected, id=f"{path.stem}-{group}-{number}")
    for path in FILES
    for group, rows in tomllib.loads(path.read_text(encoding="utf-8")).items()
    for number, (value, expected) in enumerate(rows.items(), 1)
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_a_value_gives_the_licence_and_the_access_of_the_specification(value: str, expected: str) -> None:
    """Each value of the data files, alone in dc:rights, gives its licence and its access."""
    verdict = judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=TODAY)
    assert expected == f"{verdict.license or '-'} {verdict.access}"
