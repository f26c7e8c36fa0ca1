"""Which software answers, by signs in its answers, and the set-up to propose for it: prefixes, sets, page reading, with reasons. Pure.

The signs and proposals are data (`platforms.toml`), so that a platform is added without code.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_ENOUGH = 2  # weight of signs from which a platform is named
_MOST_PREFIXES = 2
_SAMPLE = 200  # sets and identifiers looked at


class Seen(NamedTuple):
    """What a repository has shown of itself; whatever is not known yet stays empty."""

    urls: tuple[str, ...]  # the base URL asked, and the one that Identify states
    descriptions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


class Proposal(NamedTuple):
    """A platform with the set-up that suits it. `prefixes` are offered ones; `reasons` complete "because ..."."""

    id: str
    name: str
    context: str | None
    reasons: tuple[str, ...]
    prefixes: tuple[str, ...]
    pages: bool
    why_pages: str
    profile: str | None
    notes: tuple[str, ...]
    warning: str | None  # the address asked is one to avoid, and why


def recognise(seen: Seen) -> Proposal | None:
    """Name the platform with the most weight of signs, or None where no signs are enough. An address alone is enough to warn."""
    weighed = [(_weight(platform, seen), platform) for platform in _platforms()]
    (weight, reasons), platform = max(weighed, key=lambda pair: pair[0][0])
    if weight < _ENOUGH:
        return None
    context, warning = _context(platform, seen.urls)
    return Proposal(
        platform["id"],
        platform["name"],
        context,
        reasons,
        _offered(platform["prefixes"], seen.formats),
        platform["pages"] == "yes",
        platform["why_pages"],
        platform.get("profile"),
        tuple(platform.get("notes", ())),
        warning,
    )


@cache
def _platforms() -> Sequence[dict[str, Any]]:
    text = (files(__package__) / "platforms.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["platform"])


def _weight(platform: dict[str, Any], seen: Seen) -> tuple[int, tuple[str, ...]]:
    """Give the weight of a platform's signs, each counted once, and what they are."""
    places = {
        "url": seen.urls,
        "description": seen.descriptions,
        "format": seen.formats,
        "set": seen.sets[:_SAMPLE],
        "identifier": seen.identifiers[:_SAMPLE],
    }
    met = [sign for sign in platform.get("sign", ()) if _stands(sign["match"], places[sign["in"]])]
    return sum(sign["weight"] for sign in met), tuple(sign["says"] for sign in met)


def _stands(pattern: str, values: Iterable[str]) -> bool:
    compiled = re.compile(pattern, re.IGNORECASE)
    return any(compiled.search(value.split("?", 1)[0] if "://" in value[:10] else value) for value in values)


def _context(platform: dict[str, Any], urls: Sequence[str]) -> tuple[str | None, str | None]:
    """Give the context that the address asked names, and the warning against it."""
    for context in platform.get("context", ()):
        if urls and _stands(context["match"], [urls[0].rstrip("/")]):
            return context["name"], context.get("warning")
    return None, None


def _offered(wanted: Sequence[str], formats: Sequence[str]) -> tuple[str, ...]:
    """Give the wanted prefixes that are offered, spelt as the server spells them."""
    spelt = {prefix.casefold(): prefix for prefix in formats}
    found = [spelt[prefix.casefold()] for prefix in wanted if prefix.casefold() in spelt]
    return tuple(dict.fromkeys(found))[:_MOST_PREFIXES]
