"""What may never change a verdict, and what may never be said (rights.md section 5, last paragraph)."""

import unicodedata
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import Verdict, judge
from harvester.reading.rights.licenses import CREATIVE_COMMONS, OPENNESS
from harvester.reading.rights.tables import table

TODAY = date(2026, 11, 23)
VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
FAMILIES = ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")
ADDRESSES = st.builds(
    "https://creativecommons.org/licenses/{}/{}/".format, st.sampled_from(FAMILIES), st.sampled_from(VERSIONS)
)
CODES = st.builds("CC {} {}".format, st.sampled_from([f.upper() for f in FAMILIES]), st.sampled_from(VERSIONS))
PHRASES = st.sampled_from(
    (
        "Creative Commons Attribution-NonCommercial 4.0 International",
        "Creative Commons Attribution-NoDerivs 3.0 Unported",
        "© 2020 The Authors. All rights reserved.",
        "info:eu-repo/semantics/openAccess",
        "info:eu-repo/semantics/restrictedAccess",
        "info:eu-repo/semantics/embargoedAccess",
        "Embargo expires: 2027-05-31",
        "Public domain",
        "In Copyright",
        "cc_by_nc",
        "CC0 1.0 Universal",
        "for non-commercial use only",
        "not CC BY-NC",
        "Metadata: CC0",
        "Restricted to repository staff only",
        "http://creativecommons.org/licenses/nc/1.0/",
        "http://creativecommons.org/licenses/by-nd-sa/4.0/",
    )
)
VALUES = st.one_of(ADDRESSES, CODES, PHRASES)
MANY = st.lists(VALUES, min_size=1, max_size=5)


def verdict(*values: str) -> Verdict:
    return judge(tuple(Field("dc:rights", n, v) for n, v in enumerate(values, 1)), profile=DEFAULT, today=TODAY)


def said(one: Verdict) -> tuple[object, ...]:
    """Give a verdict without its evidence, which quotes the values as they stand."""
    return tuple(one._replace(evidence=(), issues=()))


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_values_never_changes_a_verdict(values: list[str], random) -> None:  # type: ignore[no-untyped-def]
    """Values in any order give one verdict."""
    shuffled = list(values)
    random.shuffle(shuffled)
    assert said(verdict(*values)) == said(verdict(*shuffled))


@given(MANY, st.sampled_from((str.upper, str.lower, str.title)))
def test_case_never_changes_a_verdict(values: list[str], change) -> None:  # type: ignore[no-untyped-def]
    """Upper, lower and title case give one verdict."""
    assert said(verdict(*values)) == said(verdict(*map(change, values)))


@given(MANY, st.sampled_from("‐‑‒–—―−﹣－"))
def test_the_kind_of_dash_never_changes_a_verdict(values: list[str], dash: str) -> None:
    """Every dash is a hyphen."""
    assert said(verdict(*values)) == said(verdict(*(v.replace("-", dash) for v in values)))


@given(
    ADDRESSES,
    st.sampled_from(("http://", "https://", "", "//", "HTTPS://")),
    st.sampled_from(("", "www.")),
    st.sampled_from(("", "/", "/deed", "/deed.fr", "/legalcode", "/legalcode.en", "/?ref=x", "/#top", "/rdf")),
)
def test_the_form_of_an_address_never_changes_a_verdict(address: str, scheme: str, www: str, tail: str) -> None:
    """http or https, trailing slash, deed or legalcode, query and fragment give one verdict."""
    other = scheme + www + address.removeprefix("https://").rstrip("/") + tail
    assert said(verdict(address)) == said(verdict(other))


@given(MANY, st.sampled_from(("NFD", "NFC", "NFKC")), st.sampled_from((" ", "\u00a0", "\n", "\u2009", "  ")))
def test_white_space_and_unicode_form_never_change_a_verdict(values: list[str], form: str, blank: str) -> None:
    """Composed or decomposed, with any blank, a value says the same."""
    other = [unicodedata.normalize(form, v).replace(" ", blank) for v in values]  # type: ignore[arg-type]
    assert said(verdict(*values)) == said(verdict(*other))


