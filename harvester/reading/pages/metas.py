"""Meta elements that repositories print for machines: Highwire (`citation_*`), Dublin Core (`DC.*`), EPrints (`eprints.*`)."""

import re

from harvester.reading.pages.document import Document
from harvester.reading.pages.found import Found

_NAMES = {
    "citation_doi": "doi",
    "citation_author": "author",
    "citation_journal_title": "journal",
    "citation_volume": "volume",
    "citation_issue": "issue",
    "citation_firstpage": "first_page",
    "citation_lastpage": "last_page",
    "citation_issn": "issn",
    "citation_isbn": "isbn",
    "citation_publisher": "publisher",
    "citation_language": "language",
    "citation_publication_date": "date.print",
    "citation_online_date": "date.online",
    "citation_date": "date.print",
    "citation_pdf_url": "file",
    "citation_license": "meta.license",
    "dc.rights": "meta.rights",
    "dc.rights.uri": "meta.license",
    "dc.rights.license": "meta.license",
    "dc.license": "meta.license",
    "dcterms.license": "meta.license",
    "dcterms.rights": "meta.rights",
    "dc.accessrights": "meta.access",
    "dc.rights.accessrights": "meta.access",
    "dcterms.accessrights": "meta.access",
    "dc.type": "type",
    "dc.publisher": "publisher",
    "dc.language": "language",
    "dc.creator": "author",
    "eprints.full_text_status": "meta.full_text_status",
    "eprints.type": "type",
    "eprints.publication": "journal",
    "eprints.volume": "volume",
    "eprints.number": "issue",
    "eprints.issn": "issn",
    "eprints.publisher": "publisher",
    "eprints.doi": "doi",
    "eprints.license": "meta.license",
    "eprints.rights": "meta.rights",
    "eprints.date_embargo": "embargo.last_day",
    "eprints.document_url": "file",
}
_PAGES = re.compile(r"([\w.]{1,12})\s*[-–—]+\s*([\w.]{1,12})\Z")


def read(found: Found, document: Document) -> None:
    """Read what the head of the page says; names are compared without regard to case."""
    for name, value in document.metas:
        known = _NAMES.get(name) or _NAMES.get(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."))
        if name == "eprints.pagerange":
            add_pages(found, value)
        elif known == "issn":
            found.add("issn", f"ISSN {value}")
        elif known is not None:
            found.add(known, value)


def add_pages(found: Found, value: str) -> None:
    """Add first and last page of a range, or the one page."""
    match = _PAGES.match(value.strip())
    if match:
        found.add("first_page", match[1])
        found.add("last_page", match[2])
    elif value.strip():
        found.add("first_page", value)
