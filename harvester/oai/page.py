"""One answer of a server, parsed once: errors, items with their own bytes, and the token.

bytes -> strict XML (else mended, else record by record) -> Page | NotOai
"""

import re
from typing import NamedTuple

from harvester.oai import repair
from harvester.oai.dates import to_instant
from harvester.oai.items import Item, broken_item, items_of, reopen
from harvester.oai.slices import Cut, cut
from harvester.oai.xml import Element, Refused, child, children, local, namespace, parse_strictly, text_of

OAI = "http://www.openarchives.org/OAI/2.0/"
VERBS = ("ListRecords", "ListIdentifiers", "GetRecord", "Identify", "ListSets", "ListMetadataFormats")
_ITEM = {"ListRecords": "record", "GetRecord": "record", "ListIdentifiers": "header"}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?OAI-PMH[\s>/]")
_WIDE_ROOT = re.compile(rb"<\x00?(?:[\w.-]\x00)*(?::\x00)?O\x00A\x00I\x00-\x00P\x00M\x00H\x00")  # UTF-16, either order
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>\s*\Z")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title")

__all__ = ["Item", "NotOai", "OaiError", "Page", "Token", "looks_like_oai", "parse", "reopen"]


class OaiError(NamedTuple):
    """One error element: its code as sent, its text."""

    code: str
    text: str


class Token(NamedTuple):
    """A resumptionToken; `value` without white space around it (Q15), "" at the end of a list."""

    value: str
    cursor: str | None
    complete_list_size: int | None
    expiration_date: str | None


class Page(NamedTuple):
    """A well-formed OAI-PMH document. `root` is the verb's element (None with errors); `lost` says what a repair could not save."""

    verb: str | None
    response_date: str | None
    request_url: str | None
    errors: tuple[OaiError, ...]
    list_found: bool
    items: tuple[Item, ...]
    token: Token | None
    notes: tuple[tuple[str, str], ...]
    lost: tuple[str, ...]
    root: Element | None

    @property
    def is_empty(self) -> bool:
        """Tell whether the verb's element holds nothing that was asked for."""
        if self.items or self.root is None:
            return not self.items
        return self.verb in _ITEM or not any(local(one) not in {"", "resumptionToken"} for one in self.root)


class NotOai(NamedTuple):
    """Anything else; `kind` is empty, html, truncated, not_xml, not_oai, dtd, too_deep or gzip."""

    kind: str
    detail: str


def looks_like_oai(body: bytes) -> bool:
    """Tell cheaply whether a body is an OAI-PMH document, whatever the status it came under (Q25)."""
    return _ROOT.search(body, 0, 65_536) is not None or _WIDE_ROOT.search(body, 0, 65_536) is not None


def is_whole(body: bytes) -> bool:
    """Tell cheaply whether a body ends where an OAI-PMH document ends (Q30); the parse proves the rest."""
    return _END.search(body, max(0, len(body) - 256)) is not None


def parse(body: bytes, *, charset: str | None = None) -> Page | NotOai:
    """Read an answer; `charset` is the one of Content-Type. Never raises for what a server may send."""
    if not body.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        return NotOai("empty", "the answer is empty")
    try:
        return _page(parse_strictly(body), body, ())
    except Refused as refused:
        if refused.kind != "not_xml":
            return NotOai(refused.kind, refused.detail)
        return _parse_mended(body, charset, refused)


def _parse_mended(body: bytes, charset: str | None, refused: Refused) -> Page | NotOai:
    if not looks_like_oai(body) and _is_html(body):
        return NotOai("html", f"an HTML page instead of OAI-PMH{_title(body)}")
    mended = repair.decode(body, charset)
    if repair.is_truncated(mended.text):
        return NotOai("truncated", "the document breaks off before its end")
    mended = repair.mend(mended)
    fixed = repair.to_bytes(mended.text)
    try:
        return _page(parse_strictly(fixed), fixed, mended.notes)
    except Refused as again:
        if again.kind != "not_xml":
            return NotOai(again.kind, again.detail)
        page = _record_by_record(fixed, mended.notes)
        return page or NotOai("not_xml", f"not well-formed XML: {refused.detail}")


def _page(root: Element, body: bytes, notes: tuple[tuple[str, str], ...]) -> Page | NotOai:
    if local(root) != "OAI-PMH":
        kind = "html" if local(root).lower() == "html" else "not_oai"
        return NotOai(kind, f"a document of type {local(root)} instead of OAI-PMH")
    if namespace(root) != OAI:
        notes = (*notes, ("namespace", f"the document is in the namespace {namespace(root) or 'none'}"))
    errors = tuple(OaiError((e.get("code") or "unknown").strip(), text_of(e).strip()) for e in children(root, "error"))
    verb, element = _verb(root)
    items: tuple[Item, ...] = ()
    lost: tuple[str, ...] = ()
    if element is not None and verb in _ITEM:
        items, lost = items_of(element, body, verb, noted=tuple(code for code, _ in notes))
    request = child(root, "request")
    return Page(
        verb,
        to_instant(text_of(child(root, "responseDate"))),
        text_of(request).strip() or None,
        errors,
        element is not None,
        items,
        _token(element),
        notes,
        lost,
        element,
    )


def _verb(root: Element) -> tuple[str | None, Element | None]:
    for one in root:
        name = local(one)
        if name in VERBS:
            return name, one
    return None, None


def _token(element: Element | None) -> Token | None:
    found = child(element, "resumptionToken") if element is not None else None
    if found is None:
        return None
    return Token(
        text_of(found).strip(),
        found.get("cursor"),
        _size(found.get("completeListSize")),
        to_instant(found.get("expirationDate")),
    )


def _size(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


def _record_by_record(body: bytes, notes: tuple[tuple[str, str], ...]) -> Page | None:
    """Read a page in which single records are broken: the envelope must be sound without them, and every record
    stands by itself or is handed over as it is, for the quarantine (design rule 6)."""
    start = body.find(b"ListRecords")
    cuts = cut(body, "record", start) if start >= 0 else None
    if not cuts:
        return None
    envelope = _without(body, cuts)
    try:
        page = _page(parse_strictly(envelope), envelope, notes)
    except Refused:
        return None
    if isinstance(page, NotOai) or page.root is None or page.items:
        return None
    declarations = " ".join(
        f'xmlns:{prefix}="{uri}"' if prefix else f'xmlns="{uri}"'
        for prefix, uri in sorted(page.root.nsmap.items(), key=str)
    )
    items = tuple(_alone(body[one.start : one.end], declarations) for one in cuts)
    return page._replace(items=items, notes=(*notes, ("record_by_record", "single records are not well-formed XML")))


def _alone(xml: bytes, declarations: str) -> Item:
    try:
        return reopen(xml, declarations)
    except Refused:
        return broken_item(xml)


def _without(body: bytes, cuts: tuple[Cut, ...]) -> bytes:
    parts, last = [], 0
    for one in cuts:
        parts.append(body[last : one.start])
        last = one.end
    return b"".join((*parts, body[last:]))


def _is_html(body: bytes) -> bool:
    start = body[:2048].lower()
    return any(mark in start for mark in _HTML)


def _title(body: bytes) -> str:
    lower = body[:65_536].lower()
    start, end = lower.find(b"<title"), lower.find(b"</title")
    if start < 0 or end < start:
        return ""
    text = body[start:end].partition(b">")[2].decode("utf-8", "replace")
    return f": {' '.join(text.split())[:120]}"
