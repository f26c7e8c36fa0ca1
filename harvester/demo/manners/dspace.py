"""DSpace: three dc:date to one work, handles, info:eu-repo and COAR terms, addresses of licences, dates of embargoes."""

from datetime import date

from harvester.demo.dublin_core import Value, oai_dc
from harvester.demo.items import Item, Kind, items
from harvester.demo.model import OAI_DC, Record, Repository, SetEntry
from harvester.demo.richer import DATACITE, OPENAIRE, datacite, openaire
from harvester.demo.tokens import DspaceTokens

PATH = "/dspace/oai/request"
_HOST = "dspace.demo.example"
_PREFIX = "20.500.99999"  # of the handles
_KIND = Kind("dspace", 126, 3001, 4)
_TYPES = {
    "article": "info:eu-repo/semantics/article",
    "thesis": "info:eu-repo/semantics/doctoralThesis",
    "chapter": "info:eu-repo/semantics/bookPart",
    "conference": "info:eu-repo/semantics/conferenceObject",
    "dataset": "Dataset",
    "report": "http://purl.org/coar/resource_type/c_93fc",
}
_COLLECTIONS = {kind: f"col_{_PREFIX}_{n}" for n, kind in enumerate(_TYPES, 11)}
_COMMUNITY = f"com_{_PREFIX}_1"
_LANGUAGES = {"en": "en_US", "de": "ger", "fr": "fre", "tr": "tr", "pt": "por"}


def everything(today: date) -> tuple[Item, ...]:
    """Give all items of the repository."""
    return tuple(items(_KIND, today))


def handle(item: Item) -> str:
    """Give the item's handle."""
    return f"{_PREFIX}/{item.number}"


def identifier_of(item: Item) -> str:
    """Give the item's OAI identifier."""
    return f"oai:{_HOST}:{handle(item)}"


def landing(item: Item) -> str:
    """Give the path of the item's page."""
    return f"/dspace/handle/{handle(item)}"


def build(root: str, today: date) -> Repository:
    """Give the repository as it stands at `root`."""
    return Repository(
        name="DSpace of Everywhere (demo)",
        base_url=root + PATH,
        records=tuple(_record(item, root) for item in everything(today)),
        sets=(
            SetEntry(_COMMUNITY, "Research"),
            *(SetEntry(spec, kind.capitalize() + "s") for kind, spec in _COLLECTIONS.items()),
        ),
        formats=(OAI_DC, OPENAIRE, DATACITE),
        deleted_record="transient",
        page_size=40,
        tokens=DspaceTokens(),
    )


def _record(item: Item, root: str) -> Record:
    sets = (_COMMUNITY, _COLLECTIONS[item.kind], *item.statement.sets)
    page = root + landing(item)
    metadata = {
        "oai_dc": oai_dc(values(item, page)),
        OPENAIRE.prefix: openaire(item, page),
        DATACITE.prefix: datacite(item, page),
    }
    if item.deleted:
        metadata = {}
    return Record(identifier_of(item), item.changed, sets, metadata, item.deleted)


def values(item: Item, page: str) -> list[Value]:
    """Give the item as the context /request prints it: the dates accessioned, available and issued with nothing to tell them apart."""
    end = item.statement.embargo_end
    return [
        ("title", item.title, item.language),
        *[("creator", name) for name in item.creators],
        *[("subject", term) for term in item.subjects],
        ("description", item.abstract),
        ("date", f"{item.deposited}T08:18:35Z"),
        ("date", f"{item.deposited}T08:18:35Z"),
        *[("date", text) for text in item.dates],
        ("date", f"info:eu-repo/date/embargoEnd/{end.isoformat()}" if end else ""),
        ("type", _TYPES[item.kind]),
        ("type", "info:eu-repo/semantics/acceptedVersion" if item.journal else ""),
        ("identifier", page),
        ("identifier", f"https://hdl.handle.net/{handle(item)}"),
        ("identifier", f"https://doi.org/{item.doi}" if item.doi else ""),
        ("language", _LANGUAGES.get(item.language, item.language)),
        ("relation", f"{item.journal};{item.volume}({item.issue})" if item.journal else ""),
        ("relation", f"ISSN: {item.issn_print}" if item.issn_print else ""),
        *[("rights", text) for text in item.statement.rights],
        ("format", "application/pdf"),
        ("publisher", item.publisher),
    ]
