"""The oai_doaj format, read the whole way from a small record of its own."""

from tests.harvester.reading.formats.building import read, told

SAMPLE = """<doaj:publisher>Example Press</doaj:publisher><doaj:journalTitle>British Journal of Pain</doaj:journalTitle>
<doaj:issn>2049-4637</doaj:issn><doaj:eissn>2049-4645</doaj:eissn><doaj:publicationDate>2024-04-01</doaj:publicationDate>
<doaj:volume>18</doaj:volume><doaj:issue>2</doaj:issue><doaj:startPage>120</doaj:startPage><doaj:endPage>127</doaj:endPage>
<doaj:doi>10.1177/20494637231208</doaj:doi><doaj:title>A study</doaj:title>
<doaj:authors><doaj:author><doaj:name>Hartley, Carla</doaj:name><doaj:affiliationId>0</doaj:affiliationId></doaj:author></doaj:authors>
<doaj:keywords><doaj:keyword>pain</doaj:keyword></doaj:keywords><doaj:fullTextUrl format="html">https://e.example.org/12</doaj:fullTextUrl>"""


def test_an_article_of_doaj_fills_the_record() -> None:
    """Title, people, journal, numbers and date; nothing is said of rights."""
    record = read("oai_doaj", SAMPLE)
    expected = {
        "title": "A study",
        "creators": "Hartley, Carla",
        "subjects": "pain",
        "container": "British Journal of Pain",
        "container_volume": "18",
        "first_page": "120",
        "issued": "2024-04-01",
        "doi": "10.1177/20494637231208",
        "landing_url": "https://e.example.org/12",
        "access": "unknown",
        "license": None,
    }
    assert told(record, *expected) == expected
    numbers = [(one.identifier, one.qualifier) for one in record.identifiers if one.scheme == "issn"]
    assert numbers == [("2049-4637", None), ("2049-4645", "electronic")]
