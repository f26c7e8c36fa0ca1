"""One answer of a server, parsed once: errors, items with their own bytes, and the token.

bytes -> strict XML (else mended, else record by record) -> Page | NotOai
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from harvester.oai import repair
from harvester.oai.dates import to_instant
from harvester.oai.gate import is_html, is_whole, looks_like_oai, title_of
from harvester.oai.items import Item, declarations, items_of, reopen
from harvester.oai.large import LARGE, Records, alone, envelope, has_records, marks_in
from harvester.oai.slices import Cut, cut, cut_at_openings, cut_roughly
from harvester.oai.statements import CODES, TOKEN, OaiError, Token, error_of, token_of
from harvester.oai.xml import Element, Refused, child, children, is_utf8, local, namespace, parse_strictly, text_of

OAI = "http://www.openarchives.org/OAI/2.0/"
VERBS = ("ListRecords", "ListIdentifiers", "GetRecord", "Identify", "ListSets", "ListMetadataFormats")
_ITEM = {"ListRecords": "record", "GetRecord": "record", "ListIdentifiers": "header"}
_NEAR = 65_536  # bytes behind one record's end in which the next one begins
_LARGEST_MENDED = 16_777_216  # bytes: mending takes several times that in memory; a broken page is cut up otherwise

__all__ = ["CODES", "Item", "NotOai", "OaiError", "Page", "Token", "is_whole", "looks_like_oai", "parse", "reopen"]

Notes = tuple[tuple[str, str], ...]


class Page(NamedTuple):
    """A well-formed OAI-PMH document. `root` is the verb's element (None with errors); `lost` says what a repair could not save."""

    verb: str | None
    response_date: str | None
    request_url: str | None
    errors: tuple[OaiError, ...]
    list_found: bool
    items: Sequence[Item]
    token: Token | None
    notes: Notes
    lost: tuple[str, ...]
    root: Element | None

    @property
    def is_empty(self) -> bool:
        """Tell whether the verb's element holds nothing that was asked for."""
        if self.items or self.root is None:
            return not self.items
        return self.verb in _ITEM or not any(local(one).lower() not in {"", TOKEN} for one in self.root)

    def parts(self) -> "Iterator[Page]":
        """Give the page in parts that fit into memory with all that is made of them: itself, unless it is a large one."""
        if not isinstance(self.items, Records):
            yield self
            return
        notes, lost = self.notes, self.lost
        for items in self.items.parts():
            yield self._replace(items=items, notes=notes, lost=lost)
            notes, lost = (), ()


class NotOai(NamedTuple):
    """Anything else; `kind` is empty, html, truncated, not_xml, not_oai, dtd, too_deep or gzip."""

    kind: str
    detail: str


class Parse(Protocol):
    """A way of reading an answer: `parse`, or one that passes over what is known."""

    def __call__(self, body: bytes, *, charset: str | None = None) -> Page | NotOai:
        """Read an answer; `charset` is the one of Content-Type."""


def parse(body: bytes, *, charset: str | None = None) -> Page | NotOai:
    """Read an answer; `charset` is the one of Content-Type. Never raises for what a server may send."""
    if not body[:4096].strip(b"\xef\xbb\xbf\x00 \t\r\n") and not body.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        return NotOai("empty", "the answer is empty")
    if len(body) >= LARGE and (page := _large(body)) is not None:
        return page
    try:
        return _page(parse_strictly(body), body, ())
    except Refused as refused:
        if refused.kind == "too_deep" or len(body) > _LARGEST_MENDED:
            return NotOai(refused.kind, refused.detail)
        return _parse_mended(body, charset, refused)


def _large(body: bytes) -> Page | None:
    """Read a large page of ListRecords in flat memory; None where it has to be read like any other.

    A mark takes the place of each record: only where all of them stand directly in the one list element was the cut right.
    """
    cuts = cut(body, "record")
    if not cuts:
        return None
    try:
        root = parse_strictly(envelope(body, cuts, marked=True))
    except Refused:
        return None
    page = _page(root, b"", ())
    if isinstance(page, NotOai) or page.root is None or page.verb != "ListRecords" or not is_utf8(root):
        return None
    if page.items or has_records(page.root) or marks_in(page.root) != len(cuts):
        return None
    return page._replace(items=Records(body, cuts, declarations(page.root)))


