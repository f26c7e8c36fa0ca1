"""A record read whole: all forms that the mirror has of it, and the page of its item, in one order whichever came last. Pure.

forms -> the first by rank is the record -> the others add, each under its name -> the item's page adds -> read_record
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from harvester.oai.page import Item, reopen
from harvester.oai.xml import Refused
from harvester.reading import formats
from harvester.reading.fields import Field
from harvester.reading.profile import Profile
from mirror_db.model import MirrorRecord
from mirror_db.stored import Form, KeptPage, Stored


class Opened(NamedTuple):
    """One form of a record: the element inside its metadata container, or None; datestamp and sets where it has just come."""

    prefix: str
    metadata: Any
    datestamp: str | None = None
    sets: tuple[str, ...] = ()


class Whole(NamedTuple):
    """What is known of one live record."""

    identifier: str
    datestamp: str | None
    sets: tuple[str, ...]
    forms: tuple[Opened, ...]
    page: KeptPage | None = None


def read_whole(whole: Whole, *, profile: Profile, today: date) -> MirrorRecord:
    """Read a record with everything that stands beside it."""
    from harvester.reading.record import read_record  # imported only where something is read

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


def with_form(stored: Stored, prefix: str, form: Opened | None) -> Whole:
    """Give a stored record with the form that has just come in place of the one it had; `None`: it was withdrawn."""
    forms = tuple(one for one in _forms(stored.forms) if one.prefix != prefix)
    forms = forms if form is None else (*forms, form)
    is_record = form is not None and prefix == min((one.prefix for one in forms), key=formats.rank)
    if form is None or not is_record:
        return Whole(stored.oai_identifier, stored.datestamp, stored.sets, forms, stored.page)
    return Whole(stored.oai_identifier, form.datestamp, form.sets, forms, stored.page)


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
    from harvester.reading.beside import placed

    if form.metadata is None:
        return ()
    return placed(formats.extract(form.metadata, form.prefix).fields)


def why_refused(stored: Stored, body: bytes, url: str, headers: Mapping[str, str]) -> str | None:
    """Say why a page that answered is not the page of a stored record's item, or give None."""
    from harvester.reading.pages import item_of, read_page

    fields = tuple(field for form in _forms(stored.forms) for field in _fields(form))
    return read_page(body, url, headers, item=item_of(fields)).refused


def _of_page(page: KeptPage, fields: Sequence[Field]) -> tuple[Field, ...]:
    from harvester.reading.pages import item_of, read_page  # lxml.html: only where pages were read
    from harvester.reading.pages.visit import seen_on

    headers = {"content-type": page.content_type or "text/html", "link": page.link}
    read = read_page(page.body, page.url, headers, item=item_of(fields), site=frozenset(page.marks))
    return seen_on(read.fields, page.url, page.day)
