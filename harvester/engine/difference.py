"""What a new reading of a record would change in its flags, and by which rule: a pure comparison."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mirror_db.model import MirrorRecord

FLAGS = ("license", "access", "is_open_access", "is_cc_by_nc", "embargo_end")
_SUBJECTS = {
    "license": ("license",),
    "is_cc_by_nc": ("license",),
    "access": ("access", "embargo"),
    "is_open_access": ("access", "embargo"),
    "embargo_end": ("embargo", "license"),
}
_EXAMPLES = 3


class Change(NamedTuple):
    """One kind of change; `rule` is the rule on which the new value rests, "" for none."""

    flag: str
    before: Any
    after: Any
    rule: str


class Changes(NamedTuple):
    """A kind of change with how many records it would reach and some of their identifiers."""

    change: Change
    records: int
    examples: tuple[str, ...]


def compare(before: Mapping[str, Any], record: MirrorRecord) -> tuple[Change, ...]:
    """Give what differs between a stored row and the record as it would be read now."""
    found = []
    for flag in FLAGS:
        after = getattr(record.fields, flag)
        if before[flag] != after:
            found.append(Change(flag, before[flag], after, _rule(record, flag)))
    return tuple(found)


def _rule(record: MirrorRecord, flag: str) -> str:
    rules = (row.rule for row in record.evidence if row.used and row.subject in _SUBJECTS[flag])
    return next(rules, "")


class Tally:
    """Counts changes while records go by."""

    def __init__(self) -> None:
        self._counts: Counter[Change] = Counter()
        self._examples: dict[Change, list[str]] = {}

    def add(self, identifier: str, changes: Iterable[Change]) -> None:
        """Count one record's changes."""
        for change in changes:
            self._counts[change] += 1
            examples = self._examples.setdefault(change, [])
            if len(examples) < _EXAMPLES:
                examples.append(identifier)

    def found(self) -> tuple[Changes, ...]:
        """Give the kinds of change, most frequent first."""
        return tuple(
            Changes(change, count, tuple(self._examples[change])) for change, count in self._counts.most_common()
        )
