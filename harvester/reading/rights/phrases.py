"""The words of the licence names as patterns: elements, markers, countries, and what may stand among them."""

import re
import unicodedata
from functools import cache

from harvester.reading.rights.clean import fold
from harvester.reading.rights.tables import table

ELEMENTS = ("by", "nc", "nd", "sa")
_NO_RIGHTS = re.compile(
    r"no rights reserved|sin derechos reservados|aucun droit réservé|keine rechte vorbehalten"
)  # CC0's motto
_FOLLOWS = re.compile(r" (?:(?:de|da|di|von|of|by|la|der|licencia|licença|licen[sc]e|lizenz) ){0,3}creative ?commons")
SEPARATORS = re.compile(r"[\s\-_,./:;()\[\]|+&·・•∙◦*~、،'\"!–]*")


@cache
def elements() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """Give one pattern of all element phrases, longest first, and what each phrase, without its joints, means."""
    meanings: dict[str, set[str]] = {}
    spellings: dict[str, str] = {}
    for words in table("elements").values():
        for element in ELEMENTS:
            for folded in (form for phrase in words[element] for form in _forms(fold(phrase))):
                key = joined(folded)
                meanings.setdefault(key, set()).add(element)
                spelled = r"[\s\-_·]{0,4}".join(re.escape(part) for part in re.split(r"[\s-]+", folded))
                spellings[key] = max(spelled, spellings.get(key, ""), key=len)
    by_first: dict[str, list[str]] = {}  # asked once for each first letter instead of once for each phrase
    for key in sorted(spellings, key=len, reverse=True):
        end = "" if is_unspaced(key) else r"(?![^\W\d_])"
        by_first.setdefault(key[0], []).append(spellings[key][1:] + end)
    pattern = "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    return re.compile(pattern), {key: frozenset(value) for key, value in meanings.items()}


def _forms(phrase: str) -> tuple[str, ...]:
    """Give a phrase as it is spelt, and as a keyboard without its accents writes it: `nao comercial`."""
    parts = (unicodedata.normalize("NFD", sign) for sign in phrase)
    bare = "".join(part[0] if part[0].isascii() else unicodedata.normalize("NFC", part) for part in parts)
    return (phrase,) if bare == phrase else (phrase, bare)


@cache
def element_starts() -> re.Pattern[str]:
    """Give the pattern of element phrases that begin a word: a text is searched with it in a fifth of the time."""
    unspaced = "[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
    return re.compile(rf"(?:(?<![^\W\d_])|(?<={unspaced})|(?={unspaced}))(?:{elements()[0].pattern})")


def joined(text: str) -> str:
    """Give a phrase without its spaces and hyphens."""
    return re.sub(r"[\s\-_·]+", "", text)


def is_unspaced(text: str) -> bool:
    """Tell a word of a script that sets no spaces between words: Han, kana, Hangul, Thai."""
    return bool(text) and (
        "\u3040" <= text[0] <= "\u9fff" or "\uac00" <= text[0] <= "\ud7af" or "\u0e00" <= text[0] <= "\u0e7f"
    )


@cache
def words(kind: str) -> re.Pattern[str]:
    """Give the pattern of one list of words: marker, passing, joining or prose."""
    listed = sorted((fold(word) for word in table("words")[kind]), key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(word) + _end_of(word) for word in listed) + ")")


def _end_of(word: str) -> str:
    return "" if is_unspaced(word) or not word[-1].isalnum() else r"(?![^\W_])"


@cache
def _countries() -> tuple[dict[str, str], tuple[int, ...]]:
    codes = {fold(name): code for code, names in table("countries").items() for name in names}
    return codes, tuple(sorted({len(name) for name in codes}, reverse=True))


def country_at(text: str, at: int) -> tuple[str, int] | None:
    """Give the port whose jurisdiction is named at a place of a cleaned text, and where the name ends: the longest that fits."""
    codes, lengths = _countries()
    for length in lengths:
        name = text[at : at + length]
        if name in codes and (is_unspaced(name) or not text[at + length : at + length + 1].isalpha()):
            return codes[name], at + len(name)
    return None


@cache
def _lone_marker() -> re.Pattern[str]:
    return re.compile(rf"{words('marker').pattern}|(?<![a-z0-9])cc(?![a-z0-9])|(?<![a-z0-9])cc[\s_-]?by")


def has_marker(text: str) -> bool:
    """Tell whether a cleaned text speaks of Creative Commons at all."""
    return _lone_marker().search(text) is not None


def close_to_marker(text: str, start: int) -> bool:
    """Tell whether only passing words stand between a Creative Commons marker and `start`."""
    window = text[max(0, start - 80) : start]
    last = None
    for met in re.finditer(rf"{words('marker').pattern}|(?<![a-z0-9])cc(?![a-z0-9])", window):
        last = met
    return last is not None and is_passing(window[last.end() :])


def marker_follows(text: str, end: int) -> bool:
    """Tell whether Creative Commons is named right behind, as in `licencia de atribución de Creative Commons`."""
    return _FOLLOWS.match(text, end) is not None


def is_passing(text: str) -> bool:
    """Tell whether a text holds nothing but passing words and separators."""
    return not SEPARATORS.sub("", words("passing").sub(" ", text))


def without_elements(text: str) -> str:
    """Blank the element words, so that the "no" of "no derivatives" is not taken for a denial; places stay the same."""
    return _NO_RIGHTS.sub(_blank, element_starts().sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])
