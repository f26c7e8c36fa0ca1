"""Whole records, in the manner of the platforms that dublin-core.md names: which value becomes what."""

from datetime import date

import pytest

from harvester.reading.profile import DEFAULT, Profile
from harvester.reading.record import Source, read_record, read_records
from mirror_db.model import Fields, MirrorRecord
from tests.harvester.reading.formats.building import element, parse, read, told

TODAY = date(2026, 11, 23)


def dc(*values: tuple[str, str], profile: Profile = DEFAULT) -> MirrorRecord:
    """Read a Dublin Core record of (element, value) pairs, with a datestamp of November 2016."""
    inside = "".join(element(f"dc:{name}", value) for name, value in values)
    return read_record(
        "oai:example.org:1",
        "2016-11-01",
        False,
        (),
        parse("oai_dc", inside),
        prefix="oai_dc",
        profile=profile,
        today=TODAY,
    )


def test_records_read_together_are_those_read_alone_and_one_that_fails_fails_alone() -> None:
    """Forty records, one of them deleted and one that no reading survives."""
    metadata = parse("oai_dc", element("dc:title", "A title") + element("dc:rights", "CC BY 4.0"))
    sources = [Source(f"oai:a:{n}", "2016-11-01", n == 7, ("a",), metadata) for n in range(40)]
    sources[20] = sources[20]._replace(metadata=object())
    read = read_records(sources, prefix="oai_dc", profile=DEFAULT, today=TODAY)
    alone = [
        read_record(*source[:5], prefix="oai_dc", profile=DEFAULT, today=TODAY)
        for source in (*sources[:20], *sources[21:])
    ]
    assert isinstance(read.pop(20), TypeError)
    assert read == alone


def codes(record: MirrorRecord) -> list[str]:
    """Give the issue codes."""
    return [issue.code for issue in record.issues]


def test_of_dspace_s_dates_the_earliest_that_is_no_timestamp_is_the_publication() -> None:
    """DSpace prints accessioned, available, issued and submitted with nothing to tell them apart."""
    stamps = ("2014-12-24T16:24:27Z", "2014-12-24T16:24:27Z", "2014-12", "2014-05", "2014-12-15T08:18:35Z")
    record = dc(*(("date", stamp) for stamp in stamps))
    assert (record.fields.issued, record.fields.year) == ("2014-05", 2014)
    assert [(one.role, one.edtf, one.precision) for one in record.dates] == [
        ("unknown", "2014-12-24", "timestamp"),
        ("unknown", "2014-12-24", "timestamp"),
        ("unknown", "2014-12", "month"),
        ("issued", "2014-05", "month"),
        ("unknown", "2014-12-15", "timestamp"),
    ]


def test_a_timestamp_is_the_publication_only_for_want_of_better() -> None:
    """Digital Commons prints one time stamp; it is taken, and said."""
    record = dc(("date", "2007-01-01T08:00:00Z"))
    assert (record.fields.issued, codes(record)) == ("2007-01-01", ["date_only_timestamp"])


def test_the_finer_of_two_dates_that_begin_alike_is_taken() -> None:
    """PubMed Central prints 2014-05 and 2014-05-08."""
    assert dc(("date", "2014-05"), ("date", "2014-05-08")).fields.issued == "2014-05-08"


def test_a_date_long_after_the_datestamp_is_a_mistake() -> None:
    """9999-01-01 stays raw, with an issue; an embargo may lie ahead."""
    record = dc(("date", "9999-01-01"), ("date", "info:eu-repo/date/embargoEnd/2061-02-14"))
    assert [(one.role, one.edtf, one.value) for one in record.dates] == [
        ("unknown", None, "9999-01-01"),
        ("embargo_end", "2061-02-14", "info:eu-repo/date/embargoEnd/2061-02-14"),
    ]
    assert codes(record) == ["date_invalid"]


def test_embargo_codes_are_evidence_and_no_dates() -> None:
    """NO_RESTRICTION and MONTHS_WITHHELD speak of access."""
    record = dc(("date", "NO_RESTRICTION"), ("date", "2015"))
    assert [(one.value, one.edtf) for one in record.dates] == [("2015", "2015")]
    assert record.fields.access == "open"


def test_several_dates_in_one_value_are_read_apart() -> None:
    """A list of years is three dates."""
    record = dc(("date", "1924; 1925; 1926"))
    assert [(one.edtf, one.role) for one in record.dates] == [
        ("1924", "issued"),
        ("1925", "unknown"),
        ("1926", "unknown"),
    ]


def test_a_label_before_a_date_says_its_role() -> None:
    """DataCite's oai_dc prints the kind of each date."""
    record = dc(("date", "Created: 2018-01-18"), ("date", "Issued: 2016"))
    assert [(one.role, one.edtf) for one in record.dates] == [("created", "2018-01-18"), ("issued", "2016")]
    assert record.fields.issued == "2016"


