"""The datacite format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, OPEN, evidence, numbers, people, read, told

SAMPLE = """
<datacite:identifier identifierType="DOI">10.5072/ABC12</datacite:identifier><datacite:creators><datacite:creator><datacite:creatorName>Hartley, Carla</datacite:creatorName><datacite:nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</datacite:nameIdentifier></datacite:creator></datacite:creators><datacite:titles><datacite:title>A dataset</datacite:title><datacite:title titleType="Subtitle">sub</datacite:title></datacite:titles><datacite:publisher>Example</datacite:publisher><datacite:publicationYear>2024</datacite:publicationYear><datacite:subjects><datacite:subject>Pain</datacite:subject></datacite:subjects><datacite:dates><datacite:date dateType="Created">2023-01-01</datacite:date><datacite:date dateType="Issued">2024-04-01</datacite:date></datacite:dates><datacite:language>en</datacite:language><datacite:resourceType resourceTypeGeneral="Dataset">Survey</datacite:resourceType><datacite:rightsList><datacite:rights rightsURI="info:eu-repo/semantics/openAccess"/><datacite:rights rightsURI="https://creativecommons.org/licenses/by-nc/4.0/legalcode" rightsIdentifier="cc-by-nc-3.0" rightsIdentifierScheme="SPDX">CC BY-NC</datacite:rights></datacite:rightsList><datacite:descriptions><datacite:description descriptionType="Abstract">About pain.</datacite:description><datacite:description descriptionType="Methods">m</datacite:description></datacite:descriptions>
"""


def test_several_rights_of_which_the_address_counts_before() -> None:
    """Several rights, of which the address counts before the identifier."""
    record = read("oai_datacite", SAMPLE)
    expected = (
        ARTICLE
        | OPEN
        | {
            "title": "A dataset",
            "subjects": "Pain",
            "publisher": "Example",
            "issued": "2024-04-01",
            "type": "dataset",
            "doi": "10.5072/abc12",
            "licenses_all": '["CC-BY-NC", "CC-BY-NC-4.0"]',
            "description": "About pain.",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("access", "datacite:rights", 1, "info-eu-repo", "open", 1),
        ("license", "datacite:rights", 2, "cc-url", "CC-BY-NC-4.0", 1),
        ("license", "datacite:rights", 2, "cc-code", "CC-BY-NC", 1),
    ]
    assert people(record) == [("Hartley, Carla", "creator", "0000-0002-1825-0097")]
    assert numbers(record) == [("datacite:identifier", "doi", "version_of_record")]
