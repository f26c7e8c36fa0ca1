"""The list of codes: nothing is emitted that is not in it, nothing stands in it that is never emitted, and the page shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mirror_db.codes import ISSUES, QUARANTINE, WARNINGS, Code

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "issues.md"
LISTS = {"Issues of a record": ISSUES, "Warnings of a run": WARNINGS, "Reasons of the quarantine": QUARANTINE}


def table(codes: dict[str, Code]) -> str:
    """Give the rows of one list as the page has them."""
    rows = [f"| `{name}` | {one.severity} | {one.sentence} | `{_cell(one.example)}` |" for name, one in codes.items()]
    return "\n".join(("| code | | what it says | example |", "|---|---|---|---|", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\ufffd", "�")


@pytest.mark.parametrize("title", LISTS)
def test_the_page_shows_every_code_with_its_sentence_and_its_example(title: str) -> None:
    """`docs/issues.md` holds the table that the list renders to; `python -m tests.mirror_db.test_codes` prints it."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    assert table(LISTS[title]) in section


def test_a_warning_or_a_reason_of_the_quarantine_is_in_its_list() -> None:
    """Every code that the code base writes as a constant is listed."""
    assert {*_calls("Warned", 0), *_calls("warn", 0)} - set(WARNINGS) == set()
    assert set(_calls("Quarantined", 3)) - set(QUARANTINE) == set()


def test_an_issue_is_in_its_list() -> None:
    """Every code that the code base notes as a constant is listed."""
    assert {*_calls("Issue", 2), *_calls("issue", 2)} - set(ISSUES) == set()


def test_no_code_is_dead() -> None:
    """Every listed code stands as a constant somewhere in the program."""
    constants = set(_constants())
    assert [name for codes in LISTS.values() for name in codes if name not in constants] == []


def test_severities_are_of_the_three() -> None:
    """A code is a note, mended or lost."""
    assert {one.severity for codes in LISTS.values() for one in codes.values()} == {"note", "mended", "lost"}


def _trees() -> Iterator[ast.AST]:
    for package in ("harvester", "mirror_db"):
        for path in (ROOT / package).rglob("*.py"):
            if path.name != "codes.py" or path.parent.name != "mirror_db":
                yield ast.parse(path.read_text(encoding="utf-8"))


def _calls(name: str, at: int) -> Iterator[str]:
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) > at:
                called = getattr(node.func, "attr", getattr(node.func, "id", None))
                value = node.args[at]
                if called == name and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def _constants() -> Iterator[str]:
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


if __name__ == "__main__":
    for heading, codes in LISTS.items():
        print(f"## {heading}\n\n{table(codes)}\n")
