"""The questions of docs/datasette.md are asked as they stand there."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from mirror_db.site.mirrors import queries

TEXT = (Path(__file__).parents[3] / "docs" / "datasette.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(
    r"^### \d+\. (.+?)\n\n```sql\n(.+?)\n```\n.*?<http://127\.0\.0\.1:8001(/.+?)>$", TEXT, re.DOTALL | re.MULTILINE
)
ROWS = (1, 6, 1, 1, 1, 2, 2, 5, 4, 3)  # of the known mirror


def test_there_are_ten():
    """No block was missed."""
    assert len(QUESTIONS) == 10
    assert TEXT.count("```sql") == 10


@pytest.mark.parametrize(
    ("question", "expected"), list(zip(QUESTIONS, ROWS, strict=True)), ids=[one[0][:30] for one in QUESTIONS]
)
def test_a_question_has_an_answer(get, question, expected):
    """Its address asks the SQL that stands beside it, and finds these many rows."""
    _, sql, address = question
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query)).get("sql") or {one.name: one.sql for one in queries()}[Path(parts.path).name]
    assert asked == sql
    assert len(get(f"{parts.path}.json?{parts.query}&_shape=array").json()) == expected
    assert get(address).status_code == 200
