"""Reading stored records again: when the clock moved, or when the rules did. Nothing is asked of any server.

stored slice -> reopen -> read_record -> compare -> write (one transaction per bundle, so that a kill loses nothing)
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from harvester.oai.page import reopen
from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord
from mirror_db.stored import Stored

Bundle = Callable[[int], list[Stored]]  # numbers above this one -> the next records


class Again(NamedTuple):
    """A stored record, read anew."""

    stored: Stored
    record: MirrorRecord


def read_again(bundle: Bundle, profile_of: Callable[[str], Profile], today: date) -> Iterator[list[Again]]:
    """Yield bundles of re-read records, in the order of their numbers; unreadable ones are left as they are."""
    after = 0
    while stored := bundle(after):
        after = stored[-1].id
        yield [again for one in stored if (again := _again(one, profile_of(one.repository), today))]


def _again(stored: Stored, profile: Profile, today: date) -> Again | None:
    item = reopen(stored.xml, stored.declarations)
    if item.problem is not None:
        return None
    record = read_record(
        stored.oai_identifier,
        stored.datestamp,
        False,
        stored.sets,
        item.metadata,
        prefix=stored.prefix,
        profile=profile,
        today=today,
    )
    return Again(stored, record)
