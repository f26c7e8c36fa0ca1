"""A rights value made comparable: entities, percent signs, widths, dashes, quotes, tags and case (rights.md section 4.1). The raw value stays."""

import html
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

MAX_READ = 5_000  # characters: of a longer value, which is prose, only its beginning and its end are read
_HEAD = 4_000
_DASHES = {ord(c): "-" for c in "‐‑‒–—―⸺⸻﹘﹣－−⁃˗─━"}
_QUOTES = {ord(c): "'" for c in "’‘‚‛`´ʼ′＇"} | {ord(c): '"' for c in "“”„‟″«»"}
_TURKISH = {ord("İ"): "i", ord("ı"): "i"}
_BLANKS = dict.fromkeys((*range(32), *range(127, 160), 65533, 8232, 8233), " ")
_TABLE = _BLANKS | _DASHES | _QUOTES | _TURKISH
# Invisible signs, the stretcher and the vowel signs of Arabic and Hebrew, which are written or left out at will.
_FORMAT = re.compile(
    "[\u00ad\u0640\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u064b-\u0652\u0591-\u05bd\u05c1\u05c2]"
)
_HREF = re.compile(r"""(?:href|src)\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:-]{0,40}(?:\s[^<>]{0,2000})?/?>")
# Addresses written one behind the other, and Markdown's: `…/by-nc/4.0/;http://…`, `[https://…](https://…)`.
_RUN_TOGETHER = re.compile(r"(?<=[^\s;,|(])(?:[;,|]+|\]\()(?=(?:https?:|info:eu-repo|www\.))")
_TORN = re.compile(r"creativecommons\.org/ (?=licen)")
_ENCODED = re.compile(r"\s*https?%3a", re.IGNORECASE)


class Cleaned(NamedTuple):
    """A value ready to be read: `text` is folded, `links` are the targets of its tags, folded too."""

    text: str
    links: tuple[str, ...]
    cut: bool  # the middle was left out


def clean(value: str) -> Cleaned:
    """Give the value as the rules compare it."""
    cut = len(value) > MAX_READ
    text = f"{value[:_HEAD]} . {value[_HEAD - MAX_READ :]}" if cut else value
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    if _ENCODED.match(text):
        text = unquote(text)
    links: list[str] = []
    if "<" in text:
        links = _HREF.findall(text)
        text = _TAG.sub(" ", text)
    return Cleaned(fold(text), tuple(fold(link) for link in links), cut)


def fold(text: str) -> str:
    """Fold one text: compatibility forms, dashes, quotes, case and white space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _FORMAT.sub("", text))
    folded = " ".join(text.translate(_TABLE).casefold().split())
    if "/" not in folded:
        return folded
    return _TORN.sub("creativecommons.org/", _RUN_TOGETHER.sub(" ", folded))
