"""Languages to BCP 47 and ISO 639-3 (dublin-core.md section 4): a table first, langcodes for the rest, nothing guessed."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

_PERIOD = re.compile(r"\s*\([^()]*\d{3,4}[^()]*\)")  # Occitan (post 1500)
_AUTHORITY = re.compile(
    r"https?://(?:id\.loc\.gov/vocabulary/(?:iso639-[12]|languages)|(?:www\.)?lexvo\.org/(?:id|page)/iso639-[123])/(?=[a-z]{2,3}\Z)"
)
_IN_BRACKETS = re.compile(r"\A[(\[]([^()\[\]]+)[)\]]\Z")
_SPLIT = re.compile(r"\s*[;,/|]\s*")


class Language(NamedTuple):
    """One language; both None where the spelling is unknown."""

    tag: str | None
    iso639_3: str | None


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "tables" / name).read_text(encoding="utf-8"))


@cache
def _codes() -> dict[str, Any]:
    return _table("iso639_3.toml")


@cache
def _spellings() -> dict[str, str]:
    table = _table("languages.toml")
    found = {tag.casefold(): tag for tag in table}
    found |= {spelling.casefold(): tag for tag, spellings in table.items() for spelling in spellings}
    return found


@lru_cache(maxsize=8_192)
def read(text: str) -> tuple[Language, ...]:
    """Give the languages of a value; a space splits only if every part is a language."""
    value = text.strip()
    if not value:
        return ()
    one = _one(value)
    if one.tag is not None:
        return (one,)
    for parts in (_SPLIT.split(value), value.split()):
        if len(parts) > 1:
            found = tuple(_one(part) for part in parts if part)
            if found and all(language.tag for language in found):
                return tuple(dict.fromkeys(found))
    return (one,)


@lru_cache(maxsize=8_192)
def first_known(text: str) -> Language | None:
    """Give the first language of a value that is understood."""
    return next((one for one in read(text) if one.tag), None)


@lru_cache(maxsize=8_192)
def _one(text: str) -> Language:
    folded = _AUTHORITY.sub("", _IN_BRACKETS.sub(r"\1", text.strip(" .")).casefold())
    tag = _spellings().get(folded) or _looked_up(folded)
    return Language(tag, _iso639_3(tag) if tag else None)


def _looked_up(folded: str) -> str | None:
    import langcodes  # 60 ms to import; the table serves nearly every record

    if re.fullmatch(r"[a-z]{2,3}(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|\d{3}))?", folded):
        try:
            tag = str(langcodes.standardize_tag(folded.replace("_", "-")))
        except ValueError:
            return None
        language = langcodes.Language.get(tag)
        return (
            tag
            if language.is_valid() and language.language_name() != f"Unknown language [{language.language}]"
            else None
        )
    name = _PERIOD.sub("", folded)
    if len(name) >= 4 and name.replace(" ", "").replace("(", "").replace(")", "").isalpha():
        try:
            return str(langcodes.find(name).to_tag())
        except LookupError:
            return None
    return None


@lru_cache(maxsize=1_024)
def _iso639_3(tag: str) -> str | None:
    if tag.split("-")[0] in {"mul", "zxx", "und"}:
        return tag.split("-")[0]
    if (common := _codes().get(tag.split("-")[0])) is not None:
        return str(common)
    import langcodes

    try:
        return str(langcodes.Language.get(tag).to_alpha3())
    except LookupError:
        return None
