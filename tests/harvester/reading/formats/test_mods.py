"""The mods format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, ISSUE, OPEN, evidence, numbers, people, read, told

SAMPLE = """
<mods:titleInfo><mods:nonSort>A</mods:nonSort><mods:title>study</mods:title><mods:subTitle>of pain</mods:subTitle></mods:titleInfo>
<mods:name type="personal"><mods:namePart type="family">Hartley</mods:namePart><mods:namePart type="given">Carla</mods:namePart><mods:role><mods:roleTerm type="code" authority="marcrelator">aut</mods:roleTerm></mods:role><mods:description>orcid.org=0000-0002-1825-0097</mods:description></mods:name>
<mods:name type="personal"><mods:namePart>Penlington, Chris</mods:namePart><mods:role><mods:roleTerm>edt</mods:roleTerm></mods:role></mods:name>
<mods:originInfo><mods:publisher>Example Press</mods:publisher><mods:dateIssued>2024-04-01</mods:dateIssued></mods:originInfo><mods:language><mods:languageTerm type="code">eng</mods:languageTerm></mods:language>
<mods:subject authority="lcsh"><mods:topic>Pain</mods:topic><mods:geographic>Tyneside</mods:geographic></mods:subject><mods:abstract>About pain.</mods:abstract><mods:genre>journal article</mods:genre>
<mods:identifier type="doi">10.1177/2049463723120800</mods:identifier><mods:identifier type="isbn" invalid="yes">91-7100</mods:identifier>
<mods:location><mods:url access="object in context">https://r.example.org/12</mods:url><mods:url access="raw object">https://r.example.org/12/files/p.pdf</mods:url><mods:url access="preview">https://r.example.org/t.png</mods:url></mods:location>
<mods:relatedItem type="host"><mods:titleInfo><mods:title>British Journal of Pain</mods:title></mods:titleInfo><mods:identifier type="issn">2049-4645</mods:identifier><mods:part><mods:detail type="volume"><mods:number>18</mods:number></mods:detail><mods:detail type="issue"><mods:number>2</mods:number></mods:detail><mods:extent unit="pages"><mods:start>120</mods:start><mods:end>127</mods:end></mods:extent></mods:part></mods:relatedItem>
<mods:accessCondition type="use and reproduction" xlink:href="https://r.example.org/classifications/mir_licenses#cc_by-nc_4.0"/>
<mods:accessCondition type="info:eu-repo/semantics/openAccess" displayLabel="Open Access"/>
"""


def test_names_by_role_links_by_access_the_host() -> None:
    """Names by role, links by access, the host item, access conditions in link and type."""
    record = read("mods", SAMPLE)
    expected = (
        ARTICLE
        | OPEN
        | ISSUE
        | {
            "title": "A study: of pain",
            "subjects": "Pain -- Tyneside",
            "publisher": "Example Press",
            "landing_url": "https://r.example.org/12",
            "file_url": "https://r.example.org/12/files/p.pdf",
            "description": "About pain.",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("license", "mods:accessCondition", 1, "cc-code", "CC-BY-NC-4.0", 1),
        ("access", "mods:accessCondition", 2, "info-eu-repo", "open", 1),
    ]
    assert people(record) == [
        ("Hartley, Carla", "creator", "0000-0002-1825-0097"),
        ("Penlington, Chris", "contributor", None),
    ]
    assert numbers(record) == [
        ("mods:identifier", "doi", "version_of_record"),
        ("mods:url", "url", "landing"),
        ("mods:url", "url", "file"),
        ("mods:host.identifier", "issn", "journal"),
    ]
