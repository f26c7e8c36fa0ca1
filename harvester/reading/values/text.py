"""Text as it is stored: mojibake undone, entities and tags resolved, white space folded, NFC (dublin-core.md section 1)."""

import html
import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

MAX_TEXT = 1_000_000  # characters of one value: a bound on time, far above any abstract

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "article",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "body",
        "br",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "fig",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "html",
        "i",
        "img",
        "ins",
        "italic",
        "inline-formula",
        "kbd",
        "label",
        "li",
        "list",
        "list-item",
        "mark",
        "math",
        "mfenced",
        "mfrac",
        "mi",
        "mn",
        "mo",
        "mover",
        "mrow",
        "ms",
        "mspace",
        "msqrt",
        "msub",
        "msubsup",
        "msup",
        "mstyle",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "sc",
        "sec",
        "section",
        "semantics",
        "annotation",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tex-math",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "tt",
        "u",
        "ul",
        "underline",
        "bold",
        "disp-formula",
        "ext-link",
        "monospace",
        "roman",
        "sans-serif",
        "styled-content",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "br",
        "div",
        "li",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "sec",
        "title",
        "section",
        "blockquote",
        "hr",
        "list-item",
    ]
)
_TAG = re.compile(
    r"<(/?)(?:jats:|mml:|m:)?([A-Za-z][A-Za-z0-9-]{0,20})((?:\s[^<>]{0,1000})?)(/?)>|<!--.{0,2000}?-->", re.DOTALL
)
_MOJIBAKE = re.compile("[ÃÂâÅÄÐÑ][\u0080-\u00bf\u2010-\u2122\u0152-\u0192\u02c6\u02dc]")
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), 65534, 65535, 65279, 8203))
_HAS_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufeff\u200b]")
_PLAIN = re.compile(r"[\t\n\r -%'-;=-~]*")  # text in ASCII without control characters, `<` and `&`
_UNCHANGED = bytes(sign for sign in range(32, 127) if sign not in b"<&")  # the same on one line
_SHORT = 150  # characters, from which taking them all out is quicker than looking at each
# Of printable text that is not all ASCII: a sign that cleaning may resolve, a space at an end, what may be mojibake.
_MAY_CHANGE = re.compile(f"[<&\ufffd]|^ | $|{_MOJIBAKE.pattern}")
_PARAGRAPH = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*(?:\n\s*)+")
_PLACEHOLDERS = frozenset(
    {
        "none",
        "n/a",
        "n/a, n/a",
        "na",
        "default",
        "no linguistic content",
        "null",
        "undefined",
        "-",
        "--",
        ".",
        "?",
        "unknown",
        "[no title]",
        "untitled document",
    }
)
_LONGEST_PLACEHOLDER = 24  # characters

Issues = tuple[tuple[str, str], ...]


class Text(NamedTuple):
    """Cleaned text and the issue codes of what was mended, with a detail each."""

    text: str
    issues: Issues = ()


@cache
def _fixer() -> Any:
    import ftfy  # 60 ms to import, and needed by one record in thousands

    return ftfy.fix_encoding


def clean(value: str, *, paragraphs: bool = False) -> Text:
    """Clean one value; cleaning it again changes nothing. `paragraphs` keeps empty lines as paragraph ends."""
    if _PLAIN.fullmatch(value) and len(value) <= MAX_TEXT:
        return Text(_spaced(value, paragraphs) if paragraphs else " ".join(value.split()))
    return _mended(value, paragraphs)


def said(value: str, *, paragraphs: bool = False) -> Text:
    """Clean a value; one that then says nothing gives the empty text and an issue."""
    shown, issues = clean(value, paragraphs=paragraphs)
    if not shown:
        return Text("", (*issues, ("empty", "the value is empty")))
    if is_placeholder(shown):
        return Text("", (*issues, ("placeholder", shown)))
    return Text(shown, issues)


def says_something(value: str) -> bool:
    """Tell a value that cleaning leaves as it is without an issue, and that is no placeholder: as most are. To ask is cheap."""
    if not value.isascii():
        # Of all white space and format characters only the space is printable.
        is_clean = value.isprintable() and not _MAY_CHANGE.search(value) and unicodedata.is_normalized("NFC", value)
    elif len(value) < _SHORT:
        is_clean = value.isprintable() and "<" not in value and "&" not in value
    else:
        is_clean = not value.encode().translate(None, _UNCHANGED)
    if not is_clean or "  " in value or not value or value[0] == " " or value[-1] == " ":
        return False
    return len(value) <= MAX_TEXT if len(value) > _LONGEST_PLACEHOLDER else value.casefold() not in _PLACEHOLDERS


def _mended(value: str, paragraphs: bool) -> Text:
    issues: list[tuple[str, str]] = []
    text = value[:MAX_TEXT]
    if len(value) > MAX_TEXT:
        issues.append(("value_long", f"{len(value)} characters"))
    if _MOJIBAKE.search(text):
        fixed = _fixer()(text)
        if fixed != text:
            issues.append(("mojibake_fixed", value[:200]))
            text = fixed
    if _HAS_CONTROL.search(text):
        text = text.translate(_CONTROL)
        issues.append(("control_characters", "characters that no text has were taken out"))
    if "\ufffd" in text:
        issues.append(("replacement_char", f"{text.count(chr(0xFFFD))} characters were lost before the harvest"))
    if "&" in text:
        text = _unescaped(text)
        if _HAS_CONTROL.search(text):  # what the entities brought in
            text = text.translate(_CONTROL)
    if "<" in text:
        text = _TAG.sub(_without_tag, text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return Text(_spaced(text, paragraphs), tuple(issues))


def _unescaped(text: str) -> str:
    """Resolve entities, twice at most; text that has `<` before and after is hostile or about markup and stays at one round."""
    for _ in range(2):
        if "&" not in text:
            return text
        if "<" in text and ("&lt;" in text or "&#" in text):
            return text
        text = html.unescape(text)
    return text


def _without_tag(match: re.Match[str]) -> str:
    name = (match[2] or "").lower()
    if not match[2]:
        return " "
    if name not in _TAGS:
        return match[0]
    return " " if name in _BLOCKS else ""


def _spaced(text: str, paragraphs: bool) -> str:
    if paragraphs and "\n" in text:
        return "\n\n".join(filter(None, (" ".join(part.split()) for part in _PARAGRAPH.split(text))))
    return " ".join(text.split())


def is_placeholder(text: str) -> bool:
    """Tell a value that stands for nothing: None, N/A, default."""
    return len(text) <= _LONGEST_PLACEHOLDER and text.casefold() in _PLACEHOLDERS


def match_key(text: str) -> str:
    """Fold text for comparison only: NFKD without marks, case folded."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
