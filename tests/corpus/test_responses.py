"""Every real protocol response is understood, mended with a note, or refused with a reason; none crashes or hangs."""

import time

import pytest
from lxml import etree

from harvester.oai.page import VERBS, NotOai, parse
from tests.corpus.files import Response, index, needs_corpus

pytestmark = needs_corpus
_SECONDS = 10  # for the largest page, on a machine that does other things too


def counted(response: Response) -> int:
    """Count the records and headers that are children of the list element, with nothing of ours."""
    root = etree.fromstring(response.body, etree.XMLParser(resolve_entities=False, huge_tree=True))
    lists = [one for one in root if isinstance(one.tag, str) and etree.QName(one).localname in VERBS]
    names = [etree.QName(one).localname for one in (lists[0] if lists else ()) if isinstance(one.tag, str)]
    return sum(name in {"record", "header"} for name in names)


def understood(response: Response) -> str:
    """Give what was made of a response: `understood`, or what is wrong with that."""
    page = parse(response.body)
    if isinstance(page, NotOai):
        return f"refused: {page.kind}: {page.detail}"
    if response.verb.startswith("error"):
        return "understood" if response.verb.partition(":")[2] in {e.code for e in page.errors} else f"{page.errors}"
    if len(page.items) != counted(response):
        return f"{len(page.items)} of {counted(response)} items"
    if not page.list_found and response.verb in VERBS:
        return f"no {response.verb}"
    return "understood"


@pytest.mark.parametrize("platform", sorted({one.platform for one in index()}))
def test_every_well_formed_response_is_understood(platform):
    """The records found are the record elements in it; an error is the error that it is."""
    made = {one.file: understood(one) for one in index() if one.platform == platform and _is_sound(one)}
    assert {file: what for file, what in made.items() if what != "understood"} == {}


def _is_sound(response: Response) -> bool:
    return response.is_protocol and response.well_formed


def test_every_malformed_response_is_mended_with_a_note_or_refused_with_a_reason():
    """Nine real pages are not well formed: each says what was done to it or why it was not read."""
    broken = [one for one in index() if one.is_protocol and not one.well_formed]
    made = {}
    for response in broken:
        page = parse(response.body)
        made[response.file] = (
            (page.kind, bool(page.detail)) if isinstance(page, NotOai) else ("mended", bool(page.notes))
        )
    assert broken
    assert all(said for _, said in made.values())
    assert {kind for kind, _ in made.values()} <= {"mended", "truncated", "not_xml"}


def test_no_response_takes_long():
    """Bare records and dumps included, nothing hangs."""
    slow = {}
    for response in index():
        body = response.body
        start = time.monotonic()
        parse(body)
        took = time.monotonic() - start
        if took > _SECONDS:
            slow[response.file] = took
    assert slow == {}
