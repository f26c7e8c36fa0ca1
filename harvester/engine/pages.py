"""From a page to what is written: duplicates settled, known slices passed over, records read, the rest quarantined. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from harvester.engine.desk import Desk, Unreadable, raw_of, read_items, read_plainly
from harvester.oai.items import reopen
from harvester.oai.page import Item, Page
from harvester.oai.xml import Refused
from mirror_db.entries import Batch, Entry, Known, Progress, Quarantined, Warned
from mirror_db.model import MirrorRecord

DENIED = "denied"  # code of a quarantined record that a list shows and GetRecord does not know


class Unread(NamedTuple):
    """A page of which everything is settled but the reading: `batch` lacks the entries that come out of `items`."""

    batch: Batch
    items: tuple[Item, ...]
    desk: Desk
    place: str


class Read(NamedTuple):
    """What became of the items of a page: entries in their order, and which of the items could not be read."""

    entries: Sequence[Entry]
    failed: Sequence[tuple[int, Unreadable]] = ()


def read_page(page: Page, desk: Desk, known: Mapping[str, Known], *, place: str, progress: Progress | None) -> Batch:
    """Give the batch to commit for a page; `place` says where it stood, for people who read the quarantine."""
    return read_here(sort_page(page, desk, known, place=place, progress=progress))


def sort_page(page: Page, desk: Desk, known: Mapping[str, Known], *, place: str, progress: Progress | None) -> Unread:
    """Settle duplicates, pass over what the mirror holds, put aside what is no record: what remains is to be read."""
    good = [item for item in page.items if item.problem is None and item.identifier]
    chosen, duplicates, conflicts = _settle_duplicates(good)
    unchanged, fresh = _compared(chosen, known, desk)
    broken = [
        _quarantine(item, desk, place, n) for n, item in enumerate(page.items, 1) if item.problem or not item.identifier
    ]
    batch = _batch(page, desk, tuple(unchanged), progress)
    warnings = [Warned("live_and_deleted", f"{i} was listed live and deleted on one page") for i in conflicts]
    batch = batch._replace(quarantined=tuple(broken), warnings=(*batch.warnings, *warnings), duplicates=duplicates)
    return Unread(batch, tuple(fresh), desk, place)


def _compared(chosen: Mapping[str, Item], known: Mapping[str, Known], desk: Desk) -> tuple[list[int], Sequence[Item]]:
    """Give the numbers of the records that are the same as in the mirror, and the items that are to be read."""
    if not known and not desk.beside:  # as in a first harvest
        return [], [*chosen.values()]
    unchanged: list[int] = []
    fresh: list[Item] = []
    for identifier, item in chosen.items():
        old = known.get(identifier)
        if old is not None and is_same(old, item):
            unchanged.append(old.id)
        elif _has_place(identifier, desk):
            fresh.append(item)
    return unchanged, fresh


def held_page(page: Page, desk: Desk, known: Mapping[str, Known], *, progress: Progress | None) -> Batch | None:
    """Give the batch of a page whose every record the mirror holds as it came, and that lists none of them twice; else None.

    Nothing of it is to be read. Its records have their digests already: a look at one costs a tenth of sorting it.
    """
    if len(known) < len(page.items):
        return None
    found = ((item, known.get(item.identifier or "")) for item in page.items)
    same = [
        old.id for item, old in found if old and item.mark and old.digest == item.mark and old.deleted == item.deleted
    ]
    return _batch(page, desk, tuple(same), progress) if len(set(same)) == len(page.items) else None


def _batch(page: Page, desk: Desk, unchanged: tuple[int, ...], progress: Progress | None) -> Batch:
    """Give the batch of a page without its entries."""
    warnings = [Warned(code, detail) for code, detail in page.notes]
    warnings += [Warned("lost", reason) for reason in page.lost]
    return Batch(
        desk.repository,
        desk.run,
        desk.prefix,
        unchanged=unchanged,
        warnings=tuple(warnings),
        progress=progress,
        track_seen=True,
        beside=desk.beside,
    )


def read_here(unread: Unread) -> Batch:
    """Read the records of a page in this process."""
    items, desk = unread.items, unread.desk
    opened = [(item, _opened(item, desk)) for item in items]
    done = iter(read_items([(item, what) for item, what in opened if not isinstance(what, Unreadable)], desk))
    records = [what if isinstance(what, Unreadable) else next(done) for _, what in opened]
    entries = [
        Entry(record, raw_of(item, desk.prefix, (item.digest, item.content_digest)))
        for item, record in zip(items, records, strict=True)
        if not isinstance(record, Unreadable)
    ]
    return finished(unread, Read(tuple(entries), _failures(records)))


def _opened(item: Item, desk: Desk) -> Any:
    """Give the fields of a plain record, else the element inside its metadata container, or why there is none."""
    fields = read_plainly(item.xml, item.context, desk)
    if fields is not None or item.deleted:
        return fields
    try:
        return item.metadata if item.record is not None else reopen(item.xml, item.context).metadata
    except Refused as refused:
        return Unreadable(refused.detail)


def _failures(records: Sequence[MirrorRecord | Unreadable]) -> tuple[tuple[int, Unreadable], ...]:
    """Give the places of those that could not be read, and why."""
    return tuple((at, one) for at, one in enumerate(records) if isinstance(one, Unreadable))


def finished(unread: Unread, read: Read) -> Batch:
    """Give the batch of a page whose items were read."""
    failed = [
        _quarantined(unread.items[at], unread.desk, unread.place, "unreadable", one.detail) for at, one in read.failed
    ]
    batch = unread.batch
    return batch._replace(entries=read.entries, quarantined=(*failed, *batch.quarantined))


def _has_place(identifier: str, desk: Desk) -> bool:
    return not desk.beside or identifier in desk.held


def is_same(old: Known | None, item: Item) -> bool:
    """The same bytes, and not a record that was taken to have vanished and is listed again."""
    return old is not None and old.digest == item.digest and bool(old.deleted) == item.deleted


def _settle_duplicates(items: Sequence[Item]) -> tuple[dict[str, Item], int, list[str]]:
    """One item per identifier: the newest datestamp wins, at a tie the live one (Q23, Q24)."""
    chosen = {item.identifier or "": item for item in items}
    if len(chosen) == len(items):  # as on most pages
        return chosen, 0, []
    chosen = {}
    conflicts = []
    for item in items:
        key = item.identifier or ""
        other = chosen.get(key)
        if other is None:
            chosen[key] = item
            continue
        if other.deleted != item.deleted:
            conflicts.append(key)
        if _rank(item) >= _rank(other):
            chosen[key] = item
    return chosen, len(items) - len(chosen), conflicts


def _rank(item: Item) -> tuple[str, bool]:
    return item.datestamp or "", not item.deleted


def _quarantine(item: Item, desk: Desk, place: str, position: int) -> Quarantined:
    why = item.problem or "no_identifier"
    return _quarantined(item, desk, f"{place}, record {position}", why, _WHY.get(why, why))


_WHY = {
    "no_identifier": "the header has no identifier",
    "no_header": "the record has no header",
    "not_well_formed": "the record is not well-formed XML",
    "too_large": "the record is larger than 16 MB; its beginning is kept",
}


def _quarantined(item: Item, desk: Desk, place: str, why: str, detail: str) -> Quarantined:
    return Quarantined(desk.prefix, item.identifier, place, why, detail, item.digest, item.xml)


def missing_record(identifier: str, desk: Desk, *, place: str, detail: str, is_denied: bool = False) -> Quarantined:
    """Give the quarantine row of a record that the server lists but cannot deliver (Q33), or denies."""
    why = DENIED if is_denied else "not_delivered"
    digest = hashlib.blake2b(identifier.encode(), digest_size=16).digest()
    return Quarantined(desk.prefix, identifier, place, why, detail, digest, b"")
