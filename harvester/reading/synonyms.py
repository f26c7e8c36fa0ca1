"""Elements of richer formats that say what a Dublin Core element says, so that one reading serves all of them.

`container:*` are no element of any format: they name the journal or book that a record states part by part.
"""

from functools import lru_cache

_DUBLIN_CORE = (
    "title",
    "creator",
    "contributor",
    "subject",
    "description",
    "publisher",
    "type",
    "language",
    "identifier",
    "relation",
    "source",
    "date",
    "format",
)
_SAME = {
    **{f"dcterms:{name}": f"dc:{name}" for name in _DUBLIN_CORE},
    "dcterms:abstract": "dc:description",
    "rioxxterms:author": "dc:creator",
    "rioxxterms:creator": "dc:creator",
    "rioxxterms:contributor": "dc:contributor",
    "rioxxterms:publisher": "dc:publisher",
    "rioxxterms:publication_date": "dcterms:issued",
    "rioxxterms:type": "dc:type",
    "rioxxterms:version": "dc:type",
    "rioxxterms:version_of_record": "dc:identifier",
    "rioxxterms:ext_relation": "dc:relation",
    "dc:relation.item": "dc:identifier",
    "dc:relation.coar_version": "dc:type",
    "datacite:title": "dc:title",
    "datacite:creator": "dc:creator",
    "datacite:contributor": "dc:contributor",
    "datacite:subject": "dc:subject",
    "datacite:description": "dc:description",
    "datacite:publisher": "dc:publisher",
    "datacite:publicationYear": "dcterms:issued",
    "datacite:language": "dc:language",
    "datacite:resourceType": "dc:type",
    "datacite:identifier": "dc:identifier",
    "datacite:alternateIdentifier": "dc:relation",
    "datacite:relatedIdentifier": "dc:relation",
    "datacite:format": "dc:format",
    "oaire:resourceType": "dc:type",
    "oaire:version": "dc:type",
    "oaire:file": "dc:identifier",
    "oaire:alternateIdentifier": "dc:identifier",
    "oaire:citationTitle": "container:title",
    "oaire:citationVolume": "container:volume",
    "oaire:citationIssue": "container:issue",
    "oaire:citationStartPage": "container:first_page",
    "oaire:citationEndPage": "container:last_page",
    "uketddc:isReferencedBy": "dc:identifier",
    "uketdterms:advisor": "dc:contributor",
    "uketdterms:institution": "dc:publisher",
    "uketdterms:qualificationlevel": "dc:type",
    **{f"etdms:{name}": f"dc:{name}" for name in _DUBLIN_CORE},
    "mods:title": "dc:title",
    "mods:creator": "dc:creator",
    "mods:contributor": "dc:contributor",
    "mods:subject": "dc:subject",
    "mods:abstract": "dc:description",
    "mods:publisher": "dc:publisher",
    "mods:genre": "dc:type",
    "mods:typeOfResource": "dc:type",
    "mods:languageTerm": "dc:language",
    "mods:dateIssued": "dcterms:issued",
    "mods:dateCreated": "dcterms:created",
    "mods:identifier": "dc:identifier",
    "mods:url": "dc:identifier",
    "mods:relatedItem": "dc:relation",
    "mods:host.title": "container:title",
    "mods:host.volume": "container:volume",
    "mods:host.issue": "container:issue",
    "mods:host.start": "container:first_page",
    "mods:host.end": "container:last_page",
    "mods:host.identifier": "dc:relation",
    "marc:title": "dc:title",
    "marc:creator": "dc:creator",
    "marc:contributor": "dc:contributor",
    "marc:subject": "dc:subject",
    "marc:description": "dc:description",
    "marc:publisher": "dc:publisher",
    "marc:date": "dcterms:issued",
    "marc:language": "dc:language",
    "marc:genre": "dc:type",
    "marc:identifier": "dc:identifier",
    "marc:relation": "dc:relation",
    "marc:host.title": "container:title",
    "marc:host.part": "dc:source",
    "jpcoar:creator": "dc:creator",
    "jpcoar:contributor": "dc:contributor",
    "jpcoar:subject": "dc:subject",
    "jpcoar:identifier": "dc:identifier",
    "jpcoar:URI": "dc:identifier",
    "jpcoar:relatedIdentifier": "dc:relation",
    "jpcoar:sourceIdentifier": "dc:relation",
    "jpcoar:sourceTitle": "container:title",
    "jpcoar:volume": "container:volume",
    "jpcoar:issue": "container:issue",
    "jpcoar:pageStart": "container:first_page",
    "jpcoar:pageEnd": "container:last_page",
}
_PAGE = {
    "page:author": "dc:creator",
    "page:type": "dc:type",
    "page:publisher": "dc:publisher",
    "page:language": "dc:language",
    "page:doi": "dc:identifier",
    "page:file": "dc:identifier",
    "page:header.item": "dc:identifier",
    "page:issn": "dc:relation",
    "page:issn.print": "dc:relation",
    "page:issn.electronic": "dc:relation",
    "page:isbn": "dc:relation",
    "page:journal": "container:title",
    "page:volume": "container:volume",
    "page:issue": "container:issue",
    "page:first_page": "container:first_page",
    "page:last_page": "container:last_page",
    "page:date.print": "dcterms:issued",
    "page:date.online": "dcterms:issued",
    "page:date.accepted": "dcterms:dateAccepted",
    "page:date.deposited": "dcterms:dateSubmitted",
}
_XOAI = {
    "xoai:creator": "dc:creator",
    "xoai:contributor.author": "dc:creator",
    "xoai:description": "dc:description",
    "xoai:description.abstract": "dc:description",
    "xoai:date": "dc:date",
    "xoai:date.issued": "dcterms:issued",
    "xoai:date.accessioned": "dc:date.accessioned",
    "xoai:date.available": "dc:date.available",
    "xoai:date.created": "dcterms:created",
    "xoai:date.updated": "dcterms:modified",
    "xoai:date.submitted": "dcterms:dateSubmitted",
    "xoai:identifier.citation": "dcterms:bibliographicCitation",
    "xoai:relation.ispartof": "dcterms:isPartOf",
    "xoai:relation.ispartofseries": "dcterms:isPartOf",
    "xoai:bitstream.url": "dc:identifier",
    "xoai:handle": "dc:identifier",
}
_XOAI_WHOLE = frozenset({"title", "contributor", "subject", "publisher", "type", "language", "identifier", "relation"})


@lru_cache(maxsize=4_096)
def same_as(name: str) -> str:
    """Give the Dublin Core element that says the same, else the name itself."""
    found = _SAME.get(name) or _PAGE.get(name)
    if found is not None:
        return found
    return _of_xoai(name) if name.startswith("xoai:") else name


def _of_xoai(name: str) -> str:
    """xoai prints the fields of a DSpace item as `element.qualifier`; which qualifiers there are is the repository's choice."""
    found = _XOAI.get(name)
    if found is not None:
        return found
    base = name.removeprefix("xoai:").split(".", 1)[0]
    return f"dc:{base}" if base in _XOAI_WHOLE else name
