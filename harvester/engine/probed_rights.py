"""What the records of one page say of rights, and what the classifier makes of it: a first look before a harvest. Pure."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from harvester.oai.page import Page
from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord


class Value(NamedTuple):
    """One value of the page, what was made of it (None: nothing), and on how many records it stands."""

    element: str
    value: str
    verdict: str | None
    records: int


class RightsSeen(NamedTuple):
    """The live records of a page by their flags, and the values that these rest on, the most frequent first."""

    records: int = 0
    open_access: int = 0
    cc_by_nc: int = 0
    unread: int = 0  # records that could not be read at all
    values: tuple[Value, ...] = ()


def rights_of(page: Page, *, prefix: str, profile: Profile, today: date) -> RightsSeen:
    """Read the page as a harvest would and count what it says."""
    read: list[MirrorRecord] = []
    unread = 0
    for item in page.items:
        if item.deleted or item.problem or item.metadata is None:
            continue
        try:
            read.append(
                read_record(
                    item.identifier or "",
                    item.datestamp,
                    False,
                    item.sets,
                    item.metadata,
                    prefix=prefix,
                    profile=profile,
                    today=today,
                )
            )
        except Exception:  # a record that cannot be read is counted, as a harvest would put it into quarantine
            unread += 1
    return RightsSeen(
        len(read),
        sum(one.fields.is_open_access for one in read),
        sum(one.fields.is_cc_by_nc for one in read),
        unread,
        _values(read),
    )


def _values(read: list[MirrorRecord]) -> tuple[Value, ...]:
    counted: Counter[tuple[str, str, str | None]] = Counter()
    for record in read:
        counted.update({(one.element, one.value, one.verdict) for one in record.evidence})
    return tuple(Value(*key, count) for key, count in counted.most_common())
