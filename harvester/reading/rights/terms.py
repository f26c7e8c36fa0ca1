"""Access stated in words: whole values of published vocabularies, and a few anchored patterns (rights.md section 4.5)."""

import re
from functools import cache
from typing import NamedTuple

from harvester.reading.rights.clean import fold
from harvester.reading.rights.guards import is_negated
from harvester.reading.rights.tables import table

ACCESS = ("metadata-only", "restricted", "embargoed", "open")  # most closed first
_EDGES = " .;,:!\"'()[]"
_LONGEST_LIST = 160
_LISTED = re.compile(r"\s?[;|]\s?|[.,:]\s|\s[/-]\s")
_LABEL = re.compile(
    r"\A(?:access(?:[ _-]?(?:rights?|status|constraints?|level|type|conditions?|mode))?|(?:open access )?status|rights|availability|zugang|zugriff|zugriffsrechte|zugangsrechte"
    r"|(?:tipo de )?acceso|derechos de acceso|(?:type d')?accès|droits d'accès|(?:tipo de )?acesso|direitos de acesso|accesso|доступ|dostęp) ?[:=] ?"
)
_WHAT = re.compile(
    r"\s?[(\[](?:texto completo|full[- ]?text|texte intégral|volltext|texto integral|testo completo)[)\]]\Z"
)
_OF_LESS = re.compile(
    r"\b(?:metada[td]\w*|métadonn\w*|abstracts?|résumés?|resumen|resumo|zusammenfassung|tables? of contents)\b"
)
_OF_ALL = re.compile(r"full[- ]?texts?|texto completo|texte intégral|volltext|\bfiles?\b|\barticles?\b")
_DENIED = re.compile(r"\s?[:=-]\s?(?:no|none|false|nein|non|não|nee|нет|n/a|0|unknown|pending)\Z")
_ADDRESS = re.compile(r"\A(?:https?://)?(?:www\.)?")


class Term(NamedTuple):
    """An access word with the rule that read it."""

    access: str
    rule: str
    confidence: float


@cache
def _vocabulary() -> dict[str, Term]:
    found: dict[str, Term] = {}
    for row in table("access")["vocabulary"]:
        for access in ACCESS:
            for word in row.get(access, ()):
                found.setdefault(_bare(fold(word)), Term(access, row["rule"], row["confidence"]))
    return found


def _bare(text: str) -> str:
    return _ADDRESS.sub("", text.strip(_EDGES)).rstrip("/")


@cache
def _codes() -> re.Pattern[str]:
    words = [
        _bare(fold(word))
        for row in table("access")["vocabulary"]
        if row.get("inside")
        for a in ACCESS
        for word in row.get(a, ())
    ]
    return re.compile(
        rf"(?<![\w/-])(?:{'|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True))})(?![\w-])"
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Term], ...]:
    return tuple(
        (re.compile(row["match"]), Term(row["access"], row["rule"], row["confidence"]))
        for row in table("prose")["pattern"]
    )


def whole(text: str) -> Term | None:
    """Read a cleaned value that is an access term and nothing else."""
    found = _vocabulary().get(_bare(text))
    if found is None and len(text) <= _LONGEST_LIST:
        short = _WHAT.sub("", _LABEL.sub("", text, count=1))
        found = _vocabulary().get(_bare(short)) if short != text else None
    return found


def is_denied(text: str) -> bool:
    """Tell a field of a form that says no: `Open access: no`."""
    return _DENIED.search(text[-20:]) is not None


def inside(text: str) -> tuple[Term, ...]:
    """Give the terms whose addresses or codes stand among other words: these can mean nothing else."""
    if "repo/" not in text and "access" not in text:
        return ()
    found = [_vocabulary()[match[0]] for match in _codes().finditer(text) if not is_negated(text, match.start())]
    return tuple(dict.fromkeys(found))


def is_of_less(text: str) -> bool:
    """Tell a short statement that opens the metadata or the abstract, not the item: `Open access (metadata only)`."""
    return len(text) <= _LONGEST_LIST and _OF_LESS.search(text) is not None and _OF_ALL.search(text) is None


def at_an_end(text: str) -> tuple[Term, ...]:
    """Give the terms that a short list of statements begins or ends with: `Restricted access; CC BY 4.0`."""
    if len(text) > _LONGEST_LIST:
        return ()
    parts = [part.strip() for part in _LISTED.split(text)]
    ends = [part for part in (parts[0], parts[-1]) if len(parts) > 1 and (" " in part or "access" in part)]
    return tuple(dict.fromkeys(term for part in ends if (term := whole(part)) is not None))


def prose(text: str) -> tuple[Term, ...]:
    """Give the anchored patterns that a cleaned value matches and does not deny."""
    found = []
    for pattern, term in _patterns():
        match = pattern.search(text)
        if match is not None and not is_negated(text, match.start()):
            found.append(term)
    return tuple(found)
