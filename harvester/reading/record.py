"""One record, read: from its metadata element to the row and parts that the mirror keeps. Pure.

metadata -> fields -> texts, people, subjects, dates, types, identifiers, container -> rights -> MirrorRecord
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from harvester.reading.assemble import Draft
from harvester.reading.beside import added
from harvester.reading.containing import read_container
from harvester.reading.dating import read_dates
from harvester.reading.fields import Field
from harvester.reading.formats import extract
from harvester.reading.linking import read_identifiers
from harvester.reading.profile import Profile
from harvester.reading.rights import Verdict, judge, judge_sorted
from harvester.reading.wording import read_creators, read_languages, read_subjects, read_texts, read_types
from mirror_db.model import Fields, Issue, MirrorRecord

_STEPS = (
    read_texts,
    read_creators,
    read_subjects,
    read_languages,
    read_types,
    read_dates,
    read_identifiers,
    read_container,
)
_VERDICT_COLUMNS = tuple(name for name in Verdict._fields if name not in {"evidence", "issues"})
_AT = {name: at for at, name in enumerate(Fields._fields)}
_VERDICT_AT = tuple(_AT[name] for name in _VERDICT_COLUMNS)  # the verdict's own order is that of its first columns
_EMPTY = tuple(Fields())


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
    """Read a record. `datestamp` is UTC text; `metadata` the element inside the metadata container, or None.

    `extra` are fields of other formats of the same record and of its page, each marked with its place (`beside.placed`):
    they add evidence and fill what is empty.
    """
    if deleted:
        verdict = judge((), profile=profile, today=today, deleted=True)
        return MirrorRecord(identifier, datestamp, 1, tuple(sets), _columns({}, verdict))
    draft = Draft(profile, datestamp)
    if metadata is None:
        draft.issue("", 0, "no_metadata", "the record came without metadata")
        draft.take(added((), extra))
    else:
        fields, notes, groups = extract(metadata, prefix)
        for code, detail in notes:
            draft.issue("", 0, code, detail)
        if extra:
            draft.take((*fields, *added(fields, extra)))
        else:
            draft.take(fields, groups)
    for step in _STEPS:
        step(draft)
    in_sets = tuple(sets)
    verdict = judge_sorted(draft.fields, draft.groups, in_sets, profile=profile, today=today)
    return _finished(draft, verdict, identifier, datestamp, in_sets)


def _columns(columns: Mapping[str, Any], verdict: Verdict) -> Fields:
    """Put what was read and the verdict into one row, by position: building it by name costs as much as a whole stage."""
    row: list[Any] = list(_EMPTY)
    for name, value in columns.items():
        row[_AT[name]] = value
    for at, value in zip(_VERDICT_AT, verdict, strict=False):
        row[at] = value
    return Fields._make(row)


def _finished(
    draft: Draft, verdict: Verdict, identifier: str, datestamp: str | None, sets: tuple[str, ...]
) -> MirrorRecord:
    columns = _columns(draft.columns, verdict)
    issues: tuple[Issue, ...] = (*draft.issues, *verdict.issues)
    return MirrorRecord(
        identifier,
        datestamp,
        0,
        sets,
        columns,
        tuple(draft.creators),
        tuple(draft.subjects),
        tuple(draft.identifiers),
        tuple(draft.dates),
        verdict.evidence,
        issues,
    )
