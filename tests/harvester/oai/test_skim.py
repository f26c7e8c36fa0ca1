"""Passing over known records gives the page that reading everything gives, or nothing at all."""

import pytest

from harvester.oai.page import NotOai, Page, parse
from harvester.oai.skim import skim
from mirror_db.entries import Known

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-11-23T08:00:00Z</responseDate><request>x</request><ListRecords>\n"
)
TAIL = '<resumptionToken completeListSize="9">next</resumptionToken></ListRecords></OAI-PMH>'


def _record(name: str, title: str = "rivers") -> str:
    header = f"<header><identifier>{name}</identifier><datestamp>2026-11-01</datestamp></header>"
    return f"<record>{header}<metadata><dc><title>{title}</title></dc></metadata></record>\n"


def _page(*records: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return (head + "".join(records) + tail).encode()


def _whole(body: bytes) -> Page:
    page = parse(body)
    assert isinstance(page, Page)
    return page


def _look(body: bytes, *names: str):
    """Hold those records of a page that are named."""
    items = [item for item in _whole(body).items if item.identifier in names]
    held = {i.identifier: Known(1, int(i.deleted), i.digest, None, i.datestamp) for i in items}
    return lambda asked: {name: held[name] for name in asked if name in held}


def _told(page: Page) -> tuple[object, ...]:
    items = [(i.identifier, i.datestamp, i.deleted, i.digest, i.problem) for i in page.items]
    return items, page._replace(items=(), root=None)


@pytest.mark.parametrize("names", ["abcd", "abc", "bcd", "ad", "bc", "ac"])
def test_what_is_known_and_what_is_not_come_in_the_order_of_the_list(names):
    """Identifiers, digests, token and date are those of the page parsed whole; what is known comes without its bytes."""
    body = _page(*map(_record, "abcd"))
    page = skim(body, _look(body, *names))
    assert page is not None
    assert _told(page) == _told(_whole(body))
    assert [item.metadata is not None for item in page.items] == [name not in names for name in "abcd"]
    assert [i.xml for i in page.items] == [b"" if i.identifier in names else i.xml for i in _whole(body).items]


def test_a_changed_record_is_read():
    """The same identifier with other bytes is not known."""
    before = _page(*map(_record, "abc"))
    after = _page(_record("a"), _record("b", "lakes"), _record("c"))
    page = skim(after, _look(before, *"abc"))
    assert page is not None
    assert [item.metadata is not None for item in page.items] == [False, True, False]


def test_the_look_is_asked_once_for_the_whole_page():
    """One question per page, with every identifier."""
    asked: list[list[str]] = []
    body = _page(*map(_record, "abc"))
    skim(body, lambda names: asked.append(list(names)) or {})
    assert asked == [["a", "b", "c"]]


@pytest.mark.parametrize(
    "body",
    [
        _page(*map(_record, "abcd"))[:-12],  # breaks off
        _page(*map(_record, "abcd"), tail="</ListRecords>"),  # not closed
        _page(_record("a"), _record("b"), "<record><header>", _record("c"), _record("d")),  # broken in between
        _page(*map(_record, "abcd"), "<record>&nothing;</record>"),  # an entity that is not declared
    ],
)
def test_a_page_that_is_not_well_formed_is_never_skimmed(body):
    """However much of it is known: strictness is that of the whole document."""
    sound = _page(*map(_record, "abcd"))
    assert skim(body, _look(sound, *"abcd")) is None


@pytest.mark.parametrize(
    "body",
    [
        _page(_record("a"), "<!--", _record("b"), "-->", _record("c")),
        _page(_record("a"), "<x><![CDATA[", _record("b"), "]]></x>", _record("c")),
        _page(_record("a"), "<?x ", _record("b"), "?>", _record("c")),
        _page(_record("a"), "<record><metadata>", _record("b"), "</metadata></record>", _record("c")),
        _page(*map(_record, "abc"), head=HEAD.replace("UTF-8", "ISO-8859-1")),
        _page(*(_record(name).replace("<record>", "<record status='x'>") for name in "abc")),
        _page(_record("a"), "<about>", _record("b"), "</about>", _record("c")),
    ],
)
def test_what_is_not_certain_is_parsed_whole(body):
    """Records in comments, in CDATA, inside others or under other names are left to the parser."""
    sound = _page(*map(_record, "abc"))
    assert skim(body, _look(sound, *"abc")) is None


def test_few_known_records_are_not_worth_it():
    """A page of news is parsed whole."""
    body = _page(*map(_record, "abcd"))
    assert (skim(body, _look(body, "a")), skim(body, _look(body))) == (None, None)


def test_errors_and_other_verbs_are_not_skimmed():
    """A page without a list of records has nothing to pass over."""
    body = b'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH><error code="badVerb"/></OAI-PMH>'
    assert skim(body, lambda names: {}) is None
    assert not isinstance(parse(body), NotOai)


def test_a_tombstone_of_the_same_name_is_read():
    """A record that died since then has other bytes."""
    body = _page(
        _record("a"), _record("b"), '<record><header status="deleted"><identifier>c</identifier></header></record>'
    )
    sound = _page(*map(_record, "abc"))
    page = skim(body, _look(sound, *"abc"))
    assert page is not None
    assert [item.deleted for item in page.items] == [False, False, True]


def test_a_tombstone_that_is_held_is_passed_over():
    """It has bytes like any other record."""
    dead = '<record><header status="deleted"><identifier>c</identifier><datestamp>2026-11-02</datestamp></header></record>\n'
    body = _page(_record("a"), dead, _record("b"))
    page = skim(body, _look(body, *"abc"))
    assert page is not None
    assert _told(page) == _told(_whole(body))
    assert [item.xml for item in page.items] == [b""] * 3


def test_a_record_that_vanished_and_came_back_is_read():
    """The mirror counts it as deleted, though its bytes are those of a live record."""
    body = _page(*map(_record, "abc"))
    held = _look(body, *"abc")(["a", "b", "c"])
    page = skim(body, lambda names: {**held, "b": held["b"]._replace(deleted=1)})
    assert page is not None
    assert [item.metadata is not None for item in page.items] == [False, True, False]


@pytest.mark.parametrize(
    "between",
    ["<about/>", "text", "</record>", "<record/>", "<record></record>"],
)
def test_what_stands_between_known_records_is_parsed(between):
    """It comes out as it does of the page parsed whole, or the page is parsed whole."""
    sound = _page(*map(_record, "abc"))
    body = _page(_record("a"), between, _record("b"), _record("c"))
    page, whole = skim(body, _look(sound, *"abc")), parse(body)
    assert page is None or (isinstance(whole, Page) and _told(page) == _told(whole))
