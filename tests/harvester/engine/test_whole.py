"""A record is read with everything that stands beside it, and the order of arrival changes nothing."""

from datetime import date
from itertools import permutations

from lxml import etree

from harvester.engine.reread import read_again
from harvester.engine.whole import Opened, read_whole, with_form
from harvester.oai.page import reopen
from harvester.reading.profile import Profile
from mirror_db.stored import Form, KeptPage, Stored
from tests.harvester.reading.formats.building import NAMESPACES, ROOTS, element, told
from tests.harvester.reading.pages.samples import NEWCASTLE_PARAGRAPHS, TITLE

TODAY = date(2026, 11, 23)
DECLARATIONS = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
HEADER = "<header><identifier>oai:x:1</identifier><datestamp>2026-01-02</datestamp>{sets}</header>"
DC = element("dc:title", TITLE) + element("dc:date", "2024")
RIOXX = element("rioxxterms:version", "AM") + element(
    "ali:license_ref", "https://creativecommons.org/licenses/by/4.0", start_date="2024-04-01"
)
OPENAIRE = element("datacite:rights", "restricted access", rightsURI="http://purl.org/coar/access_right/c_16ec")
FORMS = {"oai_dc": DC, "rioxx": RIOXX, "oai_openaire": OPENAIRE}


def form_of(prefix: str, inside: str, sets: str = "") -> Form:
    """Give one stored form of the record."""
    root = ROOTS[prefix]
    header = HEADER.format(sets=f"<setSpec>{sets}</setSpec>" if sets else "")
    xml = f"<record>{header}<metadata><{root}>{inside}</{root}></metadata></record>"
    return Form(prefix, xml.encode(), DECLARATIONS)


def stored(*forms: Form, page: KeptPage | None = None, sets: tuple[str, ...] = ()) -> Stored:
    """Give the record as the mirror hands it out."""
    return Stored(7, "x", "oai:x:1", "2026-01-02", sets, forms, page)


def test_all_forms_of_a_record_are_read_together() -> None:
    """oai_dc is the record, RIOXX gives the licence, OpenAIRE the access; each says where it stood."""
    again = read_again(stored(*(form_of(*form) for form in FORMS.items())), Profile(), TODAY)
    assert again is not None
    expected = {"title": TITLE, "version": "AM", "license": "CC-BY-4.0", "access": "restricted"}
    assert expected == told(again, *expected)
    assert [(one.element, one.origin) for one in again.evidence] == [
        ("rioxx:ali:license_ref", "rioxx"),
        ("oai_openaire:datacite:rights", "oai_openaire"),
        ("oai_openaire:datacite:rights", "oai_openaire"),
    ]


def test_the_form_that_came_last_changes_nothing() -> None:
    """Whichever form arrives last, the record is the same."""
    found = set()
    for order in permutations(FORMS):
        *before, last = order
        held = stored(*(form_of(prefix, FORMS[prefix]) for prefix in before))
        item = reopen(form_of(last, FORMS[last]).xml, DECLARATIONS)
        come = Opened(last, item.metadata, item.datestamp, item.sets)
        found.add(read_whole(with_form(held, last, come), profile=Profile(), today=TODAY))
    assert len(found) == 1


def test_sets_and_datestamp_are_those_of_the_record_itself() -> None:
    """A further format's header neither moves the datestamp nor changes the sets."""
    held = stored(form_of("oai_dc", DC), sets=("theses",))
    item = reopen(form_of("rioxx", RIOXX, "other").xml.replace(b"2026-01-02", b"2026-09-09"), DECLARATIONS)
    whole = with_form(held, "rioxx", Opened("rioxx", item.metadata, item.datestamp, item.sets))
    assert (whole.sets, whole.datestamp) == (("theses",), "2026-01-02")


def test_a_form_that_was_deleted_is_gone() -> None:
    """A repository that withdraws a record from one format leaves the others."""
    held = stored(form_of("oai_dc", DC), form_of("rioxx", RIOXX))
    whole = with_form(held, "rioxx", None)
    assert [form.prefix for form in whole.forms] == ["oai_dc"]


def test_the_items_page_is_read_beside_the_record() -> None:
    """What the kept page says counts again without the network."""
    page = KeptPage("https://e.example.org/12", "2026-11-20", "text/html", "", NEWCASTLE_PARAGRAPHS.encode(), ())
    again = read_again(stored(form_of("oai_dc", DC), page=page), Profile(), TODAY)
    assert again is not None
    expected = {"license": "CC-BY-NC-4.0", "access": "open", "container": "British Journal of Pain"}
    assert expected == told(again, *expected)
    assert {"https://e.example.org/12 on 2026-11-20"} == {one.origin for one in again.evidence}


def test_what_cannot_be_opened_is_left_as_it_is() -> None:
    """A record none of whose forms is well formed is not read anew."""
    broken = etree.tostring(etree.Element("record"))
    assert read_again(stored(Form("oai_dc", broken, "")), Profile(), TODAY) is None
