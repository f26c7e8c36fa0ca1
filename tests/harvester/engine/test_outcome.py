"""What a run amounts to."""

import pytest

from harvester.engine.outcome import Verdict, judge
from harvester.engine.run import ListEnd
from harvester.engine.types import Outcome
from harvester.oai.types import Form

PROVEN = ListEnd(True, "end of list", Form())
BROKEN = ListEnd(False, "the server answers 500", Form())
LIMITED = ListEnd(False, "stopped after 10 records, as asked", Form(), limited=True)


@pytest.mark.parametrize(
    ("ends", "answered", "quarantined", "doubt", "before", "expected"),
    [
        ([PROVEN], True, 0, None, "never", Verdict(Outcome.COMPLETE, None, "complete")),
        ([PROVEN, BROKEN], True, 0, None, "complete", Verdict(Outcome.PARTIAL, BROKEN.why, "partial")),
        ([BROKEN], False, 0, None, "complete", Verdict(Outcome.FAILED, BROKEN.why, "failing")),
        ([LIMITED], True, 0, None, "never", Verdict(Outcome.PARTIAL, LIMITED.why, "partial")),
        ([LIMITED], True, 0, None, "complete", Verdict(Outcome.PARTIAL, LIMITED.why, None)),
        ([PROVEN], True, 1, None, "complete", Verdict(Outcome.PARTIAL, "1 record could not be read and waits in quarantine", "partial")),
        ([PROVEN], True, 0, "20 of 40 are gone", "complete", Verdict(Outcome.PARTIAL, "20 of 40 are gone", "partial")),
    ],
)  # fmt: skip
def test_a_run_is_complete_only_when_nothing_is_lacking(
    ends: list[ListEnd], answered: bool, quarantined: int, doubt: str | None, before: str, expected: Verdict
) -> None:
    """Every list proven, nothing in quarantine, nothing unsettled from earlier runs."""
    got = judge(ends, answered=answered, quarantined=quarantined, doubt=doubt, state_before=before)
    assert got == expected
