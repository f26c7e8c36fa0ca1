"""What a run amounts to: its outcome and the repository's state, pure decisions."""

from collections.abc import Sequence
from typing import NamedTuple

from harvester.engine.run import ListEnd
from harvester.engine.types import Outcome


class Verdict(NamedTuple):
    """The outcome of a run and the state of its repository afterwards; `state` None: as before."""

    outcome: Outcome
    reason: str | None
    state: str | None


def judge(
    ends: Sequence[ListEnd], *, answered: bool, quarantined: int, doubt: str | None, state_before: str
) -> Verdict:
    """Judge a run whose lists ended so.

    `answered`: the server gave something; `quarantined` counts records that the mirror lacks because they could not be
    read; `doubt` is what an earlier run found and nobody settled. A run is complete only if every list is proven and
    nothing is lacking.
    """
    unproven = [end for end in ends if not end.proven]
    if any(end.limited for end in unproven):
        why = next(end.why for end in unproven if end.limited)
        return Verdict(Outcome.PARTIAL, why, "partial" if state_before in {"never", "partial"} else None)
    if unproven:
        if not answered:
            return Verdict(Outcome.FAILED, unproven[0].why, "failing")
        return Verdict(Outcome.PARTIAL, unproven[0].why, "partial")
    if quarantined:
        noun = "record" if quarantined == 1 else "records"
        verb = "waits" if quarantined == 1 else "wait"
        return Verdict(Outcome.PARTIAL, f"{quarantined} {noun} could not be read and {verb} in quarantine", "partial")
    if doubt:
        return Verdict(Outcome.PARTIAL, doubt, "partial")
    return Verdict(Outcome.COMPLETE, None, "complete")
