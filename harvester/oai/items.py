"""Records and headers of a page: what the header says, where the metadata stand, and the bytes they came in."""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from harvester.oai.dates import to_instant
from harvester.oai.slices import between_tags, content_digest, cut, digest
from harvester.oai.xml import SPACE, Element, Refused, child, is_utf8, local, parse_strictly, text_of

_METADATA = re.compile(rb"</(?:[\w.-]{1,64}:)?header\s*>|<(?:[\w.-]{1,64}:)?metadata[\s>/]")
_IDENTIFIER = re.compile(rb"<(?:[\w.-]{1,64}:)?identifier(?:\s[^<>]{0,1000})?>([^<]{1,20000})<")


_PLAIN_HEADER = re.compile(
    rb"<record>\s*<header(?P<deleted> status=\"deleted\")?>\s*<identifier>([^<&\r]*)</identifier>\s*"
    rb"<datestamp>([^<&\r]*)</datestamp>((?:\s*<setSpec>[^<&\r]*</setSpec>)*+)\s*</header>\s*(?:(?P<metadata><metadata[\s/>])|</record)"
)
_FEW_SETS_BYTES = 1_000  # of a header that names more, few others name the same
_SET = re.compile(rb"<setSpec>([^<]*)<")


class Item(NamedTuple):
    """One record or header as listed; `problem` set: it cannot be mirrored and goes to quarantine.

    `record` is its element, `xml` the item's own bytes in UTF-8, and `context` the namespace declarations that these need
    from the page.
    """

    identifier: str | None
    datestamp: str | None
    raw_datestamp: str | None
    deleted: bool
    sets: tuple[str, ...]
    record: Element | None
    has_metadata: bool
    xml: bytes
    context: str
    mark: bytes | None  # the digest, where it was needed already
    notes: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def metadata(self) -> Element | None:
        """Give the first element inside the metadata container; looked for when it is asked for, which may be elsewhere."""
        container = None if self.deleted or self.record is None else child(self.record, "metadata")
        return None if container is None else next((one for one in container if isinstance(one.tag, str)), None)

    def light(self) -> "Item":
        """Give the item without its element, which keeps the whole page in memory; `reopen` makes it anew."""
        item: Item = tuple.__new__(Item, (*self[:_RECORD_AT], None, *self[_RECORD_AT + 1 :]))
        return item

    @property
    def digest(self) -> bytes:
        """Give the hash of the bytes; made when asked for, since a reader beside this process can make it."""
        return self.mark or digest(self.xml)

    def marked(self) -> "Item":
        """Give the item with its digest, for who asks for it more than once."""
        return self if self.mark else self._replace(mark=self.digest)

    @property
    def content_digest(self) -> bytes:
        """Give the hash of the content alone; made when asked for, since an unchanged record never needs it."""
        return content_digest(self.xml, deleted=self.deleted)


_RECORD_AT = Item._fields.index("record")


def items_of(lists: Sequence[Element], body: bytes, verb: str) -> tuple[tuple[Item, ...], int]:
    """Give the items of a page's list elements (one, where servers are sane), and how many children are none."""
    name = "header" if verb == "ListIdentifiers" else "record"
    named = [[(one, local(one)) for one in element] for element in lists]
    found = [[one for one, called in some if called == name] for some in named]
    strange = sum(called.lower() not in {"", name, "resumptiontoken"} for some in named for _, called in some)
    if name == "header":
        return tuple(_read(one, None, one, b"", "") for elements in found for one in elements), strange
    elements = [one for some in found for one in some]
    contexts = [context for one, some in zip(lists, found, strict=True) for context in [declarations(one)] * len(some)]
    slices, is_plain = _slices(elements, body, verb)
    read = _read_plainly if is_plain else _read_record
    return tuple(read(*one) for one in zip(elements, slices, contexts, strict=True)), strange


