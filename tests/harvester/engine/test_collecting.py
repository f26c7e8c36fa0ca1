"""The collector of circles is slowed down for as long as a mirror is open, and no longer."""

import gc

from harvester.engine.collecting import THRESHOLDS, seldom_collecting


def test_thresholds_hold_for_the_block_alone() -> None:
    """Within the block ours hold, behind it those that held before, even where an error ends it."""
    before = gc.get_threshold()
    within = []
    try:
        with seldom_collecting():
            within.append(gc.get_threshold())
            raise KeyError
    except KeyError:
        pass
    assert (within, gc.get_threshold()) == ([THRESHOLDS], before)
