"""The qdc format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, ISSUE, OPEN, evidence, numbers, people, read, told

SAMPLE = """
<dc:title>A study</dc:title><dc:creator>Hartley, Carla</dc:creator><dcterms:abstract>About pain.</dcterms:abstract><dcterms:issued>2024-04-01</dcterms:issued><dcterms:license>https://creativecommons.org/licenses/by-nc/4.0/</dcterms:license><dcterms:accessRights>http://purl.org/coar/access_right/c_abf2</dcterms:accessRights><dc:identifier>https://doi.org/10.1177/2049463723120800</dc:identifier><dcterms:bibliographicCitation>British Journal of Pain, 18(2): 120-127</dcterms:bibliographicCitation><dc:type>Article</dc:type><dc:language>en</dc:language>
"""


def test_qualified_elements() -> None:
    """Qualified elements."""
    record = read("oai_qdc", SAMPLE)
    expected = (
        ARTICLE
        | OPEN
        | ISSUE
        | {
            "title": "A study",
            "description": "About pain.",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "dcterms:license", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "dcterms:accessRights", 1, "coar-uri", "open", 1),
    ]
    assert people(record) == [("Hartley, Carla", "creator", None)]
    assert numbers(record) == [
        ("dc:identifier", "doi", "version_of_record"),
        ("dc:identifier", "url", "landing"),
    ]