def _slices(elements: list[Element], body: bytes, verb: str) -> tuple[list[bytes], bool]:
    """Cut the page; where its bytes are not UTF-8 or the cut does not fit, the parsed elements are written out instead.

    Tells too whether the slices hold neither comments nor CDATA nor instructions: `<` begins nothing but tags there.
    """
    if elements and is_utf8(elements[0]) and body[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        prefix = elements[0].prefix
        tag = f"{prefix}:record".encode() if prefix else b"record"
        if _is_plain(elements[0]):
            slices = between_tags(body, tag, max(0, body.find(verb.encode())), len(elements))
            if slices is not None:
                return slices, True
        if (cuts := cut(body, "record")) is not None and len(cuts) == len(elements):
            return [body[one.start : one.end] for one in cuts], False
    return [etree.tostring(one, encoding="UTF-8", with_tail=False, xml_declaration=False) for one in elements], False


def _is_plain(element: Element) -> bool:
    """Tell whether a document holds neither comments nor instructions."""
    return next(element.getroottree().getroot().iter(etree.Comment, etree.ProcessingInstruction), None) is None


def declarations(element: Element) -> str:
    """Give the namespace declarations in force at an element, as canonical text."""
    bound = sorted(((prefix or "", uri) for prefix, uri in element.nsmap.items()))
    return " ".join(f'xmlns:{p}="{_quoted(u)}"' if p else f'xmlns="{_quoted(u)}"' for p, u in bound)


def _quoted(uri: str) -> str:
    return uri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def reopen(xml: bytes, context: str) -> Item:
    """Parse one stored slice again. Raises `Refused` where it is not exactly one well-formed record."""
    root = parse_strictly(b"<slice " + context.encode() + b">" + xml + b"</slice>")
    records = [one for one in root if isinstance(one.tag, str)]
    if len(records) != 1:
        raise Refused("not_xml", f"{len(records)} elements where one record is kept")
    return _read_record(records[0], xml, context)


def broken_item(xml: bytes) -> Item:
    """Give the item of a record that is not well formed: its bytes, and its identifier where its header tells it.

    The metadata have identifiers too, and of other things.
    """
    metadata = _METADATA.search(xml, 0, 65_536)
    found = _IDENTIFIER.search(xml, 0, metadata.start() if metadata else 65_536)
    identifier = html.unescape(found[1].decode("utf-8", "replace")).strip(SPACE) if found else None
    return Item(identifier or None, None, None, False, (), None, False, xml, "", None, (), "not_well_formed")


def container_in(xml: bytes) -> int:
    """Give where the metadata container begins in a slice whose header is plain, else -1."""
    plain = _PLAIN_HEADER.match(xml)
    return -1 if plain is None else plain.start("metadata")


def _read_plainly(record: Element, xml: bytes, context: str) -> Item:
    """Read the header from a slice of plain tags of a well-formed page where it is as the specification has it, else from its element."""
    plain = _PLAIN_HEADER.match(xml)
    if plain is None:
        return _read_record(record, xml, context)
    deleted, identifier, datestamp, sets, metadata = plain.groups()
    name, stamp = identifier.decode().strip(SPACE), datestamp.decode()
    return Item(
        name or None,
        to_instant(stamp),
        stamp,
        deleted is not None,
        _sets_named(sets) if sets else (),
        record,
        metadata is not None,
        xml,
        context,
        None,
        (),
        None if name else "no_identifier",
    )


def _sets_named(block: bytes) -> tuple[str, ...]:
    """Give the sets that a plain header names, in its order."""
    return _few_sets(block) if len(block) <= _FEW_SETS_BYTES else _sets_in(block)


def _sets_in(block: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec for one in _SET.findall(block) if (spec := one.decode().strip(SPACE))))


_few_sets = lru_cache(maxsize=1024)(_sets_in)  # many records of a repository name the same ones


def _read_record(record: Element, xml: bytes, context: str) -> Item:
    header = container = None
    for one in record:
        name = local(one)
        if name == "header" and header is None:
            header = one
        elif name == "metadata" and container is None:
            container = one
    if header is None:
        return Item(None, None, None, False, (), None, False, xml, context, None, (), "no_header")
    return _read(header, container, record, xml, context)


def _read(header: Element, container: Element | None, record: Element, xml: bytes, context: str) -> Item:
    identifier = datestamp = None
    sets: dict[str, None] = {}
    for one in header:
        name, text = local(one), one.text if not len(one) else text_of(one)
        if name == "identifier" and identifier is None:
            identifier = (text or "").strip(SPACE)
        elif name == "datestamp" and datestamp is None:
            datestamp = text or ""
        elif name == "setSpec" and (spec := (text or "").strip(SPACE)):
            sets[spec] = None
    return Item(
        identifier or None,
        to_instant(datestamp),
        datestamp,
        _deleted(header) or _deleted(record),
        tuple(sets),
        record,
        container is not None,
        xml,
        context,
        None,
        (),
        None if identifier else "no_identifier",
    )


def _deleted(element: Element) -> bool:
    """A status in odd case, with spaces, or on the record as in OAI 1.x means the same (Q58)."""
    status = element.get("status")
    return status is not None and status.strip().lower() == "deleted"
