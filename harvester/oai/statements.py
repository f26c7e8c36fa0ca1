"""What a document states besides its items: errors, and the resumptionToken (Q10, Q15 to Q18)."""

from typing import NamedTuple

from harvester.oai.dates import to_instant
from harvester.oai.xml import Element, local, text_of

CODES = (
    "badVerb",
    "cannotDisseminateFormat",
    "noSetHierarchy",
    "badArgument",
    "badResumptionToken",
    "idDoesNotExist",
    "noMetadataFormats",
    "noRecordsMatch",
)
_CODES = {code.lower(): code for code in CODES}
TOKEN = "resumptiontoken"  # noqa: S105 - an element's name


class OaiError(NamedTuple):
    """One error element: its code as the specification writes it, where that knows it, and its text."""

    code: str
    text: str


_MOST_SAID = 1_000  # characters of what a server says: it is shown, kept and repeated


class Token(NamedTuple):
    """A resumptionToken; `value` without white space around it (Q15), "" at the end of a list."""

    value: str
    cursor: str | None
    complete_list_size: int | None
    expiration_date: str | None


def error_of(element: Element) -> OaiError:
    """Read one error element."""
    code = (element.get("code") or "unknown").strip()[:_MOST_SAID]
    return OaiError(_CODES.get(code.lower(), code), text_of(element).strip()[:_MOST_SAID])


def token_of(root: Element, lists: list[Element]) -> tuple[Token | None, tuple[str, ...]]:
    """Give the page's token and what is doubtful about it: a list that goes on must not be taken for one that ends.

    It stands in the list element; one that stands behind it, or in odd case, counts as well (Q10).
    """
    found = [one for holder in lists for one in holder if local(one).lower() == TOKEN]
    found = found or [one for one in root if local(one).lower() == TOKEN]
    if not found:
        return None, ()
    told = [one for one in found if text_of(one).strip()] or found
    last = told[-1]
    values = dict.fromkeys(text_of(one).strip() for one in told)
    token = Token(
        text_of(last).strip(),
        last.get("cursor"),
        _size(last.get("completeListSize")),
        to_instant(last.get("expirationDate")),
    )
    return token, (f"{len(values)} different resumptionTokens on one page",) if len(values) > 1 else ()


def _size(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None
