"""Keeping a page: its records read and committed together with the token to send next, and what its answer tells of the server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from harvester.engine.asking import Got, later
from harvester.engine.pages import held_page, is_same, read_here, sort_page
from harvester.engine.run import Run
from harvester.engine.types import Tick
from harvester.oai.dates import is_before
from harvester.oai.items import Item
from harvester.oai.page import Page
from harvester.oai.slices import BARE
from mirror_db.entries import Batch, Coming, Known, Progress, Warned
from mirror_db.ledger import List

_DAY_S = 86_400


class Spot(NamedTuple):
    """Where a page stands in its list: pages and records before it, and the token that brought it, None for the first."""

    row: List
    pages: int
    got: int
    token: str | None
    look: Callable[[Sequence[str]], Mapping[str, Known]]  # what the mirror holds of a page's records


def keep_page(run: Run, spot: Spot, got: Got, *, token: str | None) -> None:
    """Read and commit a page; the token to send next goes to the disk with it.

    A large page is kept in parts, until the last of which the ledger holds the token that brings it again.
    """
    page, row = got.page, spot.row
    progress = Progress(
        row.id,
        token,
        page.token.expiration_date if page.token else None,
        expected(page),
        answered_at(got, run.ports.now()) if spot.token is None else None,
        1,
        len(page.items),
    )
    if row.verb == "ListIdentifiers":
        run.store.list_identifiers(run.number, page_headers(page), progress)
    else:
        for part, is_last in _with_last(page.parts()):
            here = progress if is_last else Progress(row.id, spot.token, pages=0)
            run.store.commit(_read(run, spot, part, here))
    run.ports.tell(Tick(run.repository, row.id, spot.pages + 1, spot.got + len(page.items), expected(page)))


def _with_last(parts: Iterator[Page]) -> Iterator[tuple[Page, bool]]:
    part = next(parts)
    for following in parts:
        yield part, False
        part = following
    yield part, True


def _read(run: Run, spot: Spot, page: Page, progress: Progress) -> Batch | Coming:
    identifiers = [item.identifier for item in page.items if item.identifier]
    known = spot.look(identifiers)
    if known:
        held = held_page(page, run.desk(spot.row.prefix, spot.row.set), known, progress=progress)
        if held is not None:
            return held
        # Each of them is compared by its digest more than once.
        page = page._replace(items=tuple(item.marked() if item.identifier in known else item for item in page.items))
    moved = _moved(page, known)
    other = [item.identifier for item in moved if item.identifier] if known else identifiers
    place = f"list {spot.row.id}, page {spot.pages + 1}"
    desk = run.desk(spot.row.prefix, spot.row.set, other)
    unread = sort_page(page, desk, known, place=place, progress=progress)
    silent = [item for item in moved if _changed_silently(item, known, spot.row, run)] if known else []
    warned = [Warned("silent_change", f"{item.identifier} changed, but kept its old datestamp") for item in silent]
    if warned:
        unread = unread._replace(batch=unread.batch._replace(warnings=(*unread.batch.warnings, *warned)))
    return read_here(unread) if desk.held else run.ports.read(unread)


def _moved(page: Page, known: Mapping[str, Known]) -> Sequence[Item]:
    """Give the items that the mirror does not hold as they came."""
    if not known:  # as in a first harvest
        return page.items
    return [item for item in page.items if not is_same(known.get(item.identifier or ""), item)]


def _changed_silently(item: Item, known: Mapping[str, Known], row: List, run: Run) -> bool:
    """Tell whether an incremental list could not have shown this change: its datestamp stayed as it was (Q45)."""
    old = known.get(item.identifier or "")
    if old is None or old.digest == item.digest or item.datestamp is None or old.deleted:
        return False
    if old.content_digest in (None, item.content_digest) or BARE in (old.content_digest, item.content_digest):
        return False  # metadata that is lacking for a while is a fault, and no change
    if old.datestamp != item.datestamp or item.deleted:
        return False
    last = run.store.last_proven(run.repository, row.prefix, row.set)
    return last is not None and is_before(item.datestamp[:10], (last.first_response_date or "")[:10])


def page_headers(page: Page) -> tuple[tuple[str, str | None, int], ...]:
    """Give (identifier, datestamp, deleted) of the headers on a page."""
    return tuple((i.identifier, i.datestamp, int(i.deleted)) for i in page.items if i.identifier)


def expected(page: Page) -> int | None:
    """Give the size that the server announces for the list: a hint."""
    return page.token.complete_list_size if page.token else None


def answered_at(got: Got, now: str) -> str | None:
    """Give the time from which the next list is counted: the page's responseDate, else the Date of its HTTP answer, in UTC.

    One that lies ahead of this machine's clock gives way to it: a responseDate in local time would else hide an hour of
    changes, and an earlier instant only makes the next list longer (design rule 2; Q5, decision 0010).
    """
    stated = got.page.response_date or _http_date(got.reply.headers.get("date"))
    if stated is None:
        return None
    return min(stated, now) if len(stated) == len(now) else min(stated, now[: len(stated)])


def _http_date(text: str | None) -> str | None:
    try:
        return parsedate_to_datetime(text or "").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def lies_outside(page: Page, row: List) -> bool:
    """Tell whether most records of a page were not asked for: the server ignores `from` or `until` (Q46a).

    A day on either side is not counted, for servers that stamp in local time.
    """
    if not row.from_ and not row.until:
        return False
    low = later(f"{row.from_[:10]}T00:00:00Z", -_DAY_S)[:10] if row.from_ else ""
    high = later(f"{row.until[:10]}T00:00:00Z", _DAY_S)[:10] if row.until else "9999-99-99"
    days = [item.datestamp[:10] for item in page.items if item.datestamp]
    return 2 * sum(not low <= day <= high for day in days) > len(days)
