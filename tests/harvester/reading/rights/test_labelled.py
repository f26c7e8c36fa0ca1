"""The labelled files: no false CC BY-NC, and hardly anything missed."""

from pathlib import Path

import pytest

from tests.benchmarks.rights import Score, f1, read_cases, score

CASES = Path(__file__).parents[4] / ".." / "shared" / "cases"


@pytest.fixture(params=["rights_cases.csv", "rights_corpus.csv"])
def result(request: pytest.FixtureRequest) -> Score:
    path = CASES / str(request.param)
    if not path.exists():
        pytest.skip("the labelled files are not here")
    return score(read_cases(path))


def test_no_cc_by_nc_is_false_or_missed(result: Score) -> None:
    """Every CC BY-NC statement is found, and nothing else is taken for one."""
    assert result.cc_by_nc[1:] == (0, 0)


def test_open_access_licence_and_access_are_right(result: Score) -> None:
    """Open access F1 is at least 0.99, licence and access are right in at least 99 of 100."""
    assert f1(result.open_access)[2] >= 0.99
    assert result.licenses >= 0.99 * result.cases
    assert result.accesses >= 0.99 * result.cases
