"""Hits are marked where the full-text index sees them."""

import sqlite3

import pytest

from mirror_db.site.asked import match
from mirror_db.site.snippets import marked, snippet, terms_of


def shown(text):
    """Give marks as brackets."""
    return text and text.replace("\x02", "[").replace("\x03", "]")


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("rivers", "The Rivers of rivers", "The [Rivers] of [rivers]"),
        ("cafe", "Le Café du coin", "Le [Café] du coin"),
        ("FLIEẞGEWÄSSER", "Fließgewässer im Wandel", "[Fließgewässer] im Wandel"),
        ("riv*", "river, riven, arrival", "[river], [riven], arrival"),
        ('"open access"', "Access, open: open access", "Access, open: [open access]"),
        ("co-operation", "On co-operation", "On [co-operation]"),
        ("a b", "b a c", "[b] [a] c"),
        ("nothing", "else", None),
        ("", "text", None),
    ],
)
def test_hits_are_marked(question, text, expected):
    """Without regard to case and diacritics, phrases as one, beginnings of words with their ends."""
    assert shown(marked(text, terms_of(match(question)))) == expected


@pytest.mark.parametrize(
    "word", ["café", "naïve", "ÅNGSTRÖM", "Łódź", "straße", "日本", "e\u0301te\u0301", "x_y", "10.1000/a"]
)
def test_the_index_finds_what_is_marked(word):
    """A word that SQLite's index finds is marked, too."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
    conn.execute("INSERT INTO t VALUES (?)", (f"one {word} two",))
    expression = match(word)
    assert conn.execute("SELECT count(*) FROM t WHERE t MATCH ?", (expression,)).fetchone() == (1,)
    assert marked(f"one {word} two", terms_of(expression)) is not None


def test_a_snippet_begins_near_the_first_hit():
    """It is cut at words, with dots where something was left out."""
    text = "word " * 50 + "needle " + "more " * 100
    piece = shown(snippet(text, terms_of(match("needle"))))
    assert piece.startswith("…word")
    assert "[needle] more" in piece
    assert piece.endswith("more…")
    assert len(piece) < 230


def test_a_short_text_is_its_own_snippet():
    """Nothing is left out, nothing is claimed to be."""
    assert shown(snippet("A needle.", terms_of(match("needle")))) == "A [needle]."
    assert snippet("None.", terms_of(match("needle"))) is None


def test_a_word_without_end_is_cut():
    """A megabyte without a space is no reason to show it."""
    assert len(snippet("needle " + "x" * 1_000_000, terms_of(match("needle")))) < 240