@pytest.mark.parametrize("value", ["1924; ; 1926;", ";1924;1926", " ; ; 1924 ; 1926"])
def test_empty_parts_of_a_list_of_dates_say_nothing(value: str) -> None:
    """A semicolon too many is no date."""
    assert [one.edtf for one in dc(("date", value)).dates] == ["1924", "1926"]


def test_a_list_of_labelled_dates_is_read_apart() -> None:
    """Each part of `Created: 1906; Available: 1991` has its role."""
    record = dc(("date", "Created: 1906; Available: 1991"))
    assert [(one.role, one.edtf) for one in record.dates] == [("created", "1906"), ("available", "1991")]


def test_a_handle_is_the_landing_page_before_any_relation() -> None:
    """An item's own handle says more than the first address that it is related to."""
    record = dc(("identifier", "hdl:11858/00-246C-1"), ("relation", "http://library.example/Content/611"))
    assert record.fields.landing_url == "https://hdl.handle.net/11858/00-246C-1"


def test_a_day_of_creation_stands_for_want_of_a_better_date() -> None:
    """A letter of 1937 that states nothing but when it was written is of 1937; any other date goes before it."""
    assert dc(("date", "Created: 1937-11-24")).fields.year == 1937
    assert dc(("date", "Created: 1937-11-24"), ("date", "1938")).fields.year == 1938
    assert dc(("date", "Available: 2018-10-08T20:57:36Z")).fields.year is None


def test_the_order_of_day_and_month_may_be_agreed_on() -> None:
    """03/04/2011 is 3 April where the repository's profile says so, else only a year."""
    assert dc(("date", "03/04/2011"), profile=Profile(date_order="dmy")).fields.issued == "2011-04-03"
    assert (dc(("date", "03/04/2011")).fields.issued, codes(dc(("date", "03/04/2011")))) == ("2011", ["date_ambiguous"])


def identifiers(record: MirrorRecord) -> list[tuple[str, str, str]]:
    return [(one.scheme, one.identifier, one.role) for one in record.identifiers]


def test_a_doi_that_eprints_prints_twice_is_the_version_of_record() -> None:
    """EPrints prints id_number in identifier and relation; the landing page is the first relation, the file an identifier."""
    record = dc(
        ("title", "Bog butter and its containers"),
        ("relation", "https://eprints.example.org/12/"),
        ("identifier", "https://eprints.example.org/12/1/paper.pdf"),
        ("identifier", "10.1177/2049463723120800"),
        ("relation", "10.1177/2049463723120800"),
        (
            "identifier",
            "Hartley, C and Penlington, C (2023) Bog butter and its containers. British Journal of Pain, 18 (2). pp. 120-127. ISSN 2049-4637",
        ),
    )  # fmt: skip
    expected = {
        "doi": "10.1177/2049463723120800",
        "landing_url": "https://eprints.example.org/12/",
        "file_url": "https://eprints.example.org/12/1/paper.pdf",
        "container": "British Journal of Pain",
        "container_volume": "18",
        "container_issue": "2",
        "first_page": "120",
        "last_page": "127",
    }
    assert expected == told(record, *expected)
    assert ("other" in {one.scheme for one in record.identifiers}) is False
    assert record.fields.citation is not None


def test_the_doi_of_a_parts_package_is_its_own_and_the_parts_are_parts() -> None:
    """Dryad prints the package and its files."""
    record = dc(("identifier", "doi:10.5061/dryad.7s4v6"), ("identifier", "doi:10.5061/dryad.7s4v6/1"))
    assert identifiers(record) == [
        ("doi", "10.5061/dryad.7s4v6", "version_of_record"),
        ("doi", "10.5061/dryad.7s4v6/1", "part"),
    ]
    assert record.fields.doi == "10.5061/dryad.7s4v6"


def test_of_several_dois_none_is_chosen() -> None:
    """Two that could both be the record's own leave the column empty, with an issue."""
    record = dc(("identifier", "doi:10.1000/182"), ("identifier", "doi:10.1111/jeb.12345"))
    assert (record.fields.doi, codes(record)) == (None, ["doi_several"])


def test_a_doi_prefix_of_the_repository_marks_its_own_doi() -> None:
    """What a repository registers itself is `self`, and goes before others."""
    record = dc(
        ("identifier", "10.5281/zenodo.1"), ("identifier", "10.1111/x.1"), profile=Profile(doi_prefixes=("10.5281",))
    )
    assert (record.fields.doi, record.identifiers[0].role) == ("10.5281/zenodo.1", "self")


