"""Records and headers of a page: what the header says, where the metadata stand, and the bytes they came in."""

import re
from typing import NamedTuple

from lxml import etree

from harvester.oai.dates import to_instant
from harvester.oai.slices import content_digest, cut, digest
from harvester.oai.xml import Element, child, local, parse_strictly, text_of

_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]{1,4096}?)\s*</")


class Item(NamedTuple):
    """One record or header as listed; `problem` set: it cannot be mirrored and goes to quarantine.

    `metadata` is the first element inside the metadata container, `xml` the item's own bytes in UTF-8, and `context`
    the namespace declarations that these need from the page.
    """

    identifier: str | None
    datestamp: str | None
    raw_datestamp: str | None
    deleted: bool
    sets: tuple[str, ...]
    metadata: Element | None
    has_metadata: bool
    xml: bytes
    context: str
    digest: bytes
    content_digest: bytes
    notes: tuple[str, ...] = ()
    problem: str | None = None


def items_of(
    element: Element, body: bytes, verb: str, *, noted: tuple[str, ...]
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Give the items of a list element, and what could not be told apart; `noted` are repairs that touched the page."""
    name = "header" if verb == "ListIdentifiers" else "record"
    elements = [one for one in element if local(one) == name]
    if name == "header":
        return tuple(_read(one, one, b"", "", noted) for one in elements), ()
    context = declarations(element)
    slices = _slices(elements, body, verb)
    return tuple(
        _read(child(one, "header"), one, xml, context, noted) for one, xml in zip(elements, slices, strict=True)
    ), ()


def _slices(elements: list[Element], body: bytes, verb: str) -> list[bytes]:
    """Cut the page; where the cut and the parse do not agree, the parsed elements are written out instead."""
    start = body.find(verb.encode())
    cuts = cut(body, "record", start) if start >= 0 and not body.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    if cuts is not None and len(cuts) == len(elements):
        slices = [body[one.start : one.end] for one in cuts]
        if _is_utf8(body) and all(_agrees(xml, one) for xml, one in zip(slices, elements, strict=True)):
            return slices
    return [etree.tostring(one, encoding="UTF-8", with_tail=False, xml_declaration=False) for one in elements]


def _is_utf8(body: bytes) -> bool:
    head = body[:200].lower()
    at = head.find(b"encoding=")
    return at < 0 or head[at + 10 : at + 15] in {b"utf-8", b"us-as"}


def _agrees(xml: bytes, element: Element) -> bool:
    header = child(element, "header")
    identifier = text_of(child(header, "identifier")).strip() if header is not None else ""
    found = _IDENTIFIER.search(xml)
    if found is None:
        return not identifier
    return b"&" in found[1] or found[1].decode("utf-8", "replace") == identifier


def declarations(element: Element) -> str:
    """Give the namespace declarations in force at an element, as canonical text."""
    bound = sorted(((prefix or "", uri) for prefix, uri in element.nsmap.items()))
    return " ".join(f'xmlns:{p}="{_quoted(u)}"' if p else f'xmlns="{_quoted(u)}"' for p, u in bound)


def _quoted(uri: str) -> str:
    return uri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def reopen(xml: bytes, context: str) -> Item:
    """Parse one stored slice again. Raises `Refused` where it is not well formed."""
    root = parse_strictly(b"<slice " + context.encode() + b">" + xml + b"</slice>")
    record = root[0]
    return _read(child(record, "header"), record, xml, context, ())


def broken_item(xml: bytes) -> Item:
    """Give the item of a record that is not well formed: its bytes, and its identifier where it can be told."""
    found = _IDENTIFIER.search(xml[:65_536])
    identifier = found[1].decode("utf-8", "replace").strip() if found else None
    mark = digest(xml)
    return Item(identifier, None, None, False, (), None, False, xml, "", mark, mark, (), "not_well_formed")


def _read(header: Element | None, record: Element, xml: bytes, context: str, noted: tuple[str, ...]) -> Item:
    mark = digest(xml)
    if header is None:
        return Item(None, None, None, False, (), None, False, xml, context, mark, mark, noted, "no_header")
    identifier = datestamp = None
    sets = []
    for one in header:
        name = local(one)
        if name == "identifier" and identifier is None:
            identifier = (one.text or "").strip()
        elif name == "datestamp" and datestamp is None:
            datestamp = text_of(one)
        elif name == "setSpec" and (spec := text_of(one).strip()):
            sets.append(spec)
    deleted = _deleted(header) or (record is not header and _deleted(record))
    container = None if record is header else child(record, "metadata")
    metadata = None
    if container is not None and not deleted:
        metadata = next((one for one in container if isinstance(one.tag, str)), None)
    return Item(
        identifier or None,
        to_instant(datestamp),
        datestamp,
        deleted,
        tuple(dict.fromkeys(sets)),
        metadata,
        container is not None,
        xml,
        context,
        mark,
        content_digest(xml, deleted=deleted),
        noted,
        None if identifier else "no_identifier",
    )


def _deleted(element: Element) -> bool:
    """A status in odd case, with spaces, or on the record as in OAI 1.x means the same (Q58)."""
    return (element.get("status") or "").strip().lower() == "deleted"
