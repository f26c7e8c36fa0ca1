"""The oai_openaire format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, JOURNAL, evidence, numbers, people, read, told

SAMPLE = """
<datacite:titles><datacite:title xml:lang="en">A study</datacite:title></datacite:titles>
<datacite:creators><datacite:creator><datacite:creatorName nameType="Personal">Hartley, Carla</datacite:creatorName><datacite:nameIdentifier nameIdentifierScheme="ORCID" schemeURI="http://orcid.org">0000-0002-1825-0097</datacite:nameIdentifier></datacite:creator></datacite:creators>
<dc:language>eng</dc:language><dc:publisher>Example Press</dc:publisher>
<oaire:resourceType resourceTypeGeneral="literature" uri="http://purl.org/coar/resource_type/c_6501">journal article</oaire:resourceType>
<datacite:dates><datacite:date dateType="Issued">2024-04-01</datacite:date><datacite:date dateType="Accepted">2023-09-19</datacite:date><datacite:date dateType="Available">2027-01-01</datacite:date></datacite:dates>
<datacite:identifier identifierType="Handle">http://hdl.handle.net/10161/10876</datacite:identifier>
<datacite:alternateIdentifiers><datacite:alternateIdentifier alternateIdentifierType="DOI">10.1177/2049463723120800</datacite:alternateIdentifier></datacite:alternateIdentifiers>
<datacite:relatedIdentifiers><datacite:relatedIdentifier relatedIdentifierType="ISSN" relationType="IsPartOf">2049-4645</datacite:relatedIdentifier></datacite:relatedIdentifiers>
<datacite:rights rightsURI="http://purl.org/coar/access_right/c_f1cf">embargoed access</datacite:rights>
<oaire:licenseCondition uri="https://creativecommons.org/licenses/by-nc/4.0/" startDate="2027-01-01">CC BY-NC</oaire:licenseCondition>
<oaire:version uri="http://purl.org/coar/version/c_ab4af688f83e57aa">AM</oaire:version>
<datacite:subjects><datacite:subject>Pain</datacite:subject></datacite:subjects>
<oaire:citationTitle>British Journal of Pain</oaire:citationTitle><oaire:citationVolume>18</oaire:citationVolume><oaire:citationIssue>2</oaire:citationIssue><oaire:citationStartPage>120</oaire:citationStartPage><oaire:citationEndPage>127</oaire:citationEndPage>
<oaire:file accessRightsURI="http://purl.org/coar/access_right/c_f1cf" mimeType="application/pdf" objectType="fulltext">https://repo.example.org/bitstream/1/paper.pdf</oaire:file>
"""


def test_access_licence_with_its_start_an_embargo_pair() -> None:
    """Access, licence with its start, an embargo pair of dates, the journal part by part."""
    record = read("oai_openaire", SAMPLE)
    expected = (
        ARTICLE
        | JOURNAL
        | {
            "version": "AM",
            "landing_url": "http://hdl.handle.net/10161/10876",
            "file_url": "https://repo.example.org/bitstream/1/paper.pdf",
            "license_start": "2027-01-01",
            "licenses_all": '["CC-BY-NC", "CC-BY-NC-4.0"]',
            "access": "embargoed",
            "embargo_end": "2027-01-01",
            "next_change_on": "2027-01-01",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("embargo", "datacite:date", 3, "available-date", "2027-01-01", 1),
        ("access", "datacite:rights", 1, "coar-uri", "embargoed", 0),
        ("access", "datacite:rights", 1, "coar-label", "embargoed", 0),
        ("license", "oaire:licenseCondition", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("license", "oaire:licenseCondition", 1, "cc-code", "CC-BY-NC", 1),
        ("access", "oaire:file", 1, "coar-uri", "embargoed", 0),
    ]
    assert people(record) == [("Hartley, Carla", "creator", "0000-0002-1825-0097")]
    assert numbers(record) == [
        ("datacite:identifier", "handle", "self"),
        ("datacite:identifier", "url", "landing"),
        ("oaire:alternateIdentifier", "doi", "version_of_record"),
        ("oaire:file", "url", "file"),
        ("datacite:relatedIdentifier", "issn", "journal"),
    ]
