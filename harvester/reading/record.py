"""One record, read: from its metadata element to the row and parts that the mirror keeps. Pure.

metadata -> fields -> texts, people, subjects, dates, types, identifiers, container -> rights -> MirrorRecord
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from harvester.reading.assemble import Draft
from harvester.reading.beside import added
from harvester.reading.containing import read_container
from harvester.reading.dating import read_dates
from harvester.reading.fields import Field
from harvester.reading.formats import extract
from harvester.reading.linking import read_identifiers, settle_identifiers
from harvester.reading.profile import Profile
from harvester.reading.rights import Verdict, judge, judge_sorted
from harvester.reading.wording import read_creators, read_languages, read_subjects, read_texts, read_types
from mirror_db.model import Fields, MirrorRecord

_STEPS = (
    read_texts,
    read_creators,
    read_subjects,
    read_languages,
    read_types,
    read_dates,
    read_identifiers,
    settle_identifiers,
    read_container,
)
_AT = {name: at for at, name in enumerate(Fields._fields)}
_EMPTY = tuple(Fields())
_AT_ONCE = 16  # records that take each step together
_new = tuple.__new__


class Source(NamedTuple):
    """A record to be read. `datestamp` is UTC text; `metadata` the element inside the metadata container, or None.

    `extra` are fields of other formats of the same record and of its page, each marked with its place (`beside.placed`):
    they add evidence and fill what is empty.
    """

    identifier: str
    datestamp: str | None
    deleted: bool
    sets: Sequence[str]
    metadata: Any
    extra: Sequence[Field] = ()


def read_record(
    identifier: str,
    datestamp: str | None,
    deleted: bool,
    sets: Sequence[str],
    metadata: Any,
    *,
    prefix: str,
    profile: Profile,
    today: date,
    extra: Sequence[Field] = (),
) -> MirrorRecord:
    """Read one record; what is given is described in `Source`."""
    source = Source(identifier, datestamp, deleted, sets, metadata, extra)
    return _step_by_step((source,), prefix, profile, today)[0]


def read_records(
    sources: Sequence[Source], *, prefix: str, profile: Profile, today: date
) -> list[MirrorRecord | Exception]:
    """Read the records of a page; what fails gives the exception in its place.

    A few records take each step together: a processor's caches hold a step, not the whole of reading. It saves a fifth.
    """
    read: list[MirrorRecord | Exception] = []
    for start in range(0, len(sources), _AT_ONCE):
        some = sources[start : start + _AT_ONCE]
        try:
            read += _step_by_step(some, prefix, profile, today)
        except Exception:
            read += [_alone(source, prefix, profile, today) for source in some]
    return read


def _alone(source: Source, prefix: str, profile: Profile, today: date) -> MirrorRecord | Exception:
    try:
        return _step_by_step((source,), prefix, profile, today)[0]
    except Exception as error:
        return error


def _step_by_step(sources: Sequence[Source], prefix: str, profile: Profile, today: date) -> list[MirrorRecord]:
    live = [source for source in sources if not source.deleted]
    drafts = [_draft(source, prefix, profile) for source in live]
    for step in _STEPS:
        for draft in drafts:
            step(draft)
    verdicts = [
        judge_sorted(draft.fields, draft.groups, tuple(source.sets), profile=profile, today=today)
        for source, draft in zip(live, drafts, strict=True)
    ]
    finished = map(_finished, live, drafts, verdicts)
    return [_tombstone(one, profile, today) if one.deleted else next(finished) for one in sources]


def _draft(source: Source, prefix: str, profile: Profile) -> Draft:
    """Take the values of a record out of its form, and sort them."""
    draft = Draft(profile, source.datestamp)
    if source.metadata is None:
        draft.issue("", 0, "no_metadata", "the record came without metadata")
        draft.take(added((), source.extra))
        return draft
    fields, notes, groups = extract(source.metadata, prefix)
    for code, detail in notes:
        draft.issue("", 0, code, detail)
    if source.extra:
        draft.take((*fields, *added(fields, source.extra)))
    else:
        draft.take(fields, groups)
    return draft


def _runs() -> tuple[tuple[slice, slice], ...]:
    """Give where the columns of a verdict stand in a record's, as far as they stand there one behind the other."""
    runs: list[tuple[slice, slice]] = []
    for at, name in enumerate(Verdict._fields):
        if name not in _AT:
            continue
        place = _AT[name]
        if runs and runs[-1][0].stop == place and runs[-1][1].stop == at:
            row, verdict = runs.pop()
            runs.append((slice(row.start, place + 1), slice(verdict.start, at + 1)))
        else:
            runs.append((slice(place, place + 1), slice(at, at + 1)))
    return tuple(runs)


_RUNS = _runs()


def _columns(columns: Mapping[str, Any], verdict: Verdict) -> Fields:
    """Put what was read and the verdict into one row, by position: building it by name costs as much as a whole stage."""
    row: list[Any] = list(_EMPTY)
    for name, value in columns.items():
        row[_AT[name]] = value
    judged: tuple[Any, ...] = verdict
    for in_row, in_verdict in _RUNS:
        row[in_row] = judged[in_verdict]
    fields: Fields = _new(Fields, row)
    return fields


def _tombstone(source: Source, profile: Profile, today: date) -> MirrorRecord:
    verdict = judge((), profile=profile, today=today, deleted=True)
    return MirrorRecord(source.identifier, source.datestamp, 1, tuple(source.sets), _columns({}, verdict))


def _finished(source: Source, draft: Draft, verdict: Verdict) -> MirrorRecord:
    row = (
        source.identifier,
        source.datestamp,
        0,
        tuple(source.sets),
        _columns(draft.columns, verdict),
        tuple(draft.creators),
        tuple(draft.subjects),
        tuple(draft.identifiers),
        tuple(draft.dates),
        verdict.evidence,
        (*draft.issues, *verdict.issues),
    )
    record: MirrorRecord = _new(MirrorRecord, row)
    return record
