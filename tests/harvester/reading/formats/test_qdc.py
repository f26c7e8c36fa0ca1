"""The qdc format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import evidence, read, told

SAMPLE = """
<dc:title>A study</dc:title><dc:creator>Hartley, Carla</dc:creator><dcterms:abstract>About pain.</dcterms:abstract><dcterms:issued>2024-04-01</dcterms:issued><dcterms:license>https://creativecommons.org/licenses/by-nc/4.0/</dcterms:license><dcterms:accessRights>http://purl.org/coar/access_right/c_abf2</dcterms:accessRights><dc:identifier>https://doi.org/10.1177/2049463723120800</dc:identifier><dcterms:bibliographicCitation>British Journal of Pain, 18(2): 120-127</dcterms:bibliographicCitation><dc:type>Article</dc:type><dc:language>en</dc:language>
"""


def test_qualified_elements() -> None:
    """Qualified elements."""
    record = read("oai_qdc", SAMPLE)
    expected = {
        "title": "A study",
        "creators": "Hartley, Carla",
        "container": "British Journal of Pain",
        "container_volume": "18",
        "container_issue": "2",
        "first_page": "120",
        "last_page": "127",
        "issued": "2024-04-01",
        "year": 2024,
        "type": "journal article",
        "language": "en",
        "doi": "10.1177/2049463723120800",
        "license": "CC-BY-NC-4.0",
        "access": "open",
        "is_open_access": 1,
        "is_cc_by_nc": 1,
        "oa_route": "free-to-read",
        "description": "About pain.",
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "dcterms:license", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "dcterms:accessRights", 1, "coar-uri", "open", 1),
    ]
    assert [(one.name, one.role, one.orcid) for one in record.creators] == [("Hartley, Carla", "creator", None)]
    assert [(one.element, one.scheme, one.role) for one in record.identifiers] == [
        ("dc:identifier", "doi", "version_of_record"),
        ("dc:identifier", "url", "landing"),
    ]
