"""How slowly a server wants to be asked, kept from run to run (Q37): a 429 without a time doubles the pause, calm halves it.

learned before -> the door asks as slowly -> 429 again: kept as it stands | none in this run: half of it, until nothing is left
"""

from collections.abc import Iterator
from contextlib import contextmanager

from harvester.net.door import Door
from mirror_db.store import Store

SLOWED = "slowed"  # topic of `learned`: by how much the pause between two requests is longer than agreed


@contextmanager
def kept_slow(store: Store, repository: str, door: Door) -> Iterator[None]:
    """Ask as slowly as an earlier run had to, and keep what this one learns; nothing is kept of a run that an error ends."""
    before = _factor(store.learned(repository).get(SLOWED))
    if before > 1.0:
        door.keep_slow(before)
    yield
    after = door.slower if door.was_slowed else before / 2
    if after > 1.0:
        why = "it answered 429, too many requests, without saying when to come back"
        store.learn(repository, SLOWED, value=f"{after:g}", why=why)
    elif before > 1.0:
        store.forget(repository, SLOWED)


def _factor(text: str | None) -> float:
    """Read what is kept; what nobody understands slows nothing down."""
    try:
        return float(text or 1)
    except ValueError:
        return 1.0
