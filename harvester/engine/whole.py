"""A record read whole: all forms that the mirror has of it, and the page of its item, in one order whichever came last. Pure.

forms -> the first by rank is the record -> the others add, each under its name -> the item's page adds -> read_record
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from harvester.oai.page import Item, reopen
from harvester.oai.xml import Refused
from harvester.reading import formats
from harvester.reading.beside import placed
from harvester.reading.fields import Field
from harvester.reading.pages import item_of, read_page
from harvester.reading.pages.visit import seen_on
from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord
from mirror_db.stored import Form, KeptPage, Stored


class Opened(NamedTuple):
    """One form of a record: the element inside its metadata container, or None."""

    prefix: str
    metadata: Any


class Whole(NamedTuple):
    """What is known of one live record."""

    identifier: str
    datestamp: str | None
    sets: tuple[str, ...]
    forms: tuple[Opened, ...]
    page: KeptPage | None = None


def read_whole(whole: Whole, *, profile: Profile, today: date) -> MirrorRecord:
    """Read a record with everything that stands beside it."""
    own, *others = sorted(whole.forms, key=lambda form: formats.rank(form.prefix))
    extra = tuple(field for form in others for field in _fields(form))
    if whole.page is not None:
        extra += _of_page(whole.page, (*_fields(own), *extra))
    return read_record(
        whole.identifier,
        whole.datestamp,
        False,
        whole.sets,
        own.metadata,
        prefix=own.prefix,
        profile=profile,
        today=today,
        extra=extra,
    )


def with_item(stored: Stored, prefix: str, item: Item) -> Whole:
    """Give a stored record with the form that has just come in place of the one it had; None of it where it is deleted."""
    forms = tuple(form for form in _forms(stored.forms) if form.prefix != prefix)
    if not item.deleted:
        forms = (*forms, Opened(prefix, item.metadata))
    is_record = prefix == min((form.prefix for form in forms), key=formats.rank, default=prefix)
    datestamp, sets = (item.datestamp, item.sets) if is_record else (stored.datestamp, stored.sets)
    return Whole(stored.oai_identifier, datestamp, sets, forms, stored.page)


def of_stored(stored: Stored) -> Whole:
    """Open the forms of a stored record; one that is not well formed any more is passed over."""
    return Whole(stored.oai_identifier, stored.datestamp, stored.sets, _forms(stored.forms), stored.page)


def _forms(kept: Sequence[Form]) -> tuple[Opened, ...]:
    opened = [(one.prefix, _item(one)) for one in kept]
    return tuple(Opened(prefix, item.metadata) for prefix, item in opened if item is not None and item.problem is None)


def _item(form: Form) -> Item | None:
    try:
        return reopen(form.xml, form.declarations)
    except Refused:
        return None


def _fields(form: Opened) -> tuple[Field, ...]:
    if form.metadata is None:
        return ()
    return placed(formats.extract(form.metadata, form.prefix).fields)


def _of_page(page: KeptPage, fields: Sequence[Field]) -> tuple[Field, ...]:
    headers = {"content-type": page.content_type or "text/html", "link": page.link}
    read = read_page(page.body, page.url, headers, item=item_of(fields), site=frozenset(page.marks))
    return seen_on(read.fields, page.url, page.day)
