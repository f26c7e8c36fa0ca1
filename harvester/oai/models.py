"""sickle's models over what servers really send: any namespace or none, missing and odd elements, hostile names.

sickle's own read every descendant and make an attribute of every tag; these read children only (Q55) and set the
attributes that the specification names, always, None where the server left one out.
"""

from typing import Any

from harvester.oai.items import Item
from harvester.oai.sickled import models
from harvester.oai.xml import Element, children, text_of

Fields = dict[str, list[str]]


class Identify(models.Identify):  # type: ignore[misc]
    """What a repository says of itself; made of the element, not of the response."""

    NAMES = ("repositoryName", "baseURL", "protocolVersion", "earliestDatestamp", "deletedRecord", "granularity")
    LISTS = ("adminEmail", "compression")

    def __init__(self, element: Element) -> None:
        self._identify_dict = _fill(self, element, self.NAMES)
        self._identify_dict |= {name: _texts(element, name) for name in self.LISTS}
        self.adminEmail = next(iter(self._identify_dict["adminEmail"]), None)
        self.descriptions = tuple(children(element, "description"))

    @property
    def adminEmails(self) -> tuple[str, ...]:  # noqa: N802 - in the words of the specification
        """Give every adminEmail; sickle keeps the first alone."""
        return tuple(self._identify_dict["adminEmail"])

    @property
    def compressions(self) -> tuple[str, ...]:
        """Give every compression offered."""
        return tuple(self._identify_dict["compression"])


class Set(models.Set):  # type: ignore[misc]
    """One set."""

    def __init__(self, element: Element) -> None:
        self._set_dict = _fill(self, element, ("setSpec", "setName", "setDescription"))

    def __repr__(self) -> str:
        return f"<Set {self.setSpec}>"


class MetadataFormat(models.MetadataFormat):  # type: ignore[misc]
    """One metadata format."""

    def __init__(self, element: Element) -> None:
        self._mdf_dict = _fill(self, element, ("metadataPrefix", "schema", "metadataNamespace"))


class Header(models.Header):  # type: ignore[misc]
    """The header of a listed item, read already."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.deleted = item.deleted
        self.identifier = item.identifier
        self.datestamp = item.raw_datestamp
        self.setSpecs = list(item.sets)

    @property
    def raw(self) -> str:
        """Give the item's own bytes as text."""
        return self.item.xml.decode("utf-8", "replace")


class Record(models.Record):  # type: ignore[misc]
    """One record, read already; `metadata` is a dictionary of the texts below the metadata's element, by local name."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.header = Header(item)
        self.deleted = item.deleted
        self.xml = item.metadata
        self.metadata = {} if item.metadata is None else _by_name(item.metadata)

    @property
    def raw(self) -> str:
        """Give the record's own bytes as text."""
        return self.header.raw


def _fill(model: Any, element: Element, names: tuple[str, ...]) -> Fields:
    model.xml = element
    fields = {name: texts for name in names if (texts := _texts(element, name))}
    for name in names:
        setattr(model, name, next(iter(fields.get(name, ())), None))
    return fields


def _texts(element: Element, name: str) -> list[str]:
    return [text for one in children(element, name) if (text := " ".join(text_of(one).split()))]


def _by_name(metadata: Element) -> Fields:
    found: Fields = {}
    for one in metadata.iter():
        if one is not metadata and isinstance(one.tag, str):
            found.setdefault(one.tag.rpartition("}")[2], []).append(one.text or "")
    return found
