"""Subjects: split where it is certain, with scheme and notation by their pattern (dublin-core.md section 7)."""

import re
from functools import lru_cache
from typing import NamedTuple

from harvester.reading.values import text

_DDC = re.compile(
    r"(?:info:eu-repo/classification/)?(?:ddc|dewey)[:/ ]\s*(\d{3}(?:\.\d+)?)\b\s*[-–:]?\s*(.*)\Z", re.IGNORECASE
)
_CLASSIFIED = re.compile(r"info:eu-repo/classification/([a-z-]+)/(.+)\Z", re.IGNORECASE)
_LCC = re.compile(r"([A-Z]{1,3})(\d{1,4}(?:\.\d+)?)? ([A-Z][a-z].+)\Z")
_JACS = re.compile(r"[A-Z]\d{3}\Z")
_MSC = re.compile(r"\d{2}(?:[A-Z]\d{2}|-\d{2}|-XX|[A-Z]xx)\Z")
_JEL = re.compile(r"(?:JEL[:\s]+)?([A-Z]\d{1,2})\Z")
_UDC = re.compile(r"(?:UDC|УДК|UDK|CDU)[:\s]+([\d.:()+/\"-]+)\s*(.*)\Z", re.IGNORECASE)
_SCHEME_SAID = re.compile(r"(LCSH|MeSH|FAST|GND|AGROVOC)\s?:\s?(.+)\Z", re.IGNORECASE)
_SCHEME_BEHIND = re.compile(r"(.+?) ?[\[(](LCSH|MeSH|FAST|GND|AGROVOC)[\])]\Z", re.IGNORECASE)
_CODES_SAID = re.compile(
    r"(JEL|MSC)(?: (?:classification|codes?|subject classification|2000|2010|2020)){0,2}\s?[:\s]\s?(.+)\Z",
    re.IGNORECASE,
)
_WORD_SIGN = re.compile(r"\w")
_BETWEEN_TERMS = re.compile(r"\s*[;|]\s*")
_BETWEEN_CODES = re.compile(r"\s*[,;]\s*|\s+")
_OF_MSC = re.compile(r"\d{2}[A-Z-]\d{2}|\d{2}-XX")


class Term(NamedTuple):
    """One subject term."""

    scheme: str | None
    code: str | None
    label: str


_new = tuple.__new__
# Terms, each behind what tells it from others: the folded label, then scheme, code and label.
_Known = tuple[tuple[str, str | None, str | None, str], ...]
_LONGEST_KEPT = 200  # characters


def read_raw(value: str, by_comma: bool) -> tuple[_Known, text.Issues]:
    """Read a value as received: its terms, each behind the form in which two are the same, and the issues met."""
    if len(value) > _LONGEST_KEPT:
        return _read_raw(value, by_comma)
    return _kept_by_comma(value) if by_comma else _kept(value)


def _read_raw(value: str, by_comma: bool) -> tuple[_Known, text.Issues]:
    shown, issues = (value, ()) if text.says_something(value) else text.said(value)
    return tuple((term.label.casefold().rstrip("."), *term) for term in read(shown, by_comma)), issues


@lru_cache(maxsize=32_768)  # one argument is looked up in two thirds of the time that two take
def _kept(value: str) -> tuple[_Known, text.Issues]:
    return _read_raw(value, False)


@lru_cache(maxsize=32_768)
def _kept_by_comma(value: str) -> tuple[_Known, text.Issues]:
    return _read_raw(value, True)


def read(value: str, by_comma: bool = False) -> tuple[Term, ...]:
    """Read one cleaned subject value; commas split only lists without spaces, or where the profile says so."""
    if "(Primary)" in value or "(Secondary)" in value:
        return tuple(Term("msc", code, code) for code in _OF_MSC.findall(value)) or (Term(None, None, value),)
    codes = _codes(value)
    if codes:
        return codes
    parts = _parts(value, by_comma)
    if len(parts) == 1:
        only = _term(parts[0])
        return () if only is None else (only,)
    return tuple(dict.fromkeys(term for part in dict.fromkeys(parts) if (term := _term(part)) is not None))


def _codes(value: str) -> tuple[Term, ...]:
    """Read `05C80, 05C15` and `JEL: D12, E31`: nothing but notations of one scheme, each its own term."""
    said = _CODES_SAID.match(value) if value[:1] in "JMjm" else None
    if said is None and not (value[:1].isdigit() and ", " in value):
        return ()
    scheme = said[1].lower() if said else "msc"
    pattern = _JEL if scheme == "jel" else _MSC
    pieces = _BETWEEN_CODES.split((said[2] if said else value).strip(" .,;"))
    if not all(pattern.match(piece) for piece in pieces):
        return ()
    return tuple(dict.fromkeys(Term(scheme, piece, piece) for piece in pieces))


def _parts(value: str, by_comma: bool) -> list[str]:
    if ";" in value or "|" in value:
        return _BETWEEN_TERMS.split(value)
    if value.count(",") >= 2:
        pieces = value.split(",")
        tight = " " not in value or not any(piece.startswith(" ") for piece in pieces[1:])
        if (by_comma or tight) and not any(piece.strip()[:1].isdigit() for piece in pieces):
            return pieces
    return [value]


def _term(part: str) -> Term | None:
    label = part.strip(" ,;")
    if label.isalnum():
        return _short_code(label) or _new(
            Term, (None, None, label)
        )  # every scheme is named with a mark or a space behind it
    if not _WORD_SIGN.search(label):
        return None
    if match := _DDC.match(label):
        return Term("ddc", match[1], match[2] or match[1])
    if match := _CLASSIFIED.match(label):
        return Term(match[1].lower(), match[2], match[2])
    if match := _UDC.match(label):
        return Term("udc", match[1], match[2] or match[1])
    if match := _SCHEME_SAID.match(label):
        return Term(match[1].lower(), None, match[2])
    if label[-1] in "])" and (match := _SCHEME_BEHIND.match(label)):
        return Term(match[2].lower(), None, match[1])
    if " -- " in label or "--" in label[1:-1]:
        return Term("lcsh", None, label)
    if code := _short_code(label):
        return code
    if (match := _LCC.match(label)) and (match[2] or len(match[1]) == 2):
        return Term("lcc", f"{match[1]}{match[2] or ''}", label)
    return Term(None, None, label)


def _short_code(label: str) -> Term | None:
    if len(label) >= 12 or label[:1].islower():
        return None
    if label[:1].isdigit():
        return Term("msc", label, label) if _MSC.match(label) else None
    if _JACS.match(label):
        return Term("jacs", label, label)
    if label.startswith("JEL") and (match := _JEL.match(label)):
        return Term("jel", match[1], match[1])
    return None
