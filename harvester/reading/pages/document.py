"""An HTML page as lines of text with the place they stand in: main content, or furniture of the site. Nothing is run.

The tree is walked once, without recursion; scripts, styles, templates and what is hidden are never text.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from lxml import html
from lxml.etree import ParserError

_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NO_TEXT = frozenset(
    {"script", "style", "template", "noscript", "textarea", "select", "option", "svg", "iframe", "object"}
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
# Furniture by element, by role and by name. Names are compared as whole words of class and id.
_BY_TAG = {"footer": "the footer", "nav": "the navigation", "aside": "a side column"}
_BY_ROLE = {
    "contentinfo": "the footer",
    "navigation": "the navigation",
    "complementary": "a side column",
    "dialog": "a dialogue",
    "search": "a search form",
}
_BY_WORD = {
    **dict.fromkeys(("footer", "foot", "pagefooter", "sitefooter", "colophon"), "the footer"),
    **dict.fromkeys(
        ("cookie", "cookies", "consent", "gdpr", "ccc", "cookiebar", "cookiebanner", "banner"),
        "a cookie or consent banner",
    ),
    **dict.fromkeys(
        (
            "related",
            "recommend",
            "recommended",
            "recommendations",
            "similar",
            "suggestions",
            "alsoviewed",
            "seealso",
            "recent",
            "citing",
            "citedby",
        ),
        "a list of other items",
    ),
    **dict.fromkeys(
        ("sidebar", "navbar", "breadcrumb", "breadcrumbs", "menu", "navigation", "nav", "topbar"), "the navigation"
    ),
    **dict.fromkeys(("comment", "comments", "disqus", "references", "bibliography"), "comments or references"),
    **dict.fromkeys(("modal", "popup", "dialog"), "a dialogue"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADING_OF_OTHERS = re.compile(
    r"(?:related|similar|recommended|recent|see also|you may|also (?:by|in|viewed)|cited by|references|bibliography|further reading|"
    r"more (?:by|from|like|in)|other (?:items|papers|works|publications|articles|versions))\b.{0,60}",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MAX_STEPS = 400_000  # openings and closings of elements


class Line(NamedTuple):
    """A line of text: `tag` is its block, `furniture` the part of the site it stands in, or None for the content."""

    text: str
    tag: str
    furniture: str | None
    label: str = ""  # text in bold or of a label at its beginning
    in_link: bool = False  # all of it is a link
    classes: str = ""


class Anchor(NamedTuple):
    """A link with its words and its place."""

    href: str
    rel: frozenset[str]
    furniture: str | None


class Picture(NamedTuple):
    """An image's or a symbol's words with its place."""

    words: str
    furniture: str | None


class Document:
    """A parsed page."""

    def __init__(self, root: Any, url: str) -> None:
        self.url = url
        self._root = root
        self.lines: list[Line] = []
        self.anchors: list[Anchor] = []
        self.pictures: list[Picture] = []
        _Walk(self).over(root)

    @cached_property
    def words(self) -> str:
        """Give all visible text."""
        return " ".join(line.text for line in self.lines)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Give what the page calls itself: headings and titles in its head."""
        found = [value for name, value in self.metas if name.endswith("title")]
        return (*found, *(line.text for line in self.lines if line.tag in {"h1", "h2", "title"}))

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Give values that are not text: meta contents and the targets of links."""
        return (*(value for _, value in self.metas), *(anchor.href for anchor in self.anchors))

    @cached_property
    def metas(self) -> tuple[tuple[str, str], ...]:
        """Give (lower-case name, content) of meta elements."""
        found = []
        for node in self._root.iter("meta"):
            name, content = node.get("name") or node.get("property"), node.get("content")
            if name and content:
                found.append((name.strip().lower(), content))
        return tuple(found[:500])

    @cached_property
    def head_links(self) -> tuple[tuple[frozenset[str], str], ...]:
        """Give (relations, target) of link elements."""
        nodes = (node for node in self._root.iter("link") if node.get("href"))
        return tuple((_rel(node), node.get("href")) for node in nodes)

    @cached_property
    def data(self) -> tuple[str, ...]:
        """Give the JSON-LD blocks as text; no other script is ever looked at."""
        nodes = (
            node
            for node in self._root.iter("script")
            if (node.get("type") or "").lower().startswith("application/ld+json")
        )
        return tuple(node.text or "" for node in nodes)[:20]


def open_document(body: bytes, url: str, content_type: str) -> Document | None:
    """Parse a page, however broken; None where there is nothing to parse."""
    charset = _CHARSET.search(content_type)
    try:
        parser = html.HTMLParser(encoding=charset[1] if charset else None, huge_tree=False, no_network=True)
    except LookupError:
        parser = html.HTMLParser(huge_tree=False, no_network=True)
    try:
        root = html.document_fromstring(body, parser=parser)
    except (ParserError, ValueError, AssertionError):
        return None
    return Document(root, url)


class _Walk:
    """One pass over the tree in document order, with the furniture that encloses each place."""

    def __init__(self, document: Document) -> None:
        self._to = document
        self._text: list[str] = []
        self._label: list[str] = []
        self._pieces = 0  # pieces of text in this line so far
        self._linked = 0
        self._block = ("body", "")
        self._furniture: list[str | None] = [None]
        self._others: str | None = None  # a heading says that what follows are other items

    def over(self, root: Any) -> None:
        """Walk; elements beyond the bound are not read."""
        for node, step in islice(_steps(root), MAX_STEPS):
            match step:
                case "open":
                    self._open(node)
                case "close":
                    self._close(node)
                case _:
                    self._add(node.tail, node.getparent())
        self._flush()

    def _open(self, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
            self._block = (tag, f"{node.get('class') or ''} {node.get('id') or ''}")
        if tag != "br":
            self._furniture.append(_furniture_of(node) or self._furniture[-1])
        here = self._furniture[-1] or self._others
        if tag == "a" and node.get("href"):
            self._to.anchors.append(Anchor(node.get("href").strip()[:2_000], _rel(node), here))
        words = (
            node.get("alt") or node.get("aria-label") or (node.get("title") if tag in {"img", "i", "span"} else None)
        )
        if words:
            self._to.pictures.append(Picture(words[:200], here))
        self._add(node.text, node)

    def _close(self, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
            if tag in _HEADINGS:
                self._after_heading()
            parent = node.getparent()
            if parent is not None and isinstance(parent.tag, str):
                self._block = (parent.tag, f"{parent.get('class') or ''} {parent.get('id') or ''}")
        if tag != "br":
            self._furniture.pop()
        self._add(node.tail, node.getparent())

    def _add(self, text: str | None, node: Any) -> None:
        if not text or node is None:
            return
        self._text.append(text)
        if not text.strip():
            return
        inside = _enclosing(node)
        if inside & {"b", "strong", "label"} and len(self._label) == self._pieces:
            self._label.append(text)
        self._pieces += 1
        if "a" in inside:
            self._linked += len(text.strip())

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())
        if text:
            tag, classes = self._block
            label = " ".join("".join(self._label).split())
            here = self._furniture[-1] or self._others
            self._to.lines.append(Line(text, tag, here, label, self._linked >= len(text) * 0.9, classes))
        self._text, self._label, self._linked, self._pieces = [], [], 0, 0

    def _after_heading(self) -> None:
        """A heading such as `Related items` or `References` makes what follows other people's; the next one ends it."""
        last = self._to.lines[-1].text if self._to.lines else ""
        self._others = "a list of other items" if _HEADING_OF_OTHERS.fullmatch(last) else None


