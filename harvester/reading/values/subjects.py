"""Subjects: split where it is certain, with scheme and notation by their pattern (dublin-core.md section 7)."""

import re
from functools import lru_cache
from typing import NamedTuple

_DDC = re.compile(
    r"(?:info:eu-repo/classification/)?(?:ddc|dewey)[:/ ]\s*(\d{3}(?:\.\d+)?)\b\s*[-–:]?\s*(.*)\Z", re.IGNORECASE
)
_CLASSIFIED = re.compile(r"info:eu-repo/classification/([a-z-]+)/(.+)\Z", re.IGNORECASE)
_LCC = re.compile(r"([A-Z]{1,3})(\d{1,4}(?:\.\d+)?)? ([A-Z][a-z].+)\Z")
_JACS = re.compile(r"[A-Z]\d{3}\Z")
_MSC = re.compile(r"\d{2}(?:[A-Z]\d{2}|-\d{2}|-XX|[A-Z]xx)\Z")
_JEL = re.compile(r"(?:JEL[:\s]+)?([A-Z]\d{1,2})\Z")
_UDC = re.compile(r"(?:UDC|УДК)[:\s]+([\d.:()+/\"-]+)\s*(.*)\Z", re.IGNORECASE)
_LCC_WORDS = re.compile(r"[a-z]")


class Term(NamedTuple):
    """One subject term."""

    scheme: str | None
    code: str | None
    label: str


@lru_cache(maxsize=32_768)
def read(text: str, by_comma: bool = False) -> tuple[Term, ...]:
    """Read one cleaned subject value; commas split only lists without spaces, or where the profile says so."""
    if "(Primary)" in text or "(Secondary)" in text:
        return tuple(Term("msc", code, code) for code in re.findall(r"\d{2}[A-Z-]\d{2}|\d{2}-XX", text)) or (
            Term(None, None, text),
        )
    parts = _parts(text, by_comma)
    if len(parts) == 1:
        only = _term(parts[0])
        return () if only is None else (only,)
    return tuple(dict.fromkeys(term for part in parts if (term := _term(part)) is not None))


def _parts(text: str, by_comma: bool) -> list[str]:
    if ";" in text or "|" in text:
        return re.split(r"\s*[;|]\s*", text)
    if text.count(",") >= 2:
        pieces = text.split(",")
        tight = " " not in text or not any(piece.startswith(" ") for piece in pieces[1:])
        if (by_comma or tight) and not any(piece.strip()[:1].isdigit() for piece in pieces):
            return pieces
    return [text]


def _term(part: str) -> Term | None:
    label = part.strip(" ,;")
    if not re.search(r"\w", label):
        return None
    if match := _DDC.match(label):
        return Term("ddc", match[1], match[2] or match[1])
    if match := _CLASSIFIED.match(label):
        return Term(match[1].lower(), match[2], match[2])
    if match := _UDC.match(label):
        return Term("udc", match[1], match[2] or match[1])
    if " -- " in label or "--" in label[1:-1]:
        return Term("lcsh", None, label)
    if len(label) < 12:
        if _MSC.match(label):
            return Term("msc", label, label)
        if _JACS.match(label):
            return Term("jacs", label, label)
        if label.startswith("JEL") and (match := _JEL.match(label)):
            return Term("jel", match[1], match[1])
    if (match := _LCC.match(label)) and (match[2] or len(match[1]) == 2):
        return Term("lcc", f"{match[1]}{match[2] or ''}", label)
    return Term(None, None, label)
