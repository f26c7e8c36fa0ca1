"""oai_dc read from its bytes is what it is read element by element, or is not read so at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.items import container_in, reopen
from harvester.reading.formats import oai_dc, plain

_OAI_DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_HEADER = "<header><identifier>oai:r:1</identifier><datestamp>2026-11-01</datestamp></header>"
_PLAIN = f"<oai_dc:dc {_OAI_DC} {_DC}>%s</oai_dc:dc>"


def _both(root: str, context: str = "") -> tuple[object, object]:
    """Give the fields read from the bytes, and those read from the elements."""
    xml = f"<record>{_HEADER}<metadata>{root}</metadata></record>".encode()
    return plain.fields(xml, container_in(xml), context), oai_dc.fields(reopen(xml, context).metadata)


_TEXTS = st.text("aé<&>\"' \n\r\t]!?-", max_size=12).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
_ELEMENTS = st.builds(
    lambda name, lang, text, tail: (
        f"<dc:{name}{lang}>{text if '<!' in text else text.replace(']]>', '')}</dc:{name}>{tail}"
    ),
    st.sampled_from(["title", "creator", "rights", "date", "odd"]),
    st.sampled_from(["", ' xml:lang="de-CH"', ' xml:lang=""', " xml:lang='fr'", ' opf:role="x" xmlns:opf="urn:opf"']),
    _TEXTS
    | st.sampled_from(["&#233;", "<i>nested</i>", "<!-- no -->", "<![CDATA[a&b]]>", "&quot;x&apos;", "<?pi x?>"]),
    st.sampled_from(
        [
            "",
            "\n",
            " stray ",
            "<!-- between -->",
            "<dcterms:issued xmlns:dcterms='http://purl.org/dc/terms/'>1</dcterms:issued>",
        ]
    ),
)


@given(st.lists(_ELEMENTS, max_size=5))
def test_bytes_and_elements_say_the_same(elements):
    """Whatever stands in the record: the same fields, or none from the bytes."""
    read, wanted = _both(_PLAIN % "".join(elements))
    assert read in (None, wanted)


def test_a_plain_record_is_read_from_its_bytes():
    """Elements, languages, references, what is empty, white space around, line ends."""
    body = (
        '\n<dc:title xml:lang="en">Rivers &amp; &lt;lakes&gt;</dc:title>\n <dc:title>Flüsse</dc:title>'
        '<dc:creator></dc:creator>\r\n<dc:date>2026</dc:date>\n<dc:rights/><dc:rights xml:lang="fr" />'
        "<dc:source>a\r\nb\rc &#233;&#x2019;&amp;lt;</dc:source>"
    )
    read, wanted = _both(_PLAIN % body)
    assert read == wanted
    assert read is not None
    assert [(one.element, one.ordinal, one.value, one.lang) for one in read.fields] == [
        ("dc:title", 1, "Rivers & <lakes>", "en"),
        ("dc:title", 2, "Flüsse", None),
        ("dc:creator", 1, "", None),
        ("dc:date", 1, "2026", None),
        ("dc:rights", 1, "", None),
        ("dc:rights", 2, "", "fr"),
        ("dc:source", 1, "a\nb\nc é’&lt;", None),
    ]


def test_a_prefix_may_be_declared_on_the_page():
    """What the record inherits counts where its root says nothing of the prefix."""
    read, wanted = _both(
        "<oai_dc:dc x='1'><dc:title>a</dc:title></oai_dc:dc>".replace(" x='1'", ' x="1"'), f"{_OAI_DC} {_DC}"
    )
    assert read == wanted is not None


@pytest.mark.parametrize(
    ("root", "context"),
    [
        (f"<oai_dc:dc {_OAI_DC} xmlns:dc='urn:other'><dc:title>a</dc:title></oai_dc:dc>", _DC),
        (f'<oai_dc:dc {_OAI_DC} xmlns:dc="urn:other"><dc:title>a</dc:title></oai_dc:dc>', _DC),
        (f"<oai_dc:dc {_OAI_DC} {_DC}><dc:title>a</dc:title></oai_dc:dc><oai_dc:dc {_OAI_DC} {_DC}></oai_dc:dc>", ""),
        (f"<dc {_DC}><dc:title>a</dc:title></dc>", ""),
        (f"<oai_dc:dc {_OAI_DC} {_DC}><dc:Title>a</dc:Title></oai_dc:dc>", ""),
    ],
)
def test_what_is_not_plain_is_left_to_its_elements(root, context):
    """Another namespace under the prefix, two roots, another root, a name in odd case."""
    read, wanted = _both(root, context)
    assert read is None
    assert wanted is not None
