"""What the small verbs say, read through sickle's models (Q44, Q46b, Q49)."""

from harvester.oai.dates import Granularity
from harvester.oai.facts import FormatFacts, IdentifyFacts, SetFacts, formats_of, identify_facts, sets_of
from harvester.oai.page import Page, parse
from tests.harvester.oai.pages import document, error, listing


def _page(body: bytes) -> Page:
    page = parse(body)
    assert isinstance(page, Page)
    return page


def test_identify_is_read_whole() -> None:
    """Every statement, with the descriptions as they came."""
    body = document(
        "<Identify><repositoryName> A  B </repositoryName><baseURL>http://other.test/oai</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>a@r.test</adminEmail><adminEmail/>"
        "<earliestDatestamp>2004-05-06T07:08:09.5+01:00</earliestDatestamp><deletedRecord>Persistent </deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression>"
        '<description><x xmlns="urn:x">policy</x></description></Identify>'
    )
    assert identify_facts(_page(body)) == IdentifyFacts(
        "A B",
        "http://other.test/oai",
        "2.0",
        "2004-05-06T06:08:09Z",
        "2004-05-06T07:08:09.5+01:00",
        "persistent",
        Granularity.SECONDS,
        "YYYY-MM-DDThh:mm:ssZ",
        ("a@r.test",),
        ("gzip",),
        ('<description xmlns="http://www.openarchives.org/OAI/2.0/"><x xmlns="urn:x">policy</x></description>',),
    )


def test_q44_an_identify_that_says_nothing_is_still_one() -> None:
    """Everything absent, or absurd."""
    empty = identify_facts(_page(document("<Identify/>")))
    absurd = identify_facts(_page(document("<Identify><earliestDatestamp>0001-01-01</earliestDatestamp></Identify>")))
    assert empty == IdentifyFacts(None, None, None, None, None, None, Granularity.DAY, None, (), (), ())
    assert absurd is not None
    assert (absurd.earliest_datestamp, absurd.raw_earliest_datestamp) == (None, "0001-01-01")


def test_another_answer_is_no_identify() -> None:
    """An error, or another verb's element."""
    assert [identify_facts(_page(body)) for body in (error("badVerb"), listing())] == [None, None]


def test_formats_and_sets_are_read_and_nameless_ones_passed_over() -> None:
    """What has no prefix or spec cannot be asked for."""
    formats = listing(
        "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>s</schema><metadataNamespace>n</metadataNamespace></metadataFormat>"
        "<metadataFormat><schema>s</schema></metadataFormat>",
        verb="ListMetadataFormats",
    )
    sets = listing(
        "<set><setSpec> a:b </setSpec><setName>A &amp; B</setName><setDescription><p>Some\n text</p></setDescription></set>"
        "<set><setName>nameless</setName></set><set><setSpec>c</setSpec></set>",
        verb="ListSets",
    )
    assert formats_of(_page(formats)) == (FormatFacts("oai_dc", "s", "n"),)
    assert sets_of(_page(sets)) == (SetFacts("a:b", "A & B", "Some text"), SetFacts("c", None, None))
    assert (formats_of(_page(error("badVerb"))), sets_of(_page(error("noSetHierarchy")))) == ((), ())
