"""Small records of every format, written for these tests, and the whole way through the reader."""

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from harvester.reading.beside import placed
from harvester.reading.fields import Field
from harvester.reading.formats import extract
from harvester.reading.profile import Profile
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "edm": "http://www.europeana.eu/schemas/edm/",
    "ali": "http://ali.niso.org/2014/ali/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
    "rioxxterms": "http://www.rioxx.net/schema/v2.0/rioxxterms/",
    "rioxx": "http://www.rioxx.net/schema/v2.0/rioxx/",
    "rioxx3": "http://www.rioxx.net/schema/v3.0/rioxx/",
    "oaire": "http://namespace.openaire.eu/schema/oaire/",
    "datacite": "http://datacite.org/schema/kernel-4",
    "uketddc": "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/",
    "uketdterms": "http://naca.central.cranfield.ac.uk/ethos-oai/terms/",
    "etdms": "http://www.ndltd.org/standards/metadata/etdms/1.0/",
    "jpcoar": "https://github.com/JPCOAR/schema/blob/master/1.0/",
    "mods": "http://www.loc.gov/mods/v3",
    "marc": "http://www.loc.gov/MARC21/slim",
    "xoai": "http://www.lyncode.com/xoai",
    "doaj": "http://doaj.org/features/oai_doaj/1.0/",
    "qdc": "http://worldcat.org/xmlschemas/qdc-1.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
}
ROOTS = {
    "oai_dc": "oai_dc:dc",
    "rioxx": "rioxx:rioxx",
    "rioxx3": "rioxx3:rioxx",
    "oai_openaire": "oaire:resource",
    "oai_datacite": "datacite:resource",
    "oai_qdc": "qdc:qualifieddc",
    "uketd_dc": "uketddc:uketddc",
    "etdms": "etdms:thesis",
    "jpcoar_1.0": "jpcoar:jpcoar",
    "mods": "mods:mods",
    "marcxml": "marc:record",
    "xoai": "xoai:metadata",
    "oai_doaj": "doaj:doajArticle",
}
TODAY = date(2026, 11, 23)

# What the samples of these tests say, whatever their format: all of them, those of a free paper, and those of one in a journal.
ARTICLE = {
    "creators": "Hartley, Carla",
    "year": 2024,
    "language": "en",
    "license": "CC-BY-NC-4.0",
    "is_cc_by_nc": 1,
}
OPEN = {
    "access": "open",
    "is_open_access": 1,
    "oa_route": "free-to-read",
}
ISSUE = {
    "container": "British Journal of Pain",
    "container_volume": "18",
    "container_issue": "2",
    "first_page": "120",
    "last_page": "127",
    "issued": "2024-04-01",
    "type": "journal article",
    "doi": "10.1177/2049463723120800",
}
JOURNAL = ISSUE | {"title": "A study", "subjects": "Pain", "publisher": "Example Press"}


def parse(prefix: str, inside: str) -> etree._Element:
    """Give the element of a format with `inside` as its content."""
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
    return etree.fromstring(f"<{ROOTS[prefix]} {declared}>{inside}</{ROOTS[prefix]}>")


def element(name: str, value: str = "", **attributes: str) -> str:
    """Write one element; `__` in an attribute's name stands for a colon."""
    written = "".join(f" {key.replace('__', ':')}={quoteattr(text)}" for key, text in attributes.items())
    return f"<{name}{written}>{escape(value)}</{name}>"


def read(prefix: str, inside: str, *, sets: tuple[str, ...] = (), extra: tuple[Field, ...] = ()) -> MirrorRecord:
    """Read a record of one format the whole way."""
    return read_record(
        "oai:x:1",
        "2026-01-02",
        False,
        sets,
        parse(prefix, inside),
        prefix=prefix,
        profile=Profile(),
        today=TODAY,
        extra=extra,
    )


def beside(prefix: str, inside: str) -> tuple[Field, ...]:
    """Give the fields of a further format, as they stand beside a record."""
    return placed(extract(parse(prefix, inside), prefix).fields)


def told(record: MirrorRecord, *columns: str) -> dict[str, object]:
    """Give some columns of a record by name."""
    return {name: getattr(record.fields, name) for name in columns}


def evidence(record: MirrorRecord) -> list[tuple[str, str, int, str, str | None, int]]:
    """Give the evidence as subject, place, rule, verdict and whether it was used."""
    return [(one.subject, one.element, one.ordinal, one.rule, one.verdict, one.used) for one in record.evidence]


def people(record: MirrorRecord) -> list[tuple[str, str, str | None]]:
    """Give the people as name, role and ORCID."""
    return [(one.name, one.role, one.orcid) for one in record.creators]


def numbers(record: MirrorRecord) -> list[tuple[str, str, str | None]]:
    """Give the identifiers as place, scheme and role."""
    return [(one.element, one.scheme, one.role) for one in record.identifiers]
