"""The record while it is being put together: fields by element, what was read so far, and the issues met."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from harvester.reading.fields import Field, by_element, without_format
from harvester.reading.profile import Profile
from harvester.reading.synonyms import same_as
from harvester.reading.values import text
from mirror_db.model import Creator, DateValue, Identifier, Issue, Subject

_NONE: list[Field] = []  # what an element that is absent gives; never changed


@lru_cache(maxsize=4_096)
def _name_of(element: str) -> str:
    """Give the name under which an element is read; one look-up halves the cost of sorting a record's fields."""
    return same_as(without_format(element))


@lru_cache(maxsize=1_024)
def _are_names(elements: tuple[str, ...]) -> bool:
    """Tell whether elements are read under their own names, as those of Dublin Core are."""
    return all(_name_of(element) == element for element in elements)


class Draft:
    """Working state of one reading; it never leaves `read_record`."""

    __slots__ = (
        "columns",
        "creators",
        "dates",
        "datestamp",
        "fields",
        "groups",
        "identifiers",
        "issues",
        "named",
        "profile",
        "subjects",
    )

    def __init__(self, profile: Profile, datestamp: str | None) -> None:
        self.profile = profile
        self.datestamp = datestamp
        self.fields: Sequence[Field] = ()
        self.groups: Mapping[str, list[Field]] = {}
        self.named: Mapping[str, list[Field]] = {}
        self.columns: dict[str, Any] = {}
        self.creators: list[Creator] = []
        self.subjects: list[Subject] = []
        self.identifiers: list[Identifier] = []
        self.dates: list[DateValue] = []
        self.issues: list[Issue] = []

    def take(self, fields: Sequence[Field], groups: Mapping[str, list[Field]] | None = None) -> None:
        """Sort the fields by what their elements mean; `groups` has them by element where somebody knows."""
        self.fields = fields
        self.groups = by_element(fields) if groups is None else groups
        if _are_names(tuple(self.groups)):
            self.named = self.groups
            return
        named: dict[str, list[Field]] = {}
        for field in fields:
            named.setdefault(_name_of(field.element), []).append(field)
        self.named = named

    def of(self, element: str) -> list[Field]:
        """Give the fields of an element, in order."""
        return self.named.get(element, _NONE)

    def issue(self, element: str, ordinal: int, code: str, detail: str) -> None:
        """Note a value that could not be normalised."""
        self.issues.append(Issue(element, ordinal, code, detail[:500]))

    def texts(self, element: str, *, paragraphs: bool = False) -> Collection[tuple[Field, str]]:
        """Give (field, cleaned text) of an element's values that say something, each text once."""
        fields = self.named.get(element)
        if fields is None:
            return ()
        found: dict[str, tuple[Field, str]] = {}
        for field in fields:
            shown = field.value
            if text.says_something(shown) or (shown := self._cleaned(field, paragraphs)):
                if len(fields) == 1:
                    return ((field, shown),)
                found.setdefault(shown, (field, shown))
        return found.values()

    def said(self, field: Field) -> str:
        """Give a value's cleaned text, empty where it says nothing."""
        return field.value if text.says_something(field.value) else self._cleaned(field)

    def _cleaned(self, field: Field, paragraphs: bool = False) -> str:
        shown, issues = text.said(field.value, paragraphs=paragraphs)
        for code, detail in issues:
            self.issue(field.element, field.ordinal, code, detail)
        return shown
