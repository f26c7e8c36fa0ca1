"""What is read by a short way gives what the long way gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.reading.values import containers, identifiers, names, text

_ADDRESSES = st.lists(
    st.sampled_from((
        "http", "https", "://", "s", "doi.org/", "dx.doi.org/", "10.5555/", "10.", "a.example", "/", "1/2/x.pdf", "?q=1", "&amp;b=2",
        "#x", "handle/1/2", "issn", "1234-5679", "urn:nbn:x", "x.mp3", "x.MP5", "%2e", "pubmed/12", "arxiv.org/abs/1234.5678", ".", ")", " ", "X", "%2F",
    )),
    min_size=1,
    max_size=7,
).map("".join)  # fmt: skip
_NAMES = st.lists(
    st.sampled_from(
        (
            "Smith",
            "Dietrich-Smith",
            "Bank",
            "Institute",
            "Orcid",
            "Jr",
            "Anna",
            "Esq",
            "II",
            "J",
            "M",
            "D",
            "Ph",
            "'",
            ", ",
            " ",
            ".",
            "-",
            "É",
            "Group",
        )
    ),
    min_size=2,
    max_size=8,
).map("".join)
_TEXTS = st.text(st.sampled_from("aé \u00a0\u200b\u0301\ufffd<&;Ã©-nN/\t\n\x07."), max_size=8) | st.text(max_size=8)
_CITATIONS = st.lists(
    st.sampled_from(
        ("Smith, J. ", "(2011)", " pp. 3", " p. 4", "pp. ", "18 (2)", "3 (201)", "(12345)", "vol", " doi", "ISSN ", "x", " ", ". ")
    ),
    max_size=7,
).map(lambda parts: "A title of some length. " + "".join(parts))  # fmt: skip


@settings(max_examples=500)
@given(_ADDRESSES)
def test_a_plain_address_is_read_as_any_value_is(value: str) -> None:
    """The kinds of identifiers, asked one after the other, find the same."""
    assert identifiers.find(value) == identifiers._all_kinds(value)


@settings(max_examples=500)
@given(_TEXTS)
def test_what_says_something_is_what_cleaning_would_leave_as_it_is(value: str) -> None:
    """No cleaning changes it, with paragraphs or without, and no issue is lost."""
    if text.says_something(value):
        assert text.said(value) == text.said(value, paragraphs=True) == text.Text(value)


@settings(max_examples=500)
@given(_NAMES)
def test_a_plain_name_is_read_as_the_rules_for_all_names_read_it(value: str) -> None:
    """Neither an organisation, a suffix nor an ORCID iD is passed over."""
    one = names.plain(value)
    if one is not None:
        assert names._split(value) == [value]
        assert names._without_orcid(value) == (value, None, None)
        assert names._named(value, None) == one


@settings(max_examples=500)
@given(_CITATIONS)
def test_a_citation_is_told_at_once_where_its_signs_would_be_counted(value: str) -> None:
    """A year and a page are two signs of the many that are counted."""
    signs = containers._CITATION.findall(value.lower())
    assert containers.is_citation(value) == (len(value) > 30 and len(signs) >= 2)
