"""Harvested text on its way into a page: what could turn the page's own words round, or break them, is taken out or shown.

Jinja escapes markup; this module deals with what escaping leaves: control characters and overrides of the writing direction.
"""

import re
from typing import Any

from markupsafe import Markup, escape

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_MARKED = re.compile("\x02([^\x02\x03]*)\x03")


def plain(text: str) -> str:
    """Give `text` without control characters and direction overrides; marks of right-to-left scripts stay."""
    return _UNSEEN.sub("", text)


def finalized(value: Any) -> Any:
    """Give what a template prints: every text in its plain form, markup of our own as it is."""
    return plain(value) if type(value) is str else value


def visible(text: str) -> str:
    """Give `text` with control characters and overrides spelt out: U+202E shows as ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def marked(snippet: str) -> Markup:
    """Give a snippet of the full-text index as HTML, its hits in <mark>."""
    parts = _MARKED.split(snippet)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(plain(part)) if at % 2 else escape(plain(part))
        for at, part in enumerate(parts)
    )


def phrase(text: str) -> str:
    """Give a question for the search that asks for `text` as a phrase."""
    return '"' + text[:200].replace('"', " ").strip() + '"'


def sentence(text: str) -> str:
    """Give a reason as a sentence: a capital first, a full stop at the end."""
    bare = text.strip()
    return bare[:1].upper() + bare[1:] + ("" if bare[-1:] in ".!?…" else ".")
