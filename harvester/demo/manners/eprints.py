"""EPrints 3: licence codes of files, sets that are hexadecimal, addresses of all files whatever their access, a citation.

After the sources of eprints3.4 (Export/DC.pm, cgi/oai2): oai_dc prints no access status; the custom set `driver` holds
what is public; tombstones have no setSpec.
"""

from datetime import date
from urllib.parse import quote

from harvester.demo.dublin_core import Value, oai_dc
from harvester.demo.items import Item, Kind, items
from harvester.demo.model import OAI_DC, Record, Repository, SetEntry
from harvester.demo.richer import RIOXX, rioxx
from harvester.demo.tokens import EprintsTokens

PATH = "/eprints/cgi/oai2"
_HOST = "eprints.demo.example"
_KIND = Kind("eprints", 145, 1201, 9)
_TYPES = {
    "article": "Article",
    "thesis": "Thesis",
    "chapter": "Book Section",
    "conference": "Conference or Workshop Item",
    "dataset": "Dataset",
    "report": "Monograph",
}
_ABOUT = (
    '<eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints"><metadataPolicy><text>The metadata may be re-used in any '
    "medium without prior permission for not-for-profit purposes, provided the OAI Identifier or a link to the original "
    "metadata record are given.</text></metadataPolicy></eprints>"
)


def everything(today: date) -> tuple[Item, ...]:
    """Give all items of the repository."""
    return tuple(items(_KIND, today))


def identifier_of(item: Item) -> str:
    """Give the item's OAI identifier."""
    return f"oai:{_HOST}:{item.number}"


def landing(item: Item) -> str:
    """Give the path of the item's page."""
    return f"/eprints/{item.number}/"


def build(root: str, today: date) -> Repository:
    """Give the repository as it stands at `root`."""
    held = everything(today)
    return Repository(
        name="EPrints of the North (demo)",
        base_url=root + PATH,
        records=tuple(_record(item, root) for item in held),
        sets=_sets(held),
        formats=(OAI_DC, RIOXX),
        page_size=100,
        tokens=EprintsTokens(),
        descriptions=(_ABOUT,),
    )


def _hex(key: str, value: str) -> str:
    return f"{key}={value}".encode().hex().upper()


def _sets(held: tuple[Item, ...]) -> tuple[SetEntry, ...]:
    classes = sorted({item.classification for item in held})
    return (
        SetEntry(_hex("status", "pub"), "Status = Published"),
        SetEntry("driver", "Open Access DRIVERset"),
        *(SetEntry(_hex("types", kind), f"Type = {shown}") for kind, shown in _TYPES.items()),
        *(SetEntry(_hex("subjects", _code(text)), f"Subject = {text}") for text in classes),
    )


def _code(classification: str) -> str:
    return classification.rpartition(" > ")[2].split()[0]


def _record(item: Item, root: str) -> Record:
    if item.deleted:
        return Record(identifier_of(item), item.changed, (), {}, True)
    page = root + landing(item)
    own = (_hex("status", "pub"), _hex("types", item.kind), _hex("subjects", _code(item.classification)))
    metadata = {"oai_dc": oai_dc(values(item, page))} | {RIOXX.prefix: rioxx(item, page)}
    return Record(identifier_of(item), item.changed, (*own, *item.statement.sets), metadata)


def values(item: Item, page: str) -> list[Value]:
    """Give the item as Export/DC.pm does: format, language, licence code and address of every file, then the citation."""
    files = max(1, len(item.statement.rights)) if item.statement.rights or item.statement.sets else item.number % 2
    return [
        ("title", item.title),
        *[("creator", name) for name in item.creators],
        ("subject", item.classification.rpartition(" > ")[2]),
        ("description", item.abstract),
        ("publisher", item.publisher),
        *[("date", text) for text in item.dates],
        ("type", _TYPES[item.kind]),
        ("type", "PeerReviewed" if item.journal else "NonPeerReviewed"),
        *[pair for n in range(1, files + 1) for pair in _file(item, page, n)],
        ("identifier", citation(item)),
        ("relation", page),
        ("relation", f"https://doi.org/{item.doi}" if item.doi and item.number % 2 else ""),
        ("identifier", item.doi),
        ("relation", item.doi),
    ]


def _file(item: Item, page: str, n: int) -> list[Value]:
    rights = item.statement.rights
    return [
        ("format", "text" if n == 1 else "other"),
        ("language", item.language),
        ("rights", rights[n - 1] if n <= len(rights) else ""),
        ("identifier", f"{page}{n}/{quote(item.file_name)}"),
    ]


def citation(item: Item) -> str:
    """Give the citation that EPrints prints among the identifiers."""
    names = " and ".join(item.creators)
    where = (
        f" {item.journal}, {item.volume} ({item.issue}). pp. {item.pages}. ISSN {item.issn_print}"
        if item.journal
        else ""
    )
    return f"{names} ({item.year or 'n.d.'}) {item.title}.{where}"