def _steps(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield (element, open) and (element, close) in document order, and (what is no text, tail)."""
    stack: list[tuple[Any, str]] = [(root, "open")]
    while stack:
        node, step = stack.pop()
        if step == "open" and (not isinstance(node.tag, str) or _is_silent(node)):
            yield node, "tail"
            continue
        yield node, step
        if step == "open":
            stack.append((node, "close"))
            stack.extend((child, "open") for child in reversed(node))


def _is_silent(node: Any) -> bool:
    return (
        node.tag in _NO_TEXT
        or node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(node.get("style") or ""))
    )


def _furniture_of(node: Any) -> str | None:
    by_tag = _BY_TAG.get(node.tag) or _BY_ROLE.get(node.get("role") or "")
    if by_tag or node.tag in {"html", "body", "main"}:
        return by_tag
    named = f"{node.get('class') or ''} {node.get('id') or ''}"
    if named == " ":
        return None
    words = _WORD.findall(_CAMEL.sub(" ", named).lower())
    found = next((_BY_WORD[word] for word in words if word in _BY_WORD), None)
    # `class="content with-sidebar"` encloses everything: what holds the page's heading is its content.
    return None if found and next(node.iter("h1", "main"), None) is not None else found


def _enclosing(node: Any) -> set[str]:
    """Give the inline elements around a place, up to its block."""
    found: set[str] = set()
    for _ in range(6):
        if node is None or not isinstance(node.tag, str) or node.tag in _BLOCKS:
            break
        found.add(node.tag)
        node = node.getparent()
    return found


def _rel(node: Any) -> frozenset[str]:
    return frozenset((node.get("rel") or "").lower().split())
