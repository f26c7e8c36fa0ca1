"""Statements for people: the licence sentence and the access badge. Prose about licences is none."""

import re

from harvester.reading.pages.document import Document
from harvester.reading.pages.found import Found
from harvester.reading.rights import embargo
from harvester.reading.rights.clean import fold
from harvester.reading.rights.terms import whole

# A sentence counts only if it begins by speaking of the work itself: an abstract about licences does not.
_SENTENCE = re.compile(
    r"(?:(?:this|the) (?:work|item|article|paper|thesis|document|publication|file|dataset|data ?set|chapter|book|report|content|resource|record|version|full[- ]?text|manuscript|image|video)"
    r"(?: in this record)? (?:is|are|has been|was) (?:\w+ ){0,3}(?:licen[sc]ed|made available|distributed|published|released|available)"
    r"|(?:made )?available under (?:the |a )?licen[sc]e|(?:licensed|distributed|published|released|available) under (?:a|the) "
    r"|except where otherwise noted,? this item'?s licen[sc]e is"
    r"|cc[ -]by|creative commons attribution)",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 600
# A short line that says the item itself is closed for a while: whatever licence stands beside it, it is not open yet.
_EMBARGO = re.compile(
    r"(?:(?:this|the) )?(?:(?:full[- ]?text|file|pdf|item|work|thesis|document|article|access|content|bitstream)s? )?(?:(?:is|are) )?"
    r"(?:currently )?(?:under )?(?:an )?(?:embargo|restricted until|closed until|withheld until|unavailable until|not available until)",
    re.IGNORECASE,
)
_LONGEST_EMBARGO = 200
_BADGE = re.compile(
    r"\s*(?:padlock|lock|logo|icon|badge|symbol|image|label|tag|item|version available)\s*\Z", re.IGNORECASE
)
_LONGEST_BADGE = 40
RIGHTS = frozenset(
    {
        "page:header.license",
        "page:link.license",
        "page:a.license",
        "page:a.creativecommons",
        "page:meta.license",
        "page:meta.rights",
        "page:meta.access",
        "page:meta.full_text_status",
        "page:jsonld.license",
        "page:jsonld.isAccessibleForFree",
        "page:jsonld.conditionsOfAccess",
        "page:label.license",
        "page:label.rights",
        "page:label.access",
        "page:sentence",
        "page:badge",
    }
)


def read(found: Found, document: Document) -> None:
    """Read sentences on licence and embargo, and badges; those in the site's furniture are kept with the reason why they do not count."""
    for line in document.lines:
        why = f"it stands in {line.furniture}" if line.furniture else None
        if (len(line.text) <= _LONGEST_SENTENCE and _SENTENCE.match(line.text)) or (
            len(line.text) <= _LONGEST_EMBARGO and _EMBARGO.match(line.text) and embargo.of_prose(fold(line.text))
        ):
            found.add("sentence", line.text, unused=why)
        elif len(line.text) <= _LONGEST_BADGE and not line.in_link and line.tag not in {"title", "dt", "dd", "th"}:
            _badge(found, line.text, why)
    for picture in document.pictures:
        _badge(found, picture.words, f"it stands in {picture.furniture}" if picture.furniture else None)


def _badge(found: Found, words: str, why: str | None) -> None:
    """An access term and nothing else, but for the word that says what the picture shows: `Open Access padlock`."""
    text = _BADGE.sub("", words.strip())
    if text and len(text) <= _LONGEST_BADGE and whole(fold(text)) is not None:
        found.add("badge", text, unused=why)
