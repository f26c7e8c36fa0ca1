"""What further formats add to a record."""

from itertools import permutations

from harvester.reading.formats import rank
from tests.harvester.reading.formats.building import beside, element, evidence, read, told

RECORD = element("dc:title", "A study") + element("dc:creator", "Hartley, C") + element("dc:date", "2024")
RIOXX = (
    element("dc:title", "A study (accepted version)")
    + element("rioxxterms:author", "Hartley, Carla")
    + element("rioxxterms:publication_date", "2024-04-01")
    + element("rioxxterms:version", "AM")
    + element("dc:language", "en")
    + element("ali:license_ref", "https://creativecommons.org/licenses/by-nc/4.0", start_date="2024-04-01")
)
OPENAIRE = element("datacite:rights", "open access", rightsURI="http://purl.org/coar/access_right/c_abf2") + element(
    "dc:language", "fr"
)


def test_evidence_names_the_format_it_stood_in() -> None:
    """A licence of RIOXX beside oai_dc flags the record, with its place."""
    record = read("oai_dc", RECORD, extra=beside("rioxx", RIOXX))
    assert evidence(record) == [
        ("license", "rioxx:ali:license_ref", 1, "cc-url", "CC-BY-NC-4.0", 1),
        ("access", "rioxx:ali:license_ref", 1, "licence-implies-open", "open", 1),
    ]


def test_words_fill_what_is_empty_and_overwrite_nothing() -> None:
    """Title and creators stay the record's; language and version come from RIOXX, and its date is finer."""
    record = read("oai_dc", RECORD, extra=beside("rioxx", RIOXX))
    expected = {
        "title": "A study",
        "creators": "Hartley, C",
        "language": "en",
        "version": "AM",
        "issued": "2024-04-01",
        "license": "CC-BY-NC-4.0",
    }
    assert expected == told(record, *expected)


def test_the_order_of_arrival_changes_nothing() -> None:
    """The formats of a record are read in one order, whichever came last."""
    formats = {"rioxx": RIOXX, "oai_openaire": OPENAIRE}
    found = set()
    for order in permutations(formats):
        extra = tuple(field for prefix in sorted(order, key=rank) for field in beside(prefix, formats[prefix]))
        found.add(read("oai_dc", RECORD, extra=extra))
    assert len(found) == 1
    assert told(found.pop(), "language", "access") == {"language": "en", "access": "open"}


def test_a_placeholder_does_not_keep_a_better_word_out() -> None:
    """`N/A` as a publisher says nothing, so that the further format may."""
    record = read(
        "oai_dc",
        RECORD + element("dc:publisher", "N/A"),
        extra=beside("rioxx", element("dc:publisher", "Example Press")),
    )
    assert told(record, "publisher") == {"publisher": "Example Press"}
