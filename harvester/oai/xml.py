"""XML parsed strictly: no DTD, no entities, no network, bounded depth (design rule 9; Q53, Q60)."""

import re
from functools import cache, lru_cache
from typing import Any

from lxml import etree

MAX_DEPTH = 256  # libxml2's own bound; 2,048 for a page that holds a text of more than 10 MB
_RESOURCE_LIMIT, _COMMENT_TOO_BIG, _NAME_TOO_LONG = 114, 45, 110
_PREFIX_UNBOUND = 201
_DOCTYPE = re.compile(rb"<\x00*!\x00*D\x00*O\x00*C\x00*T\x00*Y\x00*P\x00*E")

Element = Any  # lxml's elements are untyped here


class Refused(Exception):
    """The bytes are not XML that is read; `kind` is dtd, too_deep or not_xml, `unbound` says that a prefix is undeclared."""

    def __init__(self, kind: str, detail: str, *, unbound: bool = False) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.unbound = unbound


@cache
def _parser(huge: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge, remove_comments=False, recover=False
    )


SPACE = " \t\r\n"  # what XML calls white space: a no-break space at an identifier's end is a part of it


def parse_strictly(body: bytes) -> Element:
    """Give the root element. Raises `Refused`.

    A DOCTYPE is found after the parse, which neither loads nor expands what it declares, and which ends a bomb in
    attributes at libxml2's bound.
    """
    try:
        root = etree.fromstring(body, _parser(False))
    except etree.XMLSyntaxError as error:
        if error.code not in {_RESOURCE_LIMIT, _COMMENT_TOO_BIG, _NAME_TOO_LONG}:
            raise Refused("not_xml", str(error), unbound=error.code == _PREFIX_UNBOUND) from error
        root = _parse_huge(body, str(error))
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("dtd", "the document brings a DOCTYPE, which is never read")
    return root


def _parse_huge(body: bytes, why: str) -> Element:
    """Parse a page with a text of more than 10 MB (Q60): without libxml2's bounds on size, so never with a DOCTYPE."""
    if "depth" in why.lower():
        raise Refused("too_deep", f"elements are nested more than {MAX_DEPTH} deep")
    if _DOCTYPE.search(body):
        raise Refused("dtd", "a document of this size with a DOCTYPE is never read")
    try:
        return etree.fromstring(body, _parser(True))
    except etree.XMLSyntaxError as error:
        kind = "too_deep" if error.code == _RESOURCE_LIMIT and "depth" in str(error).lower() else "not_xml"
        raise Refused(kind, str(error)) from error


def is_utf8(root: Element) -> bool:
    """Tell whether a parsed document's bytes are UTF-8 (or ASCII), by what the parser took them for."""
    return (root.getroottree().docinfo.encoding or "UTF-8").upper() in {"UTF-8", "US-ASCII", "ASCII"}


def local(element: Element) -> str:
    """Give an element's name without its namespace; "" for a comment or an instruction."""
    return _local(element.tag)


@lru_cache(maxsize=1_024)
def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """Give an element's namespace, "" for none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def text_of(element: Element | None) -> str:
    """Give the text of an element and all below it without comments, or ""."""
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    return "".join(element.itertext())


def children(element: Element, name: str) -> list[Element]:
    """Give the child elements with this local name, in whatever namespace (Q54, Q55: children only)."""
    return [child for child in element if local(child) == name]


def child(element: Element, name: str) -> Element | None:
    """Give the first child element with this local name."""
    for one in element:
        if local(one) == name:
            return one
    return None
