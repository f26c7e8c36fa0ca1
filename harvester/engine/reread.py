"""Reading a stored record again: when the clock moved, or when the rules did. Pure; nothing is asked of any server.

stored forms -> the record's own form and further ones -> read_record
"""

from datetime import date

from harvester.oai.page import Item, reopen
from harvester.oai.xml import Refused
from harvester.reading.beside import placed
from harvester.reading.fields import Field
from harvester.reading.formats import extract, rank
from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord
from mirror_db.stored import Form, Stored


def read_again(stored: Stored, profile: Profile, today: date) -> MirrorRecord | None:
    """Read a stored record by today's rules; None where no form of it can be read any more."""
    forms = sorted(stored.forms, key=lambda form: rank(form.prefix))
    opened = [(form.prefix, item) for form in forms if (item := _open(form)) is not None]
    if not opened:
        return None
    prefix, item = opened[0]
    return read_record(
        stored.oai_identifier,
        stored.datestamp,
        False,
        stored.sets,
        item.metadata,
        prefix=prefix,
        profile=profile,
        today=today,
        extra=_beside(opened[1:]),
    )


def _open(form: Form) -> Item | None:
    try:
        item = reopen(form.xml, form.declarations)
    except Refused:
        return None
    return None if item.problem is not None else item


def _beside(opened: list[tuple[str, Item]]) -> tuple[Field, ...]:
    """Give what further formats of the record say, in the order of their worth for rights."""
    found: list[Field] = []
    for prefix, item in opened:
        if item.metadata is not None:
            found += placed(extract(item.metadata, prefix).fields)
    return tuple(found)
