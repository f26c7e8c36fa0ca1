"""What a visitor asked of the search, read from the address and written back into one."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

FACETS = ("repository", "year", "access", "license", "type", "language")
MAX_TEXT = 400  # characters of a question
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_OAI = re.compile(r"oai:\S+")


class Asked(NamedTuple):
    """One search: a text, a value per facet ("" asks for records without one), two ticks and a page from 1."""

    text: str = ""
    repository: str | None = None
    year: str | None = None
    access: str | None = None
    license: str | None = None
    type: str | None = None
    language: str | None = None
    open: bool = False
    cc_by_nc: bool = False
    page: int = 1

    @property
    def chosen(self) -> dict[str, str]:
        """The facets that are narrowed, with their values."""
        return {name: value for name in FACETS if (value := getattr(self, name)) is not None}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the page was asked."""
        return bool(self.text or self.chosen or self.open or self.cc_by_nc)

    @property
    def words(self) -> str:
        """The search in words, for the title of a feed."""
        parts = [self.text, *(f"{name}: {value or 'not stated'}" for name, value in self.chosen.items())]
        parts += [word for word, ticked in (("open access", self.open), ("CC BY-NC", self.cc_by_nc)) if ticked]
        return ", ".join(part for part in parts if part) or "all records"

    def address(self, path: str = "search") -> str:
        """Give the address that asks the same: a permalink."""
        pairs = [("q", self.text)] if self.text else []
        pairs += list(self.chosen.items())
        pairs += [(name, "1") for name in ("open", "cc_by_nc") if getattr(self, name)]
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def at(self, page: int) -> str:
        """Give the address of another page of the same search."""
        return self._replace(page=page).address()

    def export(self, path: str) -> str:
        """Give the address of the whole result in another form, whatever the page."""
        return self._replace(page=1).address(path)

    def with_facet(self, name: str, value: str | None) -> "Asked":
        """Narrow one facet, or widen it with None; the first page comes again."""
        return self._replace(page=1, **{name: value})  # type: ignore[arg-type]  # every facet is text


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Read the pairs of a query string; what is unknown or makes no sense is left out. The last value of a name counts."""
    given = dict(pairs)
    facets = {
        name: given[name][:200] for name in FACETS if given.get(name) is not None and given.get(f"any_{name}") is None
    }
    page = given.get("page", "1")
    return Asked(
        text=" ".join(given.get("q", "").split())[:MAX_TEXT],
        open=given.get("open") == "1",
        cc_by_nc=given.get("cc_by_nc") == "1",
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        **facets,
    )


def match(text: str) -> str:
    """Give the full-text expression for words and "phrases", all of which must occur; a * at a word's end stands for any ending.

    Every term is quoted, so that nothing in it is an operator. Gives "" for a text without a letter or digit.
    """
    terms = (phrase or word for phrase, word in _TERM.findall(text))
    return " ".join(_quoted(term) for term in terms if any(letter.isalnum() for letter in term))


def _quoted(term: str) -> str:
    star = "*" if term.endswith("*") else ""
    bare = term.rstrip("*").replace('"', '""').replace("\x00", " ")
    return f'"{bare}"{star}'


def doi_in(text: str) -> str | None:
    """Give the DOI that the whole text is, in lower case."""
    found = _DOI.fullmatch(text)
    return found[1].lower() if found else None


def oai_identifier_in(text: str) -> str | None:
    """Give the OAI identifier that the whole text is."""
    return text if _OAI.fullmatch(text) else None
