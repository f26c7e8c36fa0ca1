"""The jpcoar format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, JOURNAL, OPEN, evidence, numbers, people, read, told

SAMPLE = """
<dc:title xml:lang="en">A study</dc:title><jpcoar:creator><jpcoar:nameIdentifier nameIdentifierScheme="ORCID">https://orcid.org/0000-0002-1825-0097</jpcoar:nameIdentifier><jpcoar:creatorName xml:lang="en">Hartley, Carla</jpcoar:creatorName></jpcoar:creator>
<dcterms:accessRights rdf:resource="http://purl.org/coar/access_right/c_abf2">open access</dcterms:accessRights><dc:rights rdf:resource="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC</dc:rights><dc:rights licenseType="metadata" rdf:resource="https://creativecommons.org/publicdomain/zero/1.0/">CC0</dc:rights><jpcoar:subject subjectScheme="Other">Pain</jpcoar:subject><datacite:description descriptionType="Abstract">About pain.</datacite:description><dc:publisher>Example Press</dc:publisher><datacite:date dateType="Issued">2024-04-01</datacite:date><dc:language>eng</dc:language><dc:type rdf:resource="http://purl.org/coar/resource_type/c_6501">journal article</dc:type><jpcoar:identifier identifierType="DOI">https://doi.org/10.1177/2049463723120800</jpcoar:identifier><jpcoar:sourceIdentifier identifierType="EISSN">2049-4645</jpcoar:sourceIdentifier><jpcoar:sourceTitle>British Journal of Pain</jpcoar:sourceTitle><jpcoar:volume>18</jpcoar:volume><jpcoar:issue>2</jpcoar:issue><jpcoar:pageStart>120</jpcoar:pageStart><jpcoar:pageEnd>127</jpcoar:pageEnd><jpcoar:file><jpcoar:URI objectType="fulltext">https://r.example.org/record/1/files/p.pdf</jpcoar:URI></jpcoar:file>
"""


def test_addresses_for_access_and_rights_and_the_metadatas() -> None:
    """Addresses for access and rights, and the metadata's own licence passed over."""
    record = read("jpcoar_1.0", SAMPLE)
    expected = (
        ARTICLE
        | OPEN
        | JOURNAL
        | {
            "file_url": "https://r.example.org/record/1/files/p.pdf",
            "licenses_all": '["CC-BY-NC", "CC-BY-NC-4.0"]',
            "description": "About pain.",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("access", "dcterms:accessRights", 1, "coar-uri", "open", 1),
        ("access", "dcterms:accessRights", 1, "coar-label", "open", 1),
        ("license", "dc:rights", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("license", "dc:rights", 1, "cc-code", "CC-BY-NC", 1),
        ("license", "dc:rights", 2, "metadata-licence", None, 0),
    ]
    assert people(record) == [("Hartley, Carla", "creator", "0000-0002-1825-0097")]
    assert numbers(record) == [
        ("jpcoar:identifier", "doi", "version_of_record"),
        ("jpcoar:identifier", "url", "landing"),
        ("jpcoar:URI", "url", "file"),
        ("jpcoar:sourceIdentifier", "issn", "journal"),
    ]
