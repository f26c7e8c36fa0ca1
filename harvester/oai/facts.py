"""What the small verbs say: Identify, ListMetadataFormats and ListSets as plain values, read tolerantly (Q44, Q46b, Q49)."""

from typing import NamedTuple

from lxml import etree

from harvester.oai.dates import Granularity, read_granularity, to_instant
from harvester.oai.page import Page
from harvester.oai.xml import Element, child, children, text_of


class IdentifyFacts(NamedTuple):
    """What a repository says of itself; `earliest_datestamp` is None when absent or absurd."""

    repository_name: str | None
    base_url: str | None
    protocol_version: str | None
    earliest_datestamp: str | None
    raw_earliest_datestamp: str | None
    deleted_record: str | None
    granularity: Granularity
    granularity_text: str | None
    admin_emails: tuple[str, ...]
    compressions: tuple[str, ...]
    descriptions: tuple[str, ...]


class FormatFacts(NamedTuple):
    """One metadata format."""

    prefix: str
    schema: str | None
    namespace: str | None


class SetFacts(NamedTuple):
    """One set."""

    spec: str
    name: str | None
    description: str | None


def identify_facts(page: Page) -> IdentifyFacts | None:
    """Read Identify, or give None when the page is something else."""
    if page.verb != "Identify" or page.root is None:
        return None
    root = page.root
    earliest = _text(root, "earliestDatestamp")
    instant = to_instant(earliest)
    absurd = instant is None or instant[:4] < "1900"
    return IdentifyFacts(
        _text(root, "repositoryName"),
        _text(root, "baseURL"),
        _text(root, "protocolVersion"),
        None if absurd else instant,
        earliest,
        (_text(root, "deletedRecord") or "").lower() or None,
        read_granularity(_text(root, "granularity")),
        _text(root, "granularity"),
        _texts(root, "adminEmail"),
        _texts(root, "compression"),
        tuple(_xml(one) for one in children(root, "description")),
    )


def formats_of(page: Page) -> tuple[FormatFacts, ...]:
    """Read ListMetadataFormats."""
    found = children(page.root, "metadataFormat") if page.root is not None else []
    return tuple(
        FormatFacts(prefix, _text(one, "schema"), _text(one, "metadataNamespace"))
        for one in found
        if (prefix := _text(one, "metadataPrefix"))
    )


def sets_of(page: Page) -> tuple[SetFacts, ...]:
    """Read one page of ListSets."""
    found = children(page.root, "set") if page.root is not None else []
    return tuple(
        SetFacts(spec, _text(one, "setName"), " ".join(text_of(child(one, "setDescription")).split()) or None)
        for one in found
        if (spec := _text(one, "setSpec"))
    )


def _text(element: Element, name: str) -> str | None:
    return text_of(child(element, name)).strip() or None


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(text for one in children(element, name) if (text := text_of(one).strip()))


def _xml(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
