"""The whole way from a page to the record's verdict."""

from harvester.reading.pages import Item, Read, read_page
from harvester.reading.pages.visit import seen_on
from mirror_db.model import MirrorRecord
from tests.harvester.reading.formats.building import element, read
from tests.harvester.reading.pages.samples import TITLE

URL = "https://e.example.org/12"
HTML = {"content-type": "text/html; charset=utf-8"}
RECORD = element("dc:title", TITLE) + element("dc:identifier", URL)


def opened(page: str, **headers: str) -> Read:
    """Read a page of the item."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_page(page.encode(), URL, {**HTML, **named}, item=Item(TITLE, (URL,)))


def judged(page: str, *, record: str = RECORD, **headers: str) -> MirrorRecord:
    """Read a record with its page beside it."""
    return read("oai_dc", record, extra=seen_on(opened(page, **headers).fields, URL, "2026-11-20"))


def values(page: str) -> list[tuple[str, str]]:
    """Give what is found on a page, by place."""
    return [(one.element, one.value) for one in opened(page).fields]
