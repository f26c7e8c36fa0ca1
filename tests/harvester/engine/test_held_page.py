"""A page of which the mirror holds everything is kept without sorting it; the batch is the one that sorting gives."""

from datetime import date

import pytest

from harvester.engine.desk import Desk
from harvester.engine.pages import held_page, sort_page
from harvester.oai.items import Item
from harvester.oai.page import Page
from harvester.reading.profile import Profile
from mirror_db.entries import Known, Progress

DESK = Desk("r", 1, "oai_dc", Profile(), date(2026, 11, 23))
PROGRESS = Progress(1, "next", got=3)
KNOWN = {name: Known(number, 0, name.encode(), None) for number, name in enumerate("abc", 1)}


def _item(name: str, mark: bytes | None = None, *, deleted: bool = False) -> Item:
    return Item(name, None, None, deleted, (), None, True, b"", "", mark or name.encode())


def _page(*items: Item) -> Page:
    return Page("ListRecords", None, None, (), True, items, None, (("namespace", "odd"),), ("a list",), None)


def test_a_page_that_is_held_gives_the_batch_of_a_sorted_one():
    """Numbers, notes and what was lost are the same."""
    page = _page(*map(_item, "abc"))
    sorted_page = sort_page(page, DESK, KNOWN, place="list 1, page 1", progress=PROGRESS)
    batch = held_page(page, DESK, KNOWN, progress=PROGRESS)
    assert batch == sorted_page.batch
    assert (batch and batch.unchanged, sorted_page.items) == ((1, 2, 3), ())


@pytest.mark.parametrize(
    "items",
    [
        [_item("a"), _item("b"), _item("b")],
        [_item("a"), _item("b"), _item("d")],
        [_item("a"), _item("b"), _item("c", b"changed")],
        [_item("a"), _item("b"), _item("c", deleted=True)],
        [_item("a"), _item("b"), _item("c")._replace(mark=None)],
    ],
)
def test_any_other_page_is_sorted(items):
    """Twice listed, new, changed, come back or gone, or not compared yet."""
    assert held_page(_page(*items), DESK, KNOWN, progress=PROGRESS) is None


def test_a_record_without_this_form_is_not_held():
    """The mirror knows it in another prefix: it has no digest, and neither has what was not compared."""
    page = _page(_item("a")._replace(mark=None))
    assert held_page(page, DESK, {"a": Known(1, 0, None, None)}, progress=PROGRESS) is None