def _parse_mended(body: bytes, charset: str | None, refused: Refused) -> Page | NotOai:
    if not looks_like_oai(body):
        return _no_document(body, refused)
    mended = repair.decode(body, charset)
    if repair.declares_entities(mended.text):
        return NotOai("dtd", "the document brings a DOCTYPE with declarations, which are never read")
    if repair.is_truncated(mended.text):
        return NotOai("truncated", "the document breaks off before its end")
    mended = repair.mend(mended)
    if refused.unbound:
        mended = repair.bind(mended)
    page = _strictly(mended)
    if isinstance(page, Refused) and page.unbound and not refused.unbound:
        mended = repair.bind(mended)
        page = _strictly(mended)
    if isinstance(page, Refused):
        page = _in_pieces(mended, page)
    return page if isinstance(page, NotOai) else _touched(page, body)


def _strictly(mended: repair.Mended) -> Page | NotOai | Refused:
    fixed = repair.to_bytes(mended.text)
    try:
        return _page(parse_strictly(fixed), fixed, mended.notes)
    except Refused as refused:
        return refused


def _in_pieces(mended: repair.Mended, refused: Refused) -> Page | NotOai:
    page = _record_by_record(repair.to_bytes(mended.text), mended.notes) if refused.kind == "not_xml" else None
    return page or NotOai(refused.kind, f"not well-formed XML: {refused.detail}")


def _no_document(body: bytes, refused: Refused) -> NotOai:
    if is_html(body):
        return NotOai("html", f"an HTML page instead of OAI-PMH{title_of(body)}")
    if refused.kind == "dtd":
        return NotOai("dtd", refused.detail)
    return NotOai("not_xml", f"not well-formed XML: {refused.detail}")


def _touched(page: Page, body: bytes) -> Page:
    """Note a page's repairs on the records whose bytes are not the ones received, and on those alone."""
    codes = tuple(code for code, _ in page.notes)
    at, items = 0, []
    for item in page.items:
        near = at + 2 * len(item.xml) + _NEAR
        found = body.find(item.xml, at, near) if item.xml else -1
        at = found + len(item.xml) if found >= 0 else at
        items.append(item if found >= 0 else item._replace(notes=codes))
    return page._replace(items=tuple(items))


def _page(root: Element, body: bytes, notes: Notes) -> Page | NotOai:
    if local(root) != "OAI-PMH":
        kind = "html" if local(root).lower() == "html" else "not_oai"
        return NotOai(kind, f"a document of type {local(root)[:80]} instead of OAI-PMH")
    if namespace(root) != OAI:
        notes = (*notes, ("namespace", f"the document is in the namespace {namespace(root)[:200] or 'none'}"))
    answers = [one for one in root if local(one) in VERBS]
    verb = local(answers[0]) if answers else None
    lists = [one for one in answers if local(one) == verb]
    lost = tuple(f"the document also holds a {local(one)}" for one in answers if local(one) != verb)
    if len(lists) > 1:
        notes = (*notes, ("lists", f"{len(lists)} {verb} elements in one document"))
    items: tuple[Item, ...] = ()
    if verb in _ITEM:
        items, strange = items_of(lists, body, verb)
        if strange:
            lost = (*lost, f"{strange} elements in the list are no {_ITEM[verb]}")
    token, doubts = token_of(root, lists)
    return Page(
        verb,
        to_instant(text_of(child(root, "responseDate"))),
        text_of(child(root, "request")).strip() or None,
        tuple(error_of(one) for one in children(root, "error")),
        bool(answers),
        items,
        token,
        notes,
        (*lost, *doubts),
        answers[0] if answers else None,
    )


def _record_by_record(body: bytes, notes: Notes) -> Page | None:
    """Read a page in which single records are broken: the envelope must be sound without them, and every record
    stands by itself or is handed over as it is, for the quarantine (design rule 6)."""
    start = body.find(b"ListRecords")
    if start < 0:
        return None
    for cuts in (cut(body, "record"), cut_roughly(body, "record", start), cut_at_openings(body, "record", start)):
        page = _from_cuts(body, cuts, notes) if cuts else None
        if page is not None:
            return page
    return None


def _from_cuts(body: bytes, cuts: tuple[Cut, ...], notes: Notes) -> Page | None:
    rest = envelope(body, cuts)
    try:
        page = _page(parse_strictly(rest), rest, notes)
    except Refused:
        return None
    if isinstance(page, NotOai) or page.root is None or page.verb != "ListRecords" or page.items:
        return None
    context = declarations(page.root)
    items = tuple(alone(body[one.start : one.end], context) for one in cuts)
    return page._replace(items=items, notes=(*notes, ("record_by_record", "single records are not well-formed XML")))
