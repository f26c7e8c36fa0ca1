"""Every rule that can stand in `evidence.rule` is explained to the people who read it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import judge
from harvester.reading.rights.tables import table

ROOT = Path(__file__).parents[4]
DATA = Path(__file__).parent / "data"


def documented() -> set[str]:
    """Give the rules of the table in `docs/flags.md`."""
    section = (
        (ROOT / "docs" / "flags.md").read_text(encoding="utf-8").partition("## The rules\n")[2].partition("\n## ")[0]
    )
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {rule for row in rows for rule in re.findall(r"`([a-z-]+)`", row)}


def constants() -> Iterator[str]:
    """Yield every text constant of the reading."""
    for path in (ROOT / "harvester" / "reading").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def stated() -> set[str]:
    """Give the rules that the code names where it says something, and those of the tables."""
    found = {row["rule"] for name in ("access", "prose") for row in table(name)[_LIST[name]]}
    for path in (ROOT / "harvester" / "reading").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said" and len(node.args) > 1:
                found |= {
                    n.value for n in ast.walk(node.args[1]) if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
    return found


_LIST = {"access": "vocabulary", "prose": "pattern"}


def test_every_rule_of_the_code_and_the_tables_is_documented() -> None:
    """No rule leaves evidence that `docs/flags.md` does not explain."""
    assert stated() - documented() == set()


def test_every_documented_rule_exists() -> None:
    """The page names no rule that the program does not have."""
    rules = {*constants(), *stated()}
    assert documented() - rules == set()


def test_rules_that_leave_evidence_are_documented() -> None:
    """What the test values leave as evidence is explained, too."""
    met = set()
    for path in DATA.glob("*.toml"):
        for rows in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for value in rows:
                verdict = judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=date(2026, 11, 23))
                met |= {row.rule for row in verdict.evidence}
    assert met - documented() == set()
