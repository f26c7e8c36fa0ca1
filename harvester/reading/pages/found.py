"""What is found on a page: fields of the format `page`, counted as they come, each with the reason why it may not count."""

from harvester.reading.fields import Field

_LONGEST = 2_000  # characters of one value
_MOST = 200  # fields of one page: what comes after is not read


class Found:
    """Fields in the order of reading; a value that is said twice in one place is kept once."""

    def __init__(self) -> None:
        self._fields: list[Field] = []
        self._counts: dict[str, int] = {}
        self._seen: set[tuple[str, str, str | None]] = set()

    def add(self, name: str, value: str, *, unused: str | None = None, order: str | None = None) -> None:
        """Add a value under `page:name`; `unused` says why it cannot speak for the item, `order` how its date is written."""
        text = " ".join(value.split())[:_LONGEST]
        key = (name, text, unused)
        if not text or key in self._seen or len(self._fields) >= _MOST:
            return
        self._seen.add(key)
        element = f"page:{name}"
        ordinal = self._counts[element] = self._counts.get(element, 0) + 1
        attributes = tuple((key, said) for key, said in (("unused", unused), ("order", order)) if said)
        self._fields.append(Field(element, ordinal, text, None, attributes, "page"))

    def fields(self) -> tuple[Field, ...]:
        """Give what was found."""
        return tuple(self._fields)
