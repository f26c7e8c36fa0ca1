"""The formats that say more about rights than oai_dc: RIOXX 2, OpenAIRE 4 and DataCite 4, with what an item knows."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from harvester.demo.items import Item
from harvester.demo.model import Format

RIOXX = Format(
    "rioxx",
    "http://www.rioxx.net/schema/v2.0/rioxx/rioxx.xsd",
    "http://www.rioxx.net/schema/v2.0/rioxx/",
)
OPENAIRE = Format(
    "oai_openaire",
    "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd",
    "http://namespace.openaire.eu/schema/oaire/",
)
DATACITE = Format(
    "oai_datacite",
    "http://schema.datacite.org/oai/oai-1.1/oai.xsd",
    "http://schema.datacite.org/oai/oai-1.1/",
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_KERNEL = "http://datacite.org/schema/kernel-4"
_COAR = {
    "open": ("http://purl.org/coar/access_right/c_abf2", "open access"),
    "embargoed": ("http://purl.org/coar/access_right/c_f1cf", "embargoed access"),
    "restricted": ("http://purl.org/coar/access_right/c_16ec", "restricted access"),
    "metadata-only": ("http://purl.org/coar/access_right/c_14cb", "metadata only access"),
}
_TYPES = {
    "article": ("JournalArticle", "http://purl.org/coar/resource_type/c_6501"),
    "thesis": ("Dissertation", "http://purl.org/coar/resource_type/c_db06"),
    "chapter": ("BookChapter", "http://purl.org/coar/resource_type/c_3248"),
    "conference": ("ConferencePaper", "http://purl.org/coar/resource_type/c_5794"),
    "dataset": ("Dataset", "http://purl.org/coar/resource_type/c_ddb1"),
    "report": ("Report", "http://purl.org/coar/resource_type/c_93fc"),
}


def rioxx(item: Item, page: str) -> str:
    """Give the item as RIOXX 2: the licence with the day from which it holds."""
    said = item.statement
    start = said.license_start.isoformat() if said.license_start else ""
    inside = [
        _tag("ali:license_ref", said.license, start_date=start),
        _tag("dc:identifier", f"{page}1/{item.file_name.replace(' ', '%20')}"),
        _tag("dc:language", item.language),
        _tag("dc:publisher", item.publisher),
        _tag("dc:source", item.journal),
        *(_tag("dc:subject", term) for term in item.subjects),
        _tag("dc:title", item.title),
        *(_tag("rioxxterms:author", name) for name in item.creators),
        _tag("rioxxterms:publication_date", _iso(item)),
        _tag("rioxxterms:type", {"article": "Journal Article/Review"}.get(item.kind, "Other")),
        _tag("rioxxterms:version", "AM"),
        _tag("rioxxterms:version_of_record", f"https://doi.org/{item.doi}" if item.doi else ""),
    ]
    names = (
        f'xmlns:rioxx="{RIOXX.namespace}" xmlns:rioxxterms="http://docs.rioxx.net/schema/v2.0/rioxxterms/" '
        f'xmlns:ali="http://ali.niso.org/2014/ali/1.0" {_DC}'
    )
    return f"<rioxx:rioxx {names}>{''.join(inside)}</rioxx:rioxx>"


def openaire(item: Item, page: str) -> str:
    """Give the item as OpenAIRE 4: access in datacite:rights, the licence in oaire:licenseCondition."""
    said = item.statement
    uri, label = _COAR.get(said.access, ("", ""))
    end = said.embargo_end.isoformat() if said.embargo_end else ""
    dates = [
        _tag("datacite:date", item.accepted, dateType="Accepted") if end else "",
        _tag("datacite:date", end, dateType="Available"),
        _tag("datacite:date", _iso(item), dateType="Issued"),
    ]
    inside = [
        _group("datacite:titles", [_tag("datacite:title", item.title)]),
        _group("datacite:creators", (f"<datacite:creator>{name}</datacite:creator>" for name in _named(item))),
        _group("datacite:dates", dates),
        _tag("dc:language", item.language),
        _tag("dc:publisher", item.publisher),
        _tag("oaire:resourceType", _TYPES[item.kind][0], uri=_TYPES[item.kind][1]),
        _tag("datacite:identifier", page, identifierType="URL"),
        _tag("datacite:rights", label, rightsURI=uri),
        _tag("oaire:licenseCondition", _name_of(said.license), uri=said.license),
        _tag("oaire:citationTitle", item.journal),
    ]
    names = f'xmlns:oaire="{OPENAIRE.namespace}" xmlns:datacite="{_KERNEL}" {_DC}'
    return f"<oaire:resource {names}>{''.join(inside)}</oaire:resource>"


def datacite(item: Item, page: str) -> str:
    """Give the item as DataCite 4 in its OAI envelope: access and licence both among the rights."""
    said = item.statement
    words = {"open": "open", "embargoed": "embargoed", "restricted": "restricted", "metadata-only": "closed"}
    access = f"info:eu-repo/semantics/{words[said.access]}Access" if said.access else ""
    doi = _tag("identifier", item.doi, identifierType="DOI") or _tag("identifier", page, identifierType="URL")
    resource = [
        doi,
        _group("creators", (f"<creator>{name}</creator>" for name in _named(item, ""))),
        _group("titles", [_tag("title", item.title)]),
        _tag("publisher", item.publisher or "DSpace of Everywhere"),
        _tag("publicationYear", item.year),
        _tag("resourceType", item.kind, resourceTypeGeneral=_TYPES[item.kind][0]),
        _group(
            "rightsList",
            [_tag("rights", access, rightsURI=access), _tag("rights", _name_of(said.license), rightsURI=said.license)],
        ),
    ]
    return (
        f'<oai_datacite xmlns="{DATACITE.namespace}"><schemaVersion>4.4</schemaVersion>'
        f'<payload><resource xmlns="{_KERNEL}">{"".join(resource)}</resource></payload></oai_datacite>'
    )


def _named(item: Item, prefix: str = "datacite:") -> Iterable[str]:
    return (_tag(f"{prefix}creatorName", name) for name in item.creators)


def _iso(item: Item) -> str:
    shown = item.dates[0] if item.dates else ""
    return shown if shown[:4].isdecimal() and "/" not in shown else ""


def _name_of(license_url: str) -> str:
    """Give a Creative Commons licence's name from its address."""
    parts = license_url.rstrip("/").split("/")
    return f"CC {parts[-2].upper()} {parts[-1]}" if len(parts) > 2 else ""


def _tag(name: str, text: str, **attributes: str) -> str:
    if not text:
        return ""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{written}>{escape(text)}</{name}>"


def _group(name: str, inside: Iterable[str]) -> str:
    joined = "".join(inside)
    return f"<{name}>{joined}</{name}>" if joined else ""
