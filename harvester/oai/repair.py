"""Mending a page that is not well formed, only where no record can be lost by it; every repair leaves a note.

bytes -> text (declared, HTTP, UTF-8, cp1252) -> junk around the document -> illegal characters -> entities -> prefixes

Covers Q50 (control characters), Q51 (encodings), Q52 (entities, ampersands), Q54 (prefixes), Q61 (junk).
"""

import codecs
import html.entities
import re
from typing import NamedTuple

Note = tuple[str, str]
_DECLARATION = re.compile(r"<\?xml\b[^>]*?\?>")
_ENCODING = re.compile(rb"""^[^<]{0,64}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ROOT = re.compile(r"<(?:[\w.-]+:)?OAI-PMH[\s>/]")
_ROOT_END = re.compile(r"</(?:[\w.-]+:)?OAI-PMH\s*>")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:(\d{1,8})|[xX]([0-9a-fA-F]{1,7}));")
_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_UNBOUND = re.compile(r"<([\w.-]+):|\s([\w.-]+):[\w.-]+\s*=")
PREFIXES = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
    "mods": "http://www.loc.gov/mods/v3",
    "marc": "http://www.loc.gov/MARC21/slim",
    "datacite": "http://datacite.org/schema/kernel-4",
    "oaire": "http://namespace.openaire.eu/schema/oaire/",
    "rioxxterms": "http://docs.rioxx.net/schema/v2.0/rioxxterms/",
    "ali": "http://www.niso.org/schemas/ali/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


class Mended(NamedTuple):
    """A page as text that begins at its XML declaration or root and ends with the root, and what was done to it."""

    text: str
    notes: tuple[Note, ...]


def _one_by_one(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 is read as cp1252: pages mix encodings record by record."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.start + 1]
    return bad.decode("cp1252", "replace"), error.start + 1


codecs.register_error("oai-cp1252", _one_by_one)


def decode(body: bytes, charset: str | None) -> Mended:
    """Give the page as text: by its byte order mark, its declaration, the HTTP charset, UTF-8, cp1252 (Q51)."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            try:
                return Mended(body.decode(name), ())
            except UnicodeDecodeError:
                break
    declared = _ENCODING.match(body[:512])
    name = declared[1].decode("ascii") if declared else "utf-8"
    for candidate in dict.fromkeys((name, charset or name, "utf-8")):
        try:
            text = body.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        notes = () if candidate == name else ((("wrong_encoding", f"declared {name}, read as {candidate}")),)
        return Mended(text, notes)
    return Mended(
        body.decode("utf-8", "oai-cp1252"), (("wrong_encoding", f"not {name} throughout: odd bytes read as cp1252"),)
    )


def is_truncated(text: str) -> bool:
    """Tell whether the document begins as OAI-PMH and has no end (Q30)."""
    return _ROOT.search(text) is not None and _ROOT_END.search(text) is None


def mend(mended: Mended) -> Mended:
    """Do every repair that the page needs."""
    for repair in (_trim, _one_declaration, _legal, _escape, _bind):
        text, note = repair(mended.text)
        if note is not None:
            mended = Mended(text, (*mended.notes, note))
    return mended


def _trim(text: str) -> tuple[str, Note | None]:
    root = _ROOT.search(text)
    if root is None:
        return text, None
    declaration = _DECLARATION.search(text, 0, root.start())
    start = declaration.start() if declaration else root.start()
    ends = [match.end() for match in _ROOT_END.finditer(text)]
    end = ends[-1] if ends else len(text)
    if not start and not text[end:].strip():
        return text[:end], None
    cut = text[:start].strip("\ufeff \t\r\n")
    what = "white space" if not cut and not text[end:].strip() else f"{len(cut) + len(text[end:].strip())} characters"
    return text[start:end], ("junk", f"{what} around the document")


def _one_declaration(text: str) -> tuple[str, Note | None]:
    first = _DECLARATION.match(text)
    start = first.end() if first else 0
    rest, count = _DECLARATION.subn("", text[start:])
    if not count:
        return text, None
    return text[:start] + rest, ("xml_declaration", f"{count} more XML declarations inside the document")


def _legal(text: str) -> tuple[str, Note | None]:
    text, count = _ILLEGAL.subn("", text)
    wrong = 0

    def check(match: re.Match[str]) -> str:
        nonlocal wrong
        point = int(match[1]) if match[1] else int(match[2], 16)
        if point <= 0x10FFFF and not _ILLEGAL.match(chr(point)):
            return match[0]
        wrong += 1
        return ""

    text = _REFERENCE.sub(check, text)
    if not count + wrong:
        return text, None
    return text, ("control_characters", f"{count + wrong} characters that XML forbids were taken out")


def _escape(text: str) -> tuple[str, Note | None]:
    count = 0

    def escape(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        meant = html.entities.html5.get(f"{match[1]};") if match[1] else None
        return meant.replace("&", "&amp;").replace("<", "&lt;") if meant else f"&amp;{match[0][1:]}"

    parts = _CDATA.split(text)
    mended = "".join(part if part.startswith("<![CDATA[") else _AMPERSAND.sub(escape, part) for part in parts)
    if not count:
        return text, None
    return mended, ("ampersands", f"{count} bare ampersands or undefined entities")


def _bind(text: str) -> tuple[str, Note | None]:
    root = _ROOT.search(text)
    if root is None:
        return text, None
    used = {match[1] or match[2] for match in _UNBOUND.finditer(text)} - {"xml", "xmlns"}
    unbound = sorted(p for p in used if p in PREFIXES and f"xmlns:{p}=" not in text)
    if not unbound:
        return text, None
    bindings = "".join(f' xmlns:{prefix}="{PREFIXES[prefix]}"' for prefix in unbound)
    at = root.end() - 1
    return text[:at] + bindings + text[at:], ("prefix_unbound", f"undeclared prefixes: {', '.join(unbound)}")


def to_bytes(text: str) -> bytes:
    """Give text as UTF-8 with a declaration that says so."""
    rest = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    return b'<?xml version="1.0" encoding="UTF-8"?>' + rest.encode("utf-8", "replace")
