"""A platform of one's own, in the manner of Newcastle University's: few elements, sentences for people, moved once.

The real server's records have not been seen; what stands here follows the page of one of its items. Its old address
answers with a permanent redirect.
"""

from datetime import date

from harvester.demo.dublin_core import Value, oai_dc
from harvester.demo.items import Item, Kind, Statement, items
from harvester.demo.model import DAY, Record, Repository, SetEntry
from harvester.demo.tokens import OpaqueTokens

PATH = "/newcastle/oai"
OLD_PATH = "/newcastle/cgi-bin/oai"
_HOST = "eprints.newcastle.example"
_KIND = Kind("newcastle", 130, 239_001, 11)
_TYPES = {
    "article": "Article",
    "thesis": "Thesis",
    "chapter": "Book Chapter",
    "conference": "Conference Proceedings (inc. Abstract)",
    "dataset": "Dataset",
    "report": "Report",
}
_SETS = (
    SetEntry("fms", "Faculty of Medical Sciences"),
    SetEntry("fms:medicine", "Medicine"),
    SetEntry("fms:psychology", "Psychology"),
    SetEntry("hass", "Humanities and Social Sciences"),
    SetEntry("hass:apl", "Architecture, Planning and Landscape"),
    SetEntry("hass:ecls", "Education, Communication and Language Sciences"),
    SetEntry("hass:hca", "History, Classics and Archaeology"),
    SetEntry("hass:languages", "Modern Languages"),
    SetEntry("hass:music", "Music"),
    SetEntry("sage", "Science, Agriculture and Engineering"),
    SetEntry("sage:comp", "Computing"),
    SetEntry("sage:engineering", "Engineering"),
    SetEntry("sage:nes", "Natural and Environmental Sciences"),
    SetEntry("sage:nes:plants", "Plant and Crop Science"),
    SetEntry("open_access", "Open Access", "Items whose full text anybody may read."),
)

# The item of the brief's page, as Dublin Core: both authors in one value, a print ISSN of seven digits.
PAIN = Item(
    number=294_017,
    changed="2023-11-29T10:15:00Z",
    title="'I felt part of the solution'. A qualitative study about the interface between lived experience advocates, "
    "professionals and organisations in the field of persistent pain",
    creators=("Hartley C, Penlington C",),
    statement=Statement(
        (
            "Open Access",
            "This work is licensed under a Creative Commons Attribution-NonCommercial 4.0 International License "
            "(CC BY-NC 4.0).",
        ),
        ("open_access",),
        None,
        None,
        True,
        True,
        open_in_all=True,
        cc_by_nc_in_all=True,
    ),
    subjects=("Persistent pain", "Patient advocacy"),
    abstract="Objectives: To elicit perspectives of people with persistent pain about their experiences working with pain "
    "management professionals and services as patient advocates. Design: reflexive thematic analysis from a critical "
    "realist perspective.",
    dates=("2024-04-01", "2023-10-18"),
    accepted="2023-09-19",
    deposited="2023-11-29",
    publisher="Sage Publications Ltd",
    journal="British Journal of Pain",
    volume="18",
    issue="2",
    pages="120-127",
    issn_print="049-4637",
    issn_electronic="2049-4645",
    doi="10.1177/20494637231208",
    sets=("fms:psychology",),
    file_name="5F0C6A1E-7D2B-4E0B-9C53-0B6C3C1D8A42.pdf",
)


def everything(today: date) -> tuple[Item, ...]:
    """Give all items of the repository."""
    return (*items(_KIND, today), PAIN)


def identifier_of(item: Item) -> str:
    """Give the item's OAI identifier."""
    return f"oai:{_HOST}:{item.number}"


def landing(item: Item) -> str:
    """Give the path of the item's page."""
    return f"/newcastle/{item.number}"


def build(root: str, today: date) -> Repository:
    """Give the repository as it stands at `root`."""
    return Repository(
        name="Newcastle-like ePrints (demo)",
        base_url=root + PATH,
        records=tuple(_record(item, root) for item in everything(today)),
        sets=_SETS,
        granularity=DAY,
        page_size=50,
        tokens=OpaqueTokens(3600),
    )


def _record(item: Item, root: str) -> Record:
    metadata = {} if item.deleted else {"oai_dc": oai_dc(values(item, root))}
    return Record(identifier_of(item), item.changed, (*item.sets, *item.statement.sets), metadata, item.deleted)


def values(item: Item, root: str) -> list[Value]:
    """Give the item as Dublin Core."""
    holder = item.creators[0]
    rights = [text.format(year=item.year or "2015", holder=holder) for text in item.statement.rights]
    return [
        ("title", item.title),
        *[("creator", name) for name in item.creators],
        *[("subject", term) for term in item.subjects],
        ("description", item.abstract),
        ("publisher", item.publisher),
        *[("date", text) for text in item.dates],
        ("type", _TYPES[item.kind]),
        ("identifier", root + landing(item)),
        ("identifier", f"doi:{item.doi}" if item.doi else ""),
        ("source", citation(item)),
        ("source", f"ISSN (print): {item.issn_print}" if item.issn_print else ""),
        ("source", f"ISSN (electronic): {item.issn_electronic}" if item.issn_electronic else ""),
        ("language", {"en": "English", "de": "German"}.get(item.language, item.language)),
        *[("rights", text) for text in rights],
    ]


def citation(item: Item) -> str:
    """Give where the item appeared, in a line."""
    if not item.journal:
        return ""
    return f"{item.journal}; Vol. {item.volume} No. {item.issue} ({item.year or 'n.d.'}); {item.pages}"
