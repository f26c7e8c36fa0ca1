"""The xoai format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, evidence, numbers, people, read, told

SAMPLE = """
<xoai:element name="dc"><xoai:element name="title"><xoai:element name="en_GB"><xoai:field name="value">A study</xoai:field></xoai:element></xoai:element>
<xoai:element name="contributor"><xoai:element name="author"><xoai:element name="none"><xoai:field name="value">Hartley, Carla</xoai:field><xoai:field name="authority">x</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="date"><xoai:element name="issued"><xoai:element name="none"><xoai:field name="value">2024-04-01</xoai:field></xoai:element></xoai:element><xoai:element name="accessioned"><xoai:element name="none"><xoai:field name="value">2024-05-01T10:00:00Z</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="description"><xoai:element name="provenance"><xoai:element name="en"><xoai:field name="value">Made available</xoai:field></xoai:element></xoai:element><xoai:element name="abstract"><xoai:element name="none"><xoai:field name="value">About pain.</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="rights"><xoai:element name="uri"><xoai:element name="none"><xoai:field name="value">https://creativecommons.org/licenses/by-nc/4.0/</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="identifier"><xoai:element name="doi"><xoai:element name="none"><xoai:field name="value">10.1177/2049463723120800</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="type"><xoai:element name="none"><xoai:field name="value">Article</xoai:field></xoai:element></xoai:element>
<xoai:element name="language"><xoai:element name="iso"><xoai:element name="none"><xoai:field name="value">en</xoai:field></xoai:element></xoai:element></xoai:element>
</xoai:element>
<xoai:element name="bundles"><xoai:element name="bundle"><xoai:field name="name">LICENSE</xoai:field><xoai:element name="bitstreams"><xoai:element name="bitstream"><xoai:field name="url">https://r.example.org/license.txt</xoai:field></xoai:element></xoai:element></xoai:element>
<xoai:element name="bundle"><xoai:field name="name">ORIGINAL</xoai:field><xoai:element name="bitstreams"><xoai:element name="bitstream"><xoai:field name="name">p.pdf</xoai:field><xoai:field name="format">application/pdf</xoai:field><xoai:field name="url">https://r.example.org/bitstream/1/p.pdf</xoai:field><xoai:field name="embargo">2027-05-01</xoai:field></xoai:element></xoai:element></xoai:element></xoai:element>
<xoai:element name="others"><xoai:field name="handle">10161/10876</xoai:field><xoai:element name="access-status"><xoai:field name="value">embargo</xoai:field></xoai:element></xoai:element>
<xoai:element name="license"><xoai:field name="bin">Q0M=</xoai:field></xoai:element>
"""


def test_a_dspace_items_own_fields_its_access_status() -> None:
    """A DSpace item's own fields, its access status and the embargo of its file."""
    record = read("xoai", SAMPLE)
    expected = ARTICLE | {
        "title": "A study",
        "issued": "2024-04-01",
        "type": "journal article",
        "doi": "10.1177/2049463723120800",
        "landing_url": "https://hdl.handle.net/10161/10876",
        "file_url": "https://r.example.org/bitstream/1/p.pdf",
        "access": "embargoed",
        "embargo_end": "2027-05-01",
        "next_change_on": "2027-05-01",
        "description": "About pain.",
    }
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "xoai:rights.uri", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("embargo", "xoai:bitstream.embargo", 1, "embargo-date", "2027-05-01", 1),
        ("access", "xoai:access-status", 1, "coar-label", "embargoed", 0),
    ]
    assert people(record) == [("Hartley, Carla", "creator", None)]
    assert numbers(record) == [
        ("xoai:identifier.doi", "doi", "version_of_record"),
        ("xoai:bitstream.url", "url", "file"),
        ("xoai:handle", "handle", "self"),
    ]
