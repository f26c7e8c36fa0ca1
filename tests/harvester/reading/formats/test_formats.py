"""Formats are recognised by their root, chosen by their worth, and real answers of other hosts can be read."""

import csv
from pathlib import Path

import pytest
from lxml import etree

from harvester.reading.formats import best_for_rights, extract, family, rank
from tests.harvester.reading.formats.building import ROOTS, parse

CORPUS = Path(__file__).parents[4] / ".." / "shared" / "corpus"
EXPECTED = {
    "oai_dc": "oai_dc",
    "rioxx": "rioxx",
    "rioxx3": "rioxx",
    "oai_openaire": "oai_openaire",
    "oai_datacite": "datacite",
    "oai_qdc": "qdc",
    "uketd_dc": "uketd_dc",
    "etdms": "etdms",
    "jpcoar_1.0": "jpcoar",
    "marcxml": "marcxml",
    "mods": "mods",
    "xoai": "xoai",
    "oai_doaj": "oai_doaj",
}
_ONE = {
    "marcxml": '<marc:datafield tag="245"><marc:subfield code="a">T</marc:subfield></marc:datafield>',
    "mods": "<mods:titleInfo><mods:title>T</mods:title></mods:titleInfo>",
    "xoai": '<xoai:element name="dc"><xoai:element name="title"><xoai:element name="none"><xoai:field name="value">T'
    "</xoai:field></xoai:element></xoai:element></xoai:element>",
    "oai_datacite": "<datacite:titles><datacite:title>T</datacite:title></datacite:titles>",
    "oai_doaj": "<doaj:title>T</doaj:title>",
    "oai_openaire": "<datacite:titles><datacite:title>T</datacite:title></datacite:titles>",
}


@pytest.mark.parametrize("root", ROOTS)
def test_a_format_is_recognised_by_its_root_whatever_its_prefix(root: str) -> None:
    """A prefix that nobody has heard of is read as what the root element says."""
    inside = _ONE.get(root, "<dc:title>T</dc:title>" if root != "etdms" else "<etdms:title>T</etdms:title>")
    found = extract(parse(root, inside), "made_up").fields
    assert [(EXPECTED[root], "T")] == [(one.format, one.value) for one in found]


def test_an_envelope_is_opened() -> None:
    """A record inside METS or DIDL is read as the format that it holds."""
    inner = etree.tostring(parse("mods", _ONE["mods"])).decode()
    envelope = etree.fromstring(
        f'<mets xmlns="http://www.loc.gov/METS/"><dmdSec><xmlData>{inner}</xmlData></dmdSec></mets>'
    )
    assert [(one.element, one.value) for one in extract(envelope, "mets").fields] == [("mods:title", "T")]


def test_the_best_formats_are_dated_licences_first_and_never_two_of_a_kind() -> None:
    """Of what a repository offers two further formats are taken, the newest of each kind, best first."""
    offered = ["oai_dc", "mods", "rioxx", "rioxx3", "oai_openaire", "didl", "etdms", "mets", "xoai"]
    assert best_for_rights(offered) == ("rioxx3", "oai_openaire")
    assert best_for_rights(["oai_dc", "didl", "ore", "rdf"]) == ()


def test_oai_dc_comes_first_and_unknown_formats_last() -> None:
    """The order of a record's formats does not depend on the order in which they came."""
    prefixes = ["zzz", "mods", "oai_dc", "rioxx"]
    assert sorted(prefixes, key=rank) == ["oai_dc", "rioxx", "mods", "zzz"]


def test_families_are_known_by_part_of_the_prefix() -> None:
    """Prefixes are the server's choice."""
    prefixes = ("oai_openaire4", "oai_datacite3", "swepub_mods", "marc21", "oai_dcterms", "ore")
    assert [family(prefix) for prefix in prefixes] == ["oai_openaire", "datacite", "mods", "marcxml", "qdc", None]


def _others() -> list[tuple[str, str]]:
    if not CORPUS.exists():
        return []
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wanted = ("mods", "qdc", "xoai", "datacite", "marc", "mets", "didl", "dcq")
    return [
        (row["file"], row["metadataPrefix"].strip("()"))
        for row in rows
        if any(word in row["metadataPrefix"] for word in wanted)
        and row["wellformed"] == "yes"
        and int(row["records"] or 0)
    ]


@pytest.mark.skipif(not CORPUS.exists(), reason="the real responses are not at hand")
def test_real_records_of_richer_formats_have_a_title() -> None:
    """Of the records that real servers sent in these formats nearly all give a title."""
    records = titled = 0
    for name, prefix in _others():
        tree = etree.parse(CORPUS / name, etree.XMLParser(resolve_entities=False, no_network=True))
        for container in tree.iter("{http://www.openarchives.org/OAI/2.0/}metadata"):
            inside = [one for one in container if isinstance(one.tag, str)]
            fields = extract(inside[0], prefix).fields if inside else ()
            records += bool(inside)
            titled += any(one.element.rpartition(":")[2] == "title" and one.value.strip() for one in fields)
    assert records > 300
    assert titled / records > 0.95


_DC = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/">{}</oai_dc:dc>'
_TITLE = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">T</dc:title>'


@pytest.mark.parametrize(
    "held",
    [
        "<wrapper>" + _DC.format(_TITLE) + "</wrapper>",
        '<other xmlns="urn:x">1</other>' + _DC.format(_TITLE),
        _TITLE,
        _DC.format(_TITLE.replace("dc:title", "dc:Title")),
    ],
)
def test_q54_dublin_core_is_found_where_it_does_not_belong(held: str) -> None:
    """Wrapped once more, behind another element, without its root, or in odd case."""
    container = etree.fromstring(f"<metadata>{held}</metadata>")
    extracted = extract(container[0], "oai_dc")
    assert [(one.element, one.value) for one in extracted.fields] == [("dc:title", "T")]


def test_a_record_without_dublin_core_is_read_as_what_it_is() -> None:
    """Nothing is looked for around a record of its own kind."""
    container = etree.fromstring('<metadata><other xmlns="urn:x"><name>1</name></other></metadata>')
    assert [one.element for one in extract(container[0], "oai_dc").fields] == ["other:name"]
