"""What the small verbs say: Identify, ListMetadataFormats and ListSets as plain values, read through sickle's models (Q44, Q46b, Q49)."""

from typing import NamedTuple

from lxml import etree

from harvester.oai.dates import Granularity, read_granularity, to_instant
from harvester.oai.models import Identify, MetadataFormat, Set
from harvester.oai.page import Page
from harvester.oai.xml import Element, children

_MOST_OF_A_NAME = 1_000  # characters of a repository's name: it is shown in every table


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
    said = Identify(page.root)
    instant = to_instant(said.earliestDatestamp)
    absurd = instant is None or instant[:4] < "1900"
    return IdentifyFacts(
        (said.repositoryName or "")[:_MOST_OF_A_NAME] or None,
        said.baseURL,
        said.protocolVersion,
        None if absurd else instant,
        said.earliestDatestamp,
        (said.deletedRecord or "").lower() or None,
        read_granularity(said.granularity),
        said.granularity,
        said.adminEmails,
        said.compressions,
        tuple(_xml(one) for one in said.descriptions),
    )


def formats_of(page: Page) -> tuple[FormatFacts, ...]:
    """Read ListMetadataFormats."""
    said = [MetadataFormat(one) for one in _children(page, "metadataFormat")]
    return tuple(FormatFacts(f.metadataPrefix, f.schema, f.metadataNamespace) for f in said if f.metadataPrefix)


def sets_of(page: Page) -> tuple[SetFacts, ...]:
    """Read one page of ListSets."""
    said = [Set(one) for one in _children(page, "set")]
    return tuple(SetFacts(s.setSpec, s.setName, s.setDescription) for s in said if s.setSpec)


def _children(page: Page, name: str) -> list[Element]:
    return children(page.root, name) if page.root is not None else []


def _xml(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
