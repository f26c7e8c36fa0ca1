"""What a run amounts to: its outcome and the repository's state, pure decisions."""

from collections.abc import Sequence
from typing import NamedTuple

from harvester.engine.lists import ListEnd
from harvester.engine.types import Outcome


class Verdict(NamedTuple):
    """The outcome of a run and the state of its repository afterwards; `state` None: as before."""

    outcome: Outcome
    reason: str | None
    state: str | None


def judge(ends: Sequence[ListEnd], *, pages: int, quarantined: int, trouble: str | None, state_before: str) -> Verdict:
    """Judge a run whose lists ended so.

    `quarantined` counts records that the mirror lacks because they could not be read; `trouble` is what else went wrong.
    A run is complete only if every list is proven and nothing is lacking.
    """
    unproven = [end for end in ends if not end.proven]
    if any(end.limited for end in unproven):
        return Verdict(Outcome.PARTIAL, unproven[-1].why, "partial" if state_before in {"never", "partial"} else None)
    if unproven or trouble:
        why = trouble or unproven[0].why
        if pages == 0:
            return Verdict(Outcome.FAILED, why, "failing")
        return Verdict(Outcome.PARTIAL, why, "partial")
    if quarantined:
        noun = "record" if quarantined == 1 else "records"
        return Verdict(Outcome.PARTIAL, f"{quarantined} {noun} could not be read and wait in quarantine", "partial")
    return Verdict(Outcome.COMPLETE, None, "complete")
