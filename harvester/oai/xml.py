"""XML parsed strictly: no DTD, no entities, no network, bounded depth (design rule 9; Q53, Q60)."""

import re
from functools import cache
from typing import Any

from lxml import etree

MAX_DEPTH = 256
_PROLOG_DOCTYPE = re.compile(rb"\A(?:\s|<\?.*?\?>|<!--.*?-->)*<!DOCTYPE", re.DOTALL)

Element = Any  # lxml's elements are untyped here


class Refused(Exception):
    """The bytes are not XML that is read; `kind` is dtd, too_deep or not_xml."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


@cache
def _parser(huge: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge, remove_comments=False, recover=False
    )


def parse_strictly(body: bytes) -> Element:
    """Give the root element. Raises `Refused`."""
    if _PROLOG_DOCTYPE.match(body[:65_536]):
        raise Refused("dtd", "the document brings a DOCTYPE, which is never read")
    try:
        return etree.fromstring(body, _parser(False))
    except etree.XMLSyntaxError as error:
        text = str(error)
        if "depth" in text.lower():
            raise Refused("too_deep", f"elements are nested more than {MAX_DEPTH} deep") from error
        if "huge" not in text.lower() and "too long" not in text.lower() and "too big" not in text.lower():
            raise Refused("not_xml", text) from error
    return _parse_huge(body)


def _parse_huge(body: bytes) -> Element:
    """Parse a page with a text of more than 10 MB, after its depth was measured without building a tree (Q60)."""
    from xml.parsers import expat

    depth = deepest = 0

    def start(name: str, attributes: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            raise Refused("too_deep", f"elements are nested more than {MAX_DEPTH} deep")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(body, True)
        return etree.fromstring(body, _parser(True))
    except (expat.ExpatError, etree.XMLSyntaxError) as error:
        raise Refused("not_xml", str(error)) from error


def local(element: Element) -> str:
    """Give an element's name without its namespace; "" for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """Give an element's namespace, "" for none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def text_of(element: Element | None) -> str:
    """Give the text of an element and all below it, or ""."""
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
