"""Every record of the real responses is read, and nothing is emitted that is not documented."""

from collections import Counter
from pathlib import Path

import pytest

from mirror_db.codes import ISSUES
from tests.benchmarks.coverage import read
from tests.benchmarks.responses import HERE, records

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> Path:
    if not HERE.exists():
        pytest.skip("the corpus is not here")
    return HERE


def test_every_record_of_the_corpus_is_read_and_its_issues_are_listed(corpus: Path) -> None:
    """More than 22,000 records normalise without an exception; each issue has a documented code."""
    seen: Counter[str] = Counter()
    codes: set[str] = set()
    for found in records(corpus):
        record = read(found)
        seen["deleted" if record.deleted else "live"] += 1
        codes |= {issue.code for issue in record.issues}
        assert record.fields.is_open_access == 0 or any(row.used for row in record.evidence if row.subject != "license")
        assert record.fields.license is None or any(row.used for row in record.evidence if row.subject == "license")
    assert seen["live"] > 22_000
    assert codes <= set(ISSUES)
