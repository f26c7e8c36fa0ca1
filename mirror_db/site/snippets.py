"""Hits marked in a record's texts, as the full-text index sees words: letters and digits, without case and diacritics.

SQLite's own `snippet` looks the text up anew for each record, which takes seconds for a word's beginning at a million records.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MARK_START, MARK_END = "\x02", "\x03"  # round a hit; the page turns them into <mark>
WINDOW = 220  # characters of a snippet, about
_BEFORE = 60  # of them before the first hit
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"((?:[^"]|"")*)"(\*?)')


class Term(NamedTuple):
    """Words that follow one another; with `open_end` the last may go on."""

    words: tuple[str, ...]
    open_end: bool


def terms_of(match: str) -> tuple[Term, ...]:
    """Read the expression that `asked.match` made."""
    found = ((tuple(fold(word) for word in _WORD.findall(text)), star == "*") for text, star in _TERM.findall(match))
    return tuple(Term(words, star) for words, star in found if words)


def fold(word: str) -> str:
    """Give a word without case and diacritics."""
    apart = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def marked(text: str, terms: Sequence[Term]) -> str | None:
    """Give the whole text with its hits marked; None when it has none."""
    spans = tuple(_spans(text, terms))
    return _mark(text, spans) if spans else None


def snippet(text: str, terms: Sequence[Term]) -> str | None:
    """Give the piece of a text round its first hit, hits marked, cut at words; None when it has none."""
    first = next(_spans(text, terms), None)
    if first is None:
        return None
    start = _word_start(text, max(0, first[0] - _BEFORE))
    end = len(text) if start + WINDOW >= len(text) else text.rfind(" ", first[1], start + WINDOW)
    end = start + WINDOW if end < 0 else end
    piece = text[start:end]
    shown = marked(piece, terms) or piece
    return ("…" if start else "") + shown.strip() + ("…" if end < len(text) else "")


def _spans(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield where hits begin and end, from left to right, none within another."""
    words = [(found.start(), found.end(), fold(found[0])) for found in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        length = max((len(term.words) for term in terms if _stands(words, at, term)), default=0)
        if length:
            yield words[at][0], words[at + length - 1][1]
        at += length or 1


def _stands(words: Sequence[tuple[int, int, str]], at: int, term: Term) -> bool:
    there = [folded for _, _, folded in words[at : at + len(term.words)]]
    if term.open_end:
        return (
            there[:-1] == list(term.words[:-1])
            and len(there) == len(term.words)
            and there[-1].startswith(term.words[-1])
        )
    return there == list(term.words)


def _mark(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], MARK_START, text[start:end], MARK_END]
        done = end
    return "".join(parts) + text[done:]


def _word_start(text: str, at: int) -> int:
    return text.find(" ", at) + 1 if at and text.find(" ", at) >= 0 else at
