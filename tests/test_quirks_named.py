"""Every quirk of the catalogue has a test that names it, or a decision that says why not."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUIRKS = range(1, 70)
SCENARIOS = range(1, 63)  # the rest is about the reading of rights


def test_every_quirk_of_a_server_has_a_scenario() -> None:
    """`test_qN_...` in tests/scenarios."""
    named = {
        int(number)
        for path in (ROOT / "tests" / "scenarios").glob("test_*.py")
        for number in re.findall(r"^def test_q(\d+)_", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert [f"Q{number}" for number in SCENARIOS if number not in named] == []


def test_every_quirk_stands_in_a_test_or_in_a_decision() -> None:
    """By its number, as the catalogue has it."""
    places = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "docs" / "decisions").glob("*.md")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places if path.name != "test_quirks_named.py")
    named = {int(number) for number in re.findall(r"\bQ(\d+)|_q(\d+)_", text) for number in number if number}
    assert [f"Q{number}" for number in QUIRKS if number not in named] == []
