"""The rioxx format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import OPEN, evidence, numbers, people, read, told

RIOXX_2 = """
<ali:license_ref start_date="2027-06-01">https://creativecommons.org/licenses/by-nc/4.0</ali:license_ref>
<dc:identifier>https://eprints.example.org/12/1/paper.pdf</dc:identifier><dc:language>en</dc:language>
<dc:publisher>Example Press</dc:publisher><dc:source>1741-0000</dc:source><dc:subject>Pain</dc:subject><dc:title>A study</dc:title>
<dcterms:dateAccepted>2023-09-19</dcterms:dateAccepted>
<rioxxterms:author rioxxterms:id="https://orcid.org/0000-0002-1825-0097">Hartley, Carla</rioxxterms:author>
<rioxxterms:author>Penlington, Chris</rioxxterms:author>
<rioxxterms:project rioxxterms:funder_name="EPSRC">EP/X/1</rioxxterms:project>
<rioxxterms:publication_date>2024-04-01</rioxxterms:publication_date><rioxxterms:type>Journal Article/Review</rioxxterms:type>
<rioxxterms:version>AM</rioxxterms:version><rioxxterms:version_of_record>https://doi.org/10.1177/2049463723120800</rioxxterms:version_of_record>
"""
RIOXX_3 = """
<dc:title>A study</dc:title><dc:type>https://purl.org/coar/resource_type/c_6501</dc:type>
<rioxxterms:creator><rioxxterms:name>Hartley, Carla</rioxxterms:name><rioxxterms:id>https://orcid.org/0000-0002-1825-0097</rioxxterms:id></rioxxterms:creator>
<rioxxterms:publisher><rioxxterms:name>Example Press</rioxxterms:name></rioxxterms:publisher>
<dc:identifier>https://repo.example.org/items/12</dc:identifier>
<dc:relation rel="cite-as" access_rights="https://purl.org/coar/access_right/c_16ec">https://doi.org/10.1177/2049463723120800</dc:relation>
<dc:relation rel="item" type="application/pdf" coar_version="https://purl.org/coar/version/c_ab4af688f83e57aa" access_rights="https://purl.org/coar/access_right/c_abf2" license_ref="https://creativecommons.org/licenses/by-nc/4.0/" resource_exposed_date="2024-02-02">https://repo.example.org/12/paper.pdf</dc:relation>
"""


def test_version_2_dated_licences_one_person_with_an() -> None:
    """Version 2: dated licences, one person with an iD, the version of record."""
    record = read("rioxx", RIOXX_2)
    expected = {
        "title": "A study",
        "creators": "Hartley, Carla; Penlington, Chris",
        "subjects": "Pain",
        "publisher": "Example Press",
        "source_text": "1741-0000",
        "issued": "2024-04-01",
        "year": 2024,
        "type": "journal article",
        "language": "en",
        "version": "AM",
        "doi": "10.1177/2049463723120800",
        "file_url": "https://eprints.example.org/12/1/paper.pdf",
        "license": "CC-BY-NC-4.0",
        "license_start": "2027-06-01",
        "access": "embargoed",
        "embargo_end": "2027-06-01",
        "is_cc_by_nc": 1,
        "next_change_on": "2027-06-01",
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "ali:license_ref", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("embargo", "ali:license_ref", 1, "licence-start", "2027-06-01", 1),
    ]
    assert people(record) == [
        ("Hartley, Carla", "creator", "0000-0002-1825-0097"),
        ("Penlington, Chris", "creator", None),
    ]
    assert numbers(record) == [
        ("dc:identifier", "url", "file"),
        ("rioxxterms:version_of_record", "doi", "version_of_record"),
        ("rioxxterms:version_of_record", "url", "landing"),
    ]


def test_version_3_what_is_said_of_each_file() -> None:
    """Version 3: what is said of each file counts, what is said of another version does not."""
    record = read("rioxx3", RIOXX_3)
    expected = OPEN | {
        "title": "A study",
        "creators": "Hartley, Carla",
        "publisher": "Example Press",
        "type": "journal article",
        "version": "AM",
        "landing_url": "https://repo.example.org/items/12",
        "file_url": "https://repo.example.org/12/paper.pdf",
        "license": "CC-BY-NC-4.0",
        "embargo_end": "2024-02-02",
        "is_cc_by_nc": 1,
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("access", "dc:relation.access_rights", 1, "coar-uri", "open", 1),
        ("license", "dc:relation.license_ref", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("embargo", "dc:relation.resource_exposed_date", 1, "embargo-date", "2024-02-02", 0),
    ]
    assert people(record) == [("Hartley, Carla", "creator", "0000-0002-1825-0097")]
    assert numbers(record) == [
        ("dc:identifier", "url", "landing"),
        ("dc:relation.item", "url", "file"),
        ("dc:relation", "doi", "related"),
        ("dc:relation", "url", "related"),
    ]
