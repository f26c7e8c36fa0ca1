"""Mending a page that is not well formed, only where no record can be lost by it; every repair leaves a note.

bytes -> text (mark, declaration, HTTP, UTF-8, cp1252) -> junk around the document -> illegal characters -> entities -> prefixes

What stands in CDATA, comments and instructions is left alone, but for characters that no document may hold.
Covers Q50 (control characters), Q51 (encodings), Q52 (entities, ampersands), Q54 (prefixes), Q61 (junk).
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

Note = tuple[str, str]
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,300}?\?>")
_ENCODING = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
_ROOT = re.compile(r"<(?:[\w.-]{1,64}:)?OAI-PMH[\s>/]")
_ROOT_END = re.compile(r"</(?:[\w.-]{1,64}:)?OAI-PMH\s{0,99}>")
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # said the other way round, it takes 4 ms
_REFERENCE = re.compile(r"&#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));")
_AMPERSAND = re.compile(
    r"&(?!#\d{1,9};|#[xX][0-9a-fA-F]{1,8};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_NAMESPACE = re.compile(r"""(\sxmlns(?::[\w.-]{1,64})?=)(["'])\s*([^"'<>\s]{1,300})\s*\2""")
_PROTECTED = re.compile(r"<!\[CDATA\[|<!--|<\?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_FORBIDDEN = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)))
_SPACE_LIKE = "\x0b\x0c\x1c\x1d\x1e\x1f"
# Codecs that are no encoding of a document, whatever a server calls it.
_NO_ENCODINGS = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7", "mbcs", "oem"}
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
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
    for mark, name in _MARKS:
        if body.startswith(mark) and (text := _as_text(body, name)) is not None:
            return Mended(text, ())
    declared = _ENCODING.search(body, 0, 1024)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    for candidate in dict.fromkeys((name, (charset or name).lower(), "utf-8")):
        text = None if _is_wide(candidate) else _as_text(body, candidate)
        if text is None:
            continue
        notes = () if candidate == name else ((("wrong_encoding", f"declared {name}, read as {candidate}")),)
        return Mended(text, notes)
    return Mended(
        body.decode("utf-8", "oai-cp1252"), (("wrong_encoding", f"not {name} throughout: odd bytes read as cp1252"),)
    )


def _as_text(body: bytes, encoding: str) -> str | None:
    try:
        if codecs.lookup(encoding).name.replace("-", "_") in _NO_ENCODINGS:
            return None
        return body.decode(encoding)
    except (ValueError, LookupError):
        return None


def _is_wide(encoding: str) -> bool:
    """A declaration that could be read byte by byte lies when it says UTF-16, as .NET's strings do."""
    return encoding.replace("_", "-").startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646"))


def is_truncated(text: str) -> bool:
    """Tell whether the document begins as OAI-PMH and has no end (Q30)."""
    return _ROOT.search(text) is not None and _ROOT_END.search(text) is None


def declares_entities(text: str) -> bool:
    """Tell whether a DOCTYPE with declarations of its own stands before the root: never read, never cut away (Q53)."""
    root = _ROOT.search(text)
    before = text[: root.start()] if root else text
    at = before.upper().find("<!DOCTYPE")
    return at >= 0 and ("[" in before[at:] or "<!ENTITY" in before[at:].upper())


def mend(mended: Mended) -> Mended:
    """Do every repair that the page needs, but for `bind`."""
    for repair in (_trim, _legal, _one_declaration, _escape, _comments):
        text, note = repair(mended.text)
        mended = Mended(text, mended.notes if note is None else (*mended.notes, note))
    return mended


def mend_part(mended: Mended) -> Mended:
    """Do the repairs that one record by itself can need."""
    for repair in (_legal, _one_declaration, _escape):
        text, note = repair(mended.text)
        mended = Mended(text, mended.notes if note is None else (*mended.notes, note))
    return mended


def _trim(text: str) -> tuple[str, Note | None]:
    """Leave the root alone: what stands before and behind it holds no record."""
    root = _ROOT.search(text)
    if root is None:
        return text, None
    end = len(text)
    for match in _ROOT_END.finditer(text):
        end = match.end()
    before = _DECLARATION.sub("", text[: root.start()], count=1).strip("\ufeff \t\r\n")
    junk = len(before) + len(text[end:].strip())
    trimmed = text[root.start() : end]
    if not junk and not text[: root.start()].startswith(("\n", "\r", " ", "\t")):
        return trimmed, None
    return trimmed, ("junk", f"{junk} characters around the document" if junk else "white space before the document")


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Give the text in parts: markup and text, or (True) what is protected from repair. Linear, whatever is unclosed."""
    at = 0
    while (mark := _PROTECTED.search(text, at)) is not None:
        end = text.find(_ENDS[mark[0]], mark.end())
        if end < 0:
            break
        end += len(_ENDS[mark[0]])
        yield text[at : mark.start()], False
        yield text[mark.start() : end], True
        at = end
    yield text[at:], False


def _one_declaration(text: str) -> tuple[str, Note | None]:
    parts = [part for part, protected in _parts(text) if not (protected and _DECLARATION.fullmatch(part))]
    mended = "".join(parts)
    if mended == text:
        return text, None
    return mended, ("xml_declaration", "more XML declarations inside the document")


def _legal(text: str) -> tuple[str, Note | None]:
    """Take out what XML forbids, as such or by reference; what parts words there parts them here, as a space."""
    count = wrong = 0
    for char in _FORBIDDEN:  # a pattern over every character takes ten times as long
        if char in text:
            count += text.count(char)
            text = text.replace(char, " " if char in _SPACE_LIKE else "")

    def check(match: re.Match[str]) -> str:
        nonlocal wrong
        point = int(match[1]) if match[1] else int(match[2], 16)
        if point <= 0x10FFFF and not _ILLEGAL.match(chr(point)):
            return match[0]
        wrong += 1
        return " " if point < 32 and chr(point) in _SPACE_LIKE else ""

    mended = "".join(part if protected else _REFERENCE.sub(check, part) for part, protected in _parts(text))
    if not count + wrong:
        return text, None
    return mended, ("control_characters", f"{count + wrong} characters that XML forbids were taken out")


def _escape(text: str) -> tuple[str, Note | None]:
    from html.entities import html5  # 2 ms, and few servers write what has to be mended

    count = 0

    def escape(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        meant = html5.get(f"{match[1]};") if match[1] else None
        return meant.replace("&", "&amp;").replace("<", "&lt;") if meant else f"&amp;{match[0][1:]}"

    mended = "".join(part if protected else _AMPERSAND.sub(escape, part) for part, protected in _parts(text))
    if not count:
        return text, None
    return mended, ("ampersands", f"{count} bare ampersands or undefined entities")


def _comments(text: str) -> tuple[str, Note | None]:
    """Empty comments that hold two hyphens, and take the white space from around the names of namespaces."""
    count = 0

    def kept(part: str) -> str:
        nonlocal count
        if not part.startswith("<!--") or "--" not in part[4:-2]:
            return part
        count += 1
        return "<!-- -->"

    mended = "".join(kept(part) if protected else _NAMESPACE.sub(r"\1\2\3\2", part) for part, protected in _parts(text))
    if mended == text:
        return text, None
    return mended, ("markup", f"{count} comments with hyphens inside, or namespaces with white space around them")


def bind(mended: Mended) -> Mended:
    """Declare the prefixes that everybody knows and this page uses without a declaration; slow, so only when it is refused."""
    text, root = mended.text, _ROOT.search(mended.text)
    unbound = sorted(p for p in PREFIXES if f"xmlns:{p}=" not in text and _is_used(p, text))
    if root is None or not unbound:
        return mended
    bindings = "".join(f' xmlns:{prefix}="{PREFIXES[prefix]}"' for prefix in unbound)
    at = root.end() - 1
    note = ("prefix_unbound", f"undeclared prefixes: {', '.join(unbound)}")
    return Mended(text[:at] + bindings + text[at:], (*mended.notes, note))


def _is_used(prefix: str, text: str) -> bool:
    return f"<{prefix}:" in text or re.search(rf"\s{prefix}:[\w.-]{{1,64}}\s{{0,9}}=", text) is not None


def to_bytes(text: str) -> bytes:
    """Give text as UTF-8 with a declaration that says so."""
    rest = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    return b'<?xml version="1.0" encoding="UTF-8"?>' + rest.encode("utf-8", "replace")
