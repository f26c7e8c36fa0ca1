"""Selective harvesting: the dates of a request, and the records that a selection means (OAI-PMH 2.0 section 2.7)."""

from datetime import datetime
from typing import NamedTuple

from harvester.demo.model import DAY, Record, Repository
from harvester.demo.tokens import Selection

_SHAPES = {10: "%Y-%m-%d", 20: "%Y-%m-%dT%H:%M:%SZ"}


class BadDate(ValueError):
    """A from or until that is no date, of the wrong granularity, or the wrong way round."""


class Window(NamedTuple):
    """Both ends belong to it; None is open."""

    from_: str | None
    until: str | None

    def holds(self, datestamp: str) -> bool:
        """Tell whether a datestamp lies within; a bound to the day means the whole day."""
        after = self.from_ is None or datestamp[: len(self.from_)] >= self.from_
        before = self.until is None or datestamp[: len(self.until)] <= self.until
        return after and before


def window(granularity: str, from_: str | None, until: str | None) -> Window:
    """Give the window of a request. Raises `BadDate` (badArgument)."""
    for name, text in (("from", from_), ("until", until)):
        if text is not None:
            _check(granularity, name, text)
    if from_ is not None and until is not None:
        if len(from_) != len(until):
            raise BadDate("from and until have different granularities.")
        if from_ > until:
            raise BadDate("from is later than until.")
    return Window(from_, until)


def _check(granularity: str, name: str, text: str) -> None:
    shape = _SHAPES.get(len(text))
    try:
        if shape is None:
            raise ValueError
        datetime.strptime(text, shape)
    except ValueError as error:
        raise BadDate(f"{name} is no date: {text!r}.") from error
    if granularity == DAY and len(text) != 10:
        raise BadDate(f"{name} is finer than the granularity {DAY}.")


def matching(repository: Repository, selection: Selection, span: Window) -> tuple[Record, ...]:
    """Give the records of a selection in the order of the repository's lists."""
    found = [record for record in repository.records if _is_meant(repository, record, selection=selection, span=span)]
    return tuple(sorted(found, key=lambda one: repository.tokens.order(one.identifier, one.datestamp)))


def _is_meant(repository: Repository, record: Record, *, selection: Selection, span: Window) -> bool:
    if record.deleted and repository.deleted_record == "no":
        return False
    if not record.deleted and selection.prefix not in record.metadata:
        return False
    return span.holds(record.datestamp) and (selection.set is None or is_in(record.sets, selection.set))


def is_in(sets: tuple[str, ...], wanted: str) -> bool:
    """Tell whether a record of these sets belongs to a set or to one below it."""
    return any(spec == wanted or spec.startswith(f"{wanted}:") for spec in sets)
