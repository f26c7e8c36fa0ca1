"""What a provider holds: records with their metadata ready to print, sets, formats, and how the repository behaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from harvester.demo.tokens import OpaqueTokens, Tokens

DAY = "YYYY-MM-DD"
SECONDS = "YYYY-MM-DDThh:mm:ssZ"


class Format(NamedTuple):
    """One metadata format, as ListMetadataFormats tells it."""

    prefix: str
    schema: str
    namespace: str


class SetEntry(NamedTuple):
    """One set; a colon in `spec` puts it below another (OAI-PMH 2.0 section 2.6)."""

    spec: str
    name: str
    description: str | None = None


class Record(NamedTuple):
    """One record. `datestamp` is UTC to the second, whatever granularity the repository shows.

    `metadata` maps a prefix to the XML element that stands inside the metadata container; a format that the item
    cannot be had in is absent.
    """

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    metadata: Mapping[str, str]
    deleted: bool = False


class Page(NamedTuple):
    """The page of an item: HTML, and headers that go with it."""

    html: str
    headers: tuple[tuple[str, str], ...] = ()


OAI_DC = Format(
    "oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one moment. `earliest` None: the oldest datestamp held."""

    name: str
    base_url: str
    records: tuple[Record, ...] = ()
    sets: tuple[SetEntry, ...] = ()
    formats: tuple[Format, ...] = (OAI_DC,)
    granularity: str = SECONDS
    deleted_record: str = "persistent"
    earliest: str | None = None
    page_size: int = 100
    tokens: Tokens = OpaqueTokens()  # noqa: RUF009 - immutable
    admin_emails: tuple[str, ...] = ("repository@demo.example",)
    descriptions: tuple[str, ...] = ()

    @property
    def earliest_datestamp(self) -> str:
        """Give the lower bound of all datestamps, in the repository's granularity."""
        oldest = self.earliest or min((record.datestamp for record in self.records), default="1970-01-01T00:00:00Z")
        return self.shown(oldest)

    def shown(self, datestamp: str) -> str:
        """Give a datestamp in the repository's granularity."""
        return datestamp[:10] if self.granularity == DAY else datestamp