@given(MANY, ADDRESSES | CODES)
def test_a_further_licence_never_makes_a_licence_more_open(values: list[str], added: str) -> None:
    """Among the licences of Creative Commons the least open wins, however many are stated."""
    before, after = verdict(*values).license_family, verdict(*values, added).license_family
    if before in CREATIVE_COMMONS:
        assert OPENNESS.index(after or "") >= OPENNESS.index(before or "")


@given(MANY, VALUES)
def test_a_further_value_sets_the_flag_only_as_a_candidate(values: list[str], added: str) -> None:
    """CC BY-NC appears only with a value that alone would be CC BY-NC."""
    if verdict(*values, added).is_cc_by_nc and not verdict(*values).is_cc_by_nc:
        assert verdict(added).is_cc_by_nc


@given(
    MANY,
    st.sampled_from(
        (
            "info:eu-repo/semantics/closedAccess",
            "info:eu-repo/semantics/restrictedAccess",
            "Embargo expires: 2027-05-31",
        )
    ),
)
def test_a_closed_statement_never_opens_an_item(values: list[str], closed: str) -> None:
    """A statement that an item is closed is never overruled by an open one beside it."""
    assert verdict(*values, closed).is_open_access == 0


_NAMES = {
    element: sorted({phrase for row in table("elements").values() for phrase in row[element]})
    for element in ("by", "nc", "nd", "sa")
}


@settings(max_examples=300)
@given(
    st.sampled_from(_NAMES["by"]),
    st.sampled_from(_NAMES["nc"]),
    st.sampled_from(_NAMES["nd"] + _NAMES["sa"]),
    st.sampled_from(("-", " - ", " – ", ", ", " ", "/", "_")),
    st.permutations((0, 1, 2)),
)
def test_an_nd_or_sa_element_never_gives_cc_by_nc(by: str, nc: str, other: str, joint: str, order: list[int]) -> None:
    """Whatever the language, the order and the joint, a name with ND or SA is not CC BY-NC."""
    parts = (by, nc, other)
    assert verdict("Creative Commons " + joint.join(parts[i] for i in order)).is_cc_by_nc == 0


@settings(max_examples=300)
@given(
    st.sampled_from(("CC BY-NC", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/")),
    st.sampled_from(_NAMES["nd"] + _NAMES["sa"] + sorted(table("words")["unchanged"])),
    st.sampled_from((". ", "; ", ", ", " - ", " (")),
)
def test_an_nd_or_sa_sentence_beside_it_never_leaves_cc_by_nc(licence: str, limit: str, joint: str) -> None:
    """What a value states of derivatives anywhere counts against CC BY-NC."""
    assert verdict(licence + joint + limit).is_cc_by_nc == 0


@settings(max_examples=300)
@given(
    VALUES,
    st.sampled_from(("dc:title", "dc:description", "dc:subject", "dc:publisher", "dc:creator", "dcterms:abstract")),
)
def test_titles_and_descriptions_are_never_read(value: str, element: str) -> None:
    """What a work is called or about says nothing of its rights."""
    read = judge((Field(element, 1, value),), profile=DEFAULT, today=TODAY)
    assert said(read) == said(judge((), profile=DEFAULT, today=TODAY))
    assert read.evidence == ()


@given(
    st.lists(VALUES | st.text(max_size=60), max_size=5),
    st.sampled_from(("dc:rights", "dc:license", "dcterms:accessRights", "dc:relation", "setSpec")),
)
def test_a_flag_without_used_evidence_cannot_exist(values: list[str], element: str) -> None:
    """Every flag rests on a row of evidence that says so."""
    one = judge(tuple(Field(element, n, v) for n, v in enumerate(values, 1)), profile=DEFAULT, today=TODAY)
    used = [row for row in one.evidence if row.used]
    if one.is_open_access:
        assert [row for row in used if row.subject in {"access", "embargo"}] != []
    if one.is_cc_by_nc or one.license:
        assert [row for row in used if row.subject == "license"] != []


def test_one_value_implies_openness_once() -> None:
    """An address and a name in one value are two licences read, but one reason to call the item open."""
    value = "CC BY-NC 4.0 https://creativecommons.org/licenses/by-nc/4.0/"
    verdict = judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=date(2026, 11, 23))
    assert [row.rule for row in verdict.evidence] == ["cc-url", "licence-implies-open", "cc-code"]
