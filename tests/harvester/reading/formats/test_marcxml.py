"""The marcxml format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import ARTICLE, OPEN, evidence, numbers, people, read, told

SAMPLE = """
<marc:leader>00000nam a22</marc:leader><marc:controlfield tag="008">240401s2024    xxk           000 0 eng d</marc:controlfield>
<marc:datafield tag="024" ind1="7" ind2=" "><marc:subfield code="a">10.1177/2049463723120800</marc:subfield><marc:subfield code="2">doi</marc:subfield></marc:datafield>
<marc:datafield tag="100" ind1="1" ind2=" "><marc:subfield code="a">Hartley, Carla,</marc:subfield><marc:subfield code="d">1980-</marc:subfield><marc:subfield code="0">(orcid)0000-0002-1825-0097</marc:subfield></marc:datafield>
<marc:datafield tag="245" ind1="1" ind2="0"><marc:subfield code="a">A study :</marc:subfield><marc:subfield code="b">of pain /</marc:subfield><marc:subfield code="c">Carla Hartley.</marc:subfield></marc:datafield>
<marc:datafield tag="264" ind1=" " ind2="1"><marc:subfield code="b">Example Press,</marc:subfield><marc:subfield code="c">[2024]</marc:subfield></marc:datafield>
<marc:datafield tag="506" ind1="0" ind2=" "><marc:subfield code="a">Open Access</marc:subfield><marc:subfield code="f">Unrestricted online access</marc:subfield><marc:subfield code="2">star</marc:subfield></marc:datafield>
<marc:datafield tag="520" ind1=" " ind2=" "><marc:subfield code="a">About pain.</marc:subfield></marc:datafield>
<marc:datafield tag="540" ind1=" " ind2=" "><marc:subfield code="a">Creative Commons Attribution-NonCommercial 4.0</marc:subfield><marc:subfield code="u">https://creativecommons.org/licenses/by-nc/4.0/</marc:subfield></marc:datafield>
<marc:datafield tag="650" ind1=" " ind2="0"><marc:subfield code="a">Pain</marc:subfield><marc:subfield code="z">Tyneside.</marc:subfield></marc:datafield>
<marc:datafield tag="700" ind1="1" ind2=" "><marc:subfield code="a">Penlington, Chris,</marc:subfield><marc:subfield code="e">editor.</marc:subfield></marc:datafield>
<marc:datafield tag="773" ind1="0" ind2=" "><marc:subfield code="t">British Journal of Pain</marc:subfield><marc:subfield code="x">2049-4645</marc:subfield></marc:datafield>
<marc:datafield tag="856" ind1="4" ind2="0"><marc:subfield code="u">https://r.example.org/12/files/p.pdf</marc:subfield></marc:datafield>
"""


def test_a_marc_record_with_notes_on_access_and() -> None:
    """A MARC record with notes on access and use."""
    record = read("marcxml", SAMPLE)
    expected = (
        ARTICLE
        | OPEN
        | {
            "title": "A study: of pain",
            "subjects": "Pain -- Tyneside",
            "publisher": "Example Press",
            "container": "British Journal of Pain",
            "issued": "2024",
            "doi": "10.1177/2049463723120800",
            "file_url": "https://r.example.org/12/files/p.pdf",
            "description": "About pain.",
        }
    )
    assert expected == told(record, *expected)
    assert evidence(record) == [
        ("access", "marc:506", 1, "coar-label", "open", 1),
        ("access", "marc:506", 2, "marc-star", "open", 1),
        ("license", "marc:540", 1, "cc-name", "CC-BY-NC-4.0", 1),
        ("license", "marc:540", 2, "cc-url", "CC-BY-NC-4.0", 1),
    ]
    assert people(record) == [
        ("Hartley, Carla", "creator", "0000-0002-1825-0097"),
        ("Penlington, Chris", "contributor", None),
    ]
    assert numbers(record) == [
        ("marc:identifier", "doi", "version_of_record"),
        ("marc:identifier", "url", "file"),
        ("marc:relation", "issn", "journal"),
    ]
