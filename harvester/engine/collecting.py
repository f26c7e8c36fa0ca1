"""The collector of circles during a harvest: records hold none, and looking for them costs more than writing them does.

Measured: with Python's own thresholds (700 new objects) it takes 60 microseconds of every record that comes from a reader.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (100_000, 50, 100)  # new objects, about 500 records; then how many rounds until older ones are looked at


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for circles of objects seldom within the block; what was set before is set again behind it."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
