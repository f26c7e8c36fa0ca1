"""What a body is, told cheaply by its bytes: an OAI-PMH document, the end of one, a page of HTML."""

import re

_ROOT = re.compile(rb"<(?:[\w.-]{1,64}:)?OAI-PMH[\s>/]")
_WIDE_ROOT = re.compile(rb"[<:]\x00?O\x00A\x00I\x00-\x00P\x00M\x00H\x00")  # UTF-16, in either order
_END = re.compile(rb"</(?:[\w.-]{1,64}:)?OAI-PMH\s{0,99}>\s*\Z")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title")


def looks_like_oai(body: bytes) -> bool:
    """Tell cheaply whether a body is an OAI-PMH document, whatever the status it came under (Q25)."""
    return _ROOT.search(body, 0, 65_536) is not None or _WIDE_ROOT.search(body, 0, 65_536) is not None


def is_whole(body: bytes) -> bool:
    """Tell cheaply whether a body ends where an OAI-PMH document ends (Q30); the parse proves the rest."""
    return _END.search(body, max(0, len(body) - 256)) is not None


def is_html(body: bytes) -> bool:
    """Tell whether a body begins as a page of HTML."""
    start = body[:2048].lower()
    return any(mark in start for mark in _HTML)


def title_of(body: bytes) -> str:
    """Give the title of a page of HTML, for a message."""
    lower = body[:65_536].lower()
    start, end = lower.find(b"<title"), lower.find(b"</title")
    if start < 0 or end < start:
        return ""
    text = body[start:end].partition(b">")[2].decode("utf-8", "replace")
    return f": {' '.join(text.split())[:120]}"
