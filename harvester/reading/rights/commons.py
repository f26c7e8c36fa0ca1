"""Statements that a work is not protected: public domain, out of copyright, work of the US Government (rights.md section 8.1)."""

import re
from typing import NamedTuple

from harvester.reading.patterns import late
from harvester.reading.rights.guards import is_negated, speaks_of_metadata
from harvester.reading.rights.licenses import License, others

_PUBLIC_DOMAIN = (
    r"(?:(?:is|are|now|being|objects?|works?|items?|images?) (?:\([^)]{0,80}\) )?(?:considered (?:to be )?|believed to be )?(?:in|part of|within) the public domain|is (?:a )?public domain"
    r"|\A(?:in (?:the )?)?public domain\b(?! (?:before|prior|until|in some))|out of copyright|copyright (?:has |is )?expired|(?:is|are) not (?:protected|restricted|covered) by copyright"
    r"|copyright (?:of|in) (?:this|the) (?:[a-z]+ ){1,3}has expired|(?:está|es|son|están|é|são|est|sont|è|sono|obras?|œuvres?|oeuvres?|opere|documents?|documentos?) (?:(?:tombée?s?|entrée?s?) )?(?:de|en|em|di|in|nel|dans le|du|no) (?:dominio público|domínio público|pubblico dominio|dominio pubblico|domaine public)|(?:ist|sind) gemeinfrei|no longer (?:protected by|in|under) copyright|free of (?:known )?copyright restrictions|no known (?:u\.?s\.? )?copyright restrictions?)"
)
_US_WORK = (
    r"works? of the (?:u\.?s\.?|united states)\.? (?:federal )?government|copyright protection is not available for this work|u\.?s\.? government works?"
    r"|not (?:subject to|protected by) copyright (?:protection )?in the united states|public domain in the (?:u\.?s\.?a?|united states)|17 u\.?s\.?c\.? (?:section |§ ?)?105"
)
_CONDITION = re.compile(
    r"(?:prior to|before|until|after|since|during or after|earlier than|older than) (?:\w+ ){0,3}\d{4}|\bif (?:the|it|this)\b"
)


_SOME = re.compile(
    r"\b(?:some|many|most|certain|several|portions?|parts?) (?:of (?:the|these|this|our) )?(?:[\w'-]+ ){0,3}\Z"
)


class Found(NamedTuple):
    """A statement with the reason why it does not count, if there is one."""

    license: License
    void: str | None


def find(text: str) -> Found | None:
    """Read the first statement of a cleaned text that its work is not protected."""
    for pattern, name in ((_US_WORK, "LicenseRef-PublicDomain-US"), (_PUBLIC_DOMAIN, "LicenseRef-PublicDomain")):
        match = late(pattern).search(text)
        if match is not None:
            return Found(others()[name], _void(text, match))
    return None


def _void(text: str, match: re.Match[str]) -> str | None:
    if _CONDITION.search(text[max(0, match.start() - 80) : match.end() + 30]):
        return "only under a condition that nothing says this item meets"
    if _SOME.search(text[max(0, match.start() - 60) : match.start()]) or match[0].startswith("some"):
        return "it speaks of some things, not of this one"
    if speaks_of_metadata(text, match.start()):
        return "it speaks of the metadata"
    if is_negated(text, match.start()) or "not in the public domain" in text:
        return "the sentence denies it"
    return None