def test_relations_of_datacite_say_what_their_doi_is() -> None:
    """altIdentifier is the version of record, reference is related."""
    record = dc(
        ("relation", "info:eu-repo/semantics/altIdentifier/doi/10.1000/182"),
        ("relation", "info:eu-repo/semantics/reference/doi/10.1000/99"),
    )
    assert identifiers(record) == [("doi", "10.1000/182", "version_of_record"), ("doi", "10.1000/99", "related")]


def test_a_citation_s_doi_is_the_record_s_only_if_the_citation_is_its_own() -> None:
    """A citation that begins with one of the creators is the item's; any other is related."""
    own = "Hartley C (2014) On pain. Res. Soc. Sci. 1, pp. 1-9. doi:10.1016/j.erss.2014.03.001."
    record = dc(("creator", "Hartley, Carla"), ("identifier", own))
    assert (record.fields.doi, record.identifiers[0].role) == ("10.1016/j.erss.2014.03.001", "version_of_record")
    other = dc(("creator", "Penlington, Chris"), ("identifier", own))
    assert (other.fields.doi, other.identifiers[0].role) == (None, "related")


def test_a_cover_image_is_no_file() -> None:
    """Thumbnails and covers are kept, but are neither the file nor the landing page."""
    record = dc(
        ("identifier", "https://x.example/item/5"), ("identifier", "https://x.example/article_covers/14074026.png")
    )
    assert [one.role for one in record.identifiers] == ["landing", "other"]
    assert (record.fields.landing_url, record.fields.file_url) == ("https://x.example/item/5", None)


def test_a_file_store_address_is_a_file() -> None:
    """In the manner of Newcastle: a landing page by number, a file by GUID."""
    record = dc(
        ("identifier", "https://eprints.example/239618"),
        ("identifier", "https://eprints.example/file_store/production/239618/2FE3.pdf"),
    )
    assert (record.fields.landing_url, record.fields.file_url) == (
        "https://eprints.example/239618",
        "https://eprints.example/file_store/production/239618/2FE3.pdf",
    )


def test_texts_are_repeated_once_and_placeholders_are_left_out() -> None:
    """The same subject in two languages is one; None and n/a are no creators."""
    record = dc(
        ("creator", "None"), ("creator", "n/a, n/a"), ("creator", "Hartley, C"), ("subject", "Pain"), ("subject", "pain."), ("subject", "")
    )  # fmt: skip
    assert (record.fields.creators, record.fields.subjects) == ("Hartley, C", "Pain")
    assert codes(record) == ["placeholder", "placeholder", "empty"]


def test_the_most_specific_type_wins_whatever_the_order() -> None:
    """DCMI Text yields to an article; version and peer review are facts of their own."""
    values = [
        ("type", "Text"),
        ("type", "info:eu-repo/semantics/article"),
        ("type", "info:eu-repo/semantics/acceptedVersion"),
        ("type", "PeerReviewed"),
    ]
    expected = {"type": "journal article", "version": "AM", "peer_reviewed": 1}
    assert expected == told(dc(*values), *expected)
    assert expected == told(dc(*reversed(values)), *expected)


def test_a_publisher_that_is_the_repository_is_said() -> None:
    """It is kept as the publisher, with a note."""
    record = dc(("publisher", "example commons"), profile=Profile(repository_name="Example Commons"))
    assert (record.fields.publisher, codes(record)) == ("example commons", ["publisher_is_repository"])


def test_paragraphs_of_a_description_are_kept() -> None:
    """Hard-wrapped lines become one, empty lines stay."""
    record = dc(("description", "One\n line.\n\nTwo\nlines."))
    assert record.fields.description == "One line.\n\nTwo lines."


def test_a_funding_id_keeps_its_empty_parts() -> None:
    """info:eu-repo/grantAgreement is a funding identifier."""
    record = dc(("relation", "info:eu-repo/grantAgreement/EC/FP7/283595//OpenAIREplus"))
    assert identifiers(record) == [("funding", "EC/FP7/283595//OpenAIREplus", "funding")]


def test_languages_of_values_are_kept_with_the_title_that_stands_first() -> None:
    """The first title is the record's, whatever its language."""
    record = read("oai_dc", element("dc:title", "Um título", lang="pt") + element("dc:title", "A title", lang="en"))
    assert record.fields.title == "Um título"


@pytest.mark.parametrize("deleted", [True, False])
def test_a_tombstone_has_no_verdict(deleted: bool) -> None:
    """A deleted record keeps nothing that could be flagged."""
    record = read_record(
        "oai:example.org:1", "2016-11-01", deleted, ("open_access",), None, prefix="oai_dc", profile=DEFAULT, today=TODAY
    )  # fmt: skip
    assert (record.fields.is_open_access, record.fields.access) == ((0, "unknown") if deleted else (1, "open"))
    if deleted:
        kept = Fields(evaluated_on="2026-11-23", rules_version=record.fields.rules_version)
        assert (record.fields, record.evidence) == (kept, ())
