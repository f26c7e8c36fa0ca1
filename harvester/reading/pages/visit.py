"""What a visit to a page leaves on its fields: the address and the day, which every row of evidence names."""

from collections.abc import Iterable

from harvester.reading.fields import Field


def seen_on(fields: Iterable[Field], url: str, day: str) -> tuple[Field, ...]:
    """Mark fields with the page they stood on and the day (YYYY-MM-DD) on which it was read."""
    return tuple(field._replace(attributes=(*field.attributes, ("page", url), ("day", day))) for field in fields)
