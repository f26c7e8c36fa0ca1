"""Journal, volume, issue and pages from their own elements."""

from tests.harvester.reading.formats.building import element, read, told

_COLUMNS = ("container", "container_volume", "container_issue", "first_page", "last_page")


def test_parts_fill_what_no_template_has_read() -> None:
    """A page number alone is the last page too."""
    inside = element("jpcoar:sourceTitle", "British Journal of Pain") + element("jpcoar:pageStart", "e12")
    assert dict(zip(_COLUMNS, ("British Journal of Pain", None, None, "e12", "e12"), strict=True)) == told(
        read("jpcoar_1.0", inside), *_COLUMNS
    )


def test_a_template_that_was_read_stays() -> None:
    """What a citation says is not overwritten by a part."""
    inside = element("dcterms:bibliographicCitation", "Nature, 18(2): 120-127") + element("jpcoar:volume", "99")
    assert dict(zip(_COLUMNS, ("Nature", "18", "2", "120", "127"), strict=True)) == told(
        read("jpcoar_1.0", inside), *_COLUMNS
    )
