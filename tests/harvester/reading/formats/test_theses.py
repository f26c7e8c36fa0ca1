"""The theses format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, evidence, numbers, people, read, told

UKETD = """
<dc:title>A thesis</dc:title><dc:creator>Hartley, Carla</dc:creator><uketdterms:advisor>Penlington, Chris</uketdterms:advisor><dcterms:abstract>About pain.</dcterms:abstract>
<uketdterms:institution>Example University</uketdterms:institution><dc:type>Thesis or dissertation</dc:type><uketdterms:qualificationlevel>doctoral</uketdterms:qualificationlevel><dcterms:issued>2024-04</dcterms:issued>
<dc:language xsi:type="dcterms:ISO6392">eng</dc:language><dcterms:isReferencedBy>https://e.example.org/12/</dcterms:isReferencedBy><dc:identifier xsi:type="dcterms:URI">https://e.example.org/12/1/t.pdf</dc:identifier>
<dcterms:accessRights>restricted</dcterms:accessRights><uketdterms:embargodate xsi:type="dcterms:W3CDTF">2028-09-30</uketdterms:embargodate><dc:rights>cc_by_nc</dc:rights>
"""
ETDMS = """
<etdms:title>A thesis</etdms:title><etdms:creator>Hartley, Carla</etdms:creator><etdms:subject>Pain</etdms:subject><etdms:description role="abstract">About pain.</etdms:description><etdms:publisher>Example University</etdms:publisher><etdms:contributor role="advisor">Penlington, Chris</etdms:contributor><etdms:date>2024-04-01</etdms:date><etdms:type>Electronic Thesis or Dissertation</etdms:type><etdms:identifier>https://e.example.org/12</etdms:identifier><etdms:language>en</etdms:language><etdms:rights>https://creativecommons.org/licenses/by-nc/4.0/</etdms:rights><etdms:degree><etdms:name>PhD</etdms:name><etdms:level>doctoral</etdms:level></etdms:degree>
"""


def test_a_thesis_of_ethos_with_its_embargo() -> None:
    """A thesis of EThOS with its embargo."""
    record = read("uketd_dc", UKETD)
    expected = {
        "title": "A thesis",
        "creators": "Hartley, Carla",
        "publisher": "Example University",
        "issued": "2024-04",
        "year": 2024,
        "type": "doctoral thesis",
        "language": "en",
        "landing_url": "https://e.example.org/12/",
        "file_url": "https://e.example.org/12/1/t.pdf",
        "license": "CC-BY-NC",
        "license_version_hint": "3.0",
        "access": "embargoed",
        "embargo_end": "2028-10-01",
        "is_cc_by_nc": 1,
        "next_change_on": "2028-10-01",
        "description": "About pain.",
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("access", "dcterms:accessRights", 1, "access-label", "restricted", 0),
        ("embargo", "uketdterms:embargodate", 1, "embargo-date", "2028-10-01", 1),
        ("license", "dc:rights", 1, "eprints-code", "CC-BY-NC", 1),
    ]
    assert people(record) == [
        ("Hartley, Carla", "creator", None),
        ("Penlington, Chris", "contributor", None),
    ]
    assert numbers(record) == [
        ("uketddc:isReferencedBy", "url", "landing"),
        ("dc:identifier", "url", "file"),
    ]


def test_a_thesis_of_ndltd() -> None:
    """A thesis of NDLTD."""
    record = read("etdms", ETDMS)
    expected = ARTICLE | {
        "title": "A thesis",
        "subjects": "Pain",
        "publisher": "Example University",
        "issued": "2024-04-01",
        "type": "thesis",
        "landing_url": "https://e.example.org/12",
        "access": "open",
        "is_open_access": 1,
        "oa_route": "licensed",
        "description": "About pain.",
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "etdms:rights", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "etdms:rights", 1, "licence-implies-open", "open", 1),
    ]
    assert people(record) == [
        ("Hartley, Carla", "creator", None),
        ("Penlington, Chris", "contributor", None),
    ]
    assert numbers(record) == [("etdms:identifier", "url", "landing")]
