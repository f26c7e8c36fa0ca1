"""What further formats add to a record: evidence always, words only where the record itself has none. Pure.

The record is the mirror's; a further format never overwrites it, and the order in which formats arrive changes nothing.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from harvester.reading.fields import Field
from harvester.reading.synonyms import same_as
from harvester.reading.values.text import is_placeholder

_ONE_SOURCE = frozenset(
    {
        "dc:title",
        "dc:creator",
        "dc:contributor",
        "dc:subject",
        "dc:description",
        "dc:publisher",
        "dc:language",
        "dc:source",
    }
)


def placed(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Mark fields as standing in a further format: its name before the element, unless the element bears it already."""
    return tuple(
        field._replace(element=_place(field), attributes=(*field.attributes, ("beside", field.format)))
        for field in fields
    )


def _place(field: Field) -> str:
    prefix = f"{field.format}:"
    return field.element if field.element.startswith(prefix) else prefix + field.element


def added(own: Sequence[Field], extra: Sequence[Field]) -> tuple[Field, ...]:
    """Give the fields of `extra` that count beside the record's `own`; an earlier format of `extra` goes before a later one."""
    if not extra:
        return ()
    told = _told(own)
    kept: list[Field] = []
    for name, fields in groupby(extra, key=lambda field: field.format):
        silent = told | _told_to_page((*own, *kept)) if name == "page" else told
        group = [field for field in fields if same_as(field.name) not in silent and field.name not in silent]
        kept += group
        told |= _told(group)
    return tuple(kept)


def _told_to_page(fields: Sequence[Field]) -> set[str]:
    """A page is the weakest witness: it gives neither type nor DOI where the record has one already."""
    names = {same_as(field.name) for field in fields if field.value.strip()}
    has_doi = any("10." in field.value for field in fields if same_as(field.name) in {"dc:identifier", "dc:relation"})
    return (names & {"dc:type"}) | ({"page:doi"} if has_doi else set())


def _told(fields: Iterable[Field]) -> set[str]:
    """Give what is told already, of all that is taken from one source only: mixing two lists of creators helps nobody."""
    names = {same_as(field.name) for field in fields if field.value.strip() and not is_placeholder(field.value.strip())}
    return {name for name in names if name in _ONE_SOURCE or name.startswith("container:")}
