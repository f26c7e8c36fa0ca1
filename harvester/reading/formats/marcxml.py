"""MARC 21 as XML (marcxml, marc21, marcxchange): titles, names, identifiers, and the notes on access (506) and use (540)."""

from collections.abc import Callable, Iterator
from typing import Any

from harvester.reading.formats import Extracted
from harvester.reading.formats.parts import Collector, children, elements, first, local, person, text_of

_CREATORS = frozenset({"100", "110", "111"})
_CONTRIBUTORS = frozenset({"700", "710", "711", "720"})
_CREATING = frozenset({"aut", "cre", "author", "creator"})
_SUBJECTS = frozenset({"600", "610", "611", "630", "648", "650", "651", "653"})
_SUBDIVISIONS = frozenset("vxyz")
_ENDS = " /:;,=."


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    found = Collector("marcxml")
    root = metadata if local(metadata) == "record" else first(metadata, "record")
    for node in elements(root) if root is not None else ():
        tag = node.get("tag") or ""
        if local(node) == "controlfield" and tag == "008":
            found.add("marc:language", text_of(node)[35:38].strip("|# "))
        elif local(node) == "datafield":
            _READERS.get(tag, _nothing)(found, node)
    return found.done()


def _nothing(found: Collector, node: Any) -> None:
    """Other fields are of no use to the mirror; the raw record keeps them."""


def _subfields(node: Any) -> Iterator[tuple[str, str]]:
    return ((one.get("code") or "", " ".join(text_of(one).split())) for one in children(node, "subfield"))


def _get(node: Any, codes: str) -> list[str]:
    return [value for code, value in _subfields(node) if code in codes and value]


def _join(node: Any, codes: str, joint: str = " ") -> str:
    return joint.join(_get(node, codes)).strip().rstrip(_ENDS).strip()


def _title(found: Collector, node: Any) -> None:
    """The parts as they stand, without the punctuation that cataloguers put before a part."""
    found.add("marc:title", _join(node, "anpb").replace(" : ", ": ").replace(" ; ", "; "))


def _name(found: Collector, node: Any) -> None:
    """The name without its dates; an ORCID iD stands in $0 or $1. A 7XX that is said to be an author is a creator."""
    roles = {role.strip(" .,").lower() for role in _get(node, "e4")}
    creates = node.get("tag") in _CREATORS or bool(roles & _CREATING)
    orcid = next((value for value in _get(node, "01") if "orcid" in value.lower()), None)
    found.add("marc:creator" if creates else "marc:contributor", person(_join(node, "abc"), orcid))


def _publication(found: Collector, node: Any) -> None:
    if node.get("tag") == "264" and node.get("ind2") not in {"1", " ", None}:
        return
    found.add("marc:publisher", _join(node, "b"))
    for value in _get(node, "c"):
        found.add("marc:date", value.strip(" .,;[]"))


def _subject(found: Collector, node: Any) -> None:
    head = _join(node, "abcdnpt")
    parts = [value.rstrip(_ENDS) for code, value in _subfields(node) if code in _SUBDIVISIONS and value]
    found.add("marc:subject", " -- ".join(part for part in (head, *parts) if part))


def _described(element: str, codes: str) -> Callable[[Collector, Any], None]:
    return lambda found, node: found.add(f"marc:{element}", " ".join(_get(node, codes)))


def _number(word: str) -> Callable[[Collector, Any], None]:
    def take(found: Collector, node: Any) -> None:
        for value in _get(node, "a"):
            found.add("marc:identifier", f"{word} {value}")

    return take


def _standard_number(found: Collector, node: Any) -> None:
    kind = "".join(_get(node, "2")).lower()
    for value in _get(node, "a"):
        found.add("marc:identifier", f"hdl:{value}" if kind in {"hdl", "handle"} and "://" not in value else value)


def _link(found: Collector, node: Any) -> None:
    """856: the resource itself, or (second indicator 2) a related one; $7 says whether it is open (MARC update 26)."""
    element = "marc:relation" if node.get("ind2") == "2" else "marc:identifier"
    for value in _get(node, "u"):
        found.add(element, value)
    for code in _get(node, "7"):
        if element == "marc:identifier" and code in {"0", "1"}:
            found.add("marc:856.7", "open access" if code == "0" else "restricted access")


def _statement(found: Collector, node: Any) -> None:
    """506 and 540: text, standardised terms ($f) and an address ($u), each read by itself."""
    tag = node.get("tag")
    for code, value in _subfields(node):
        if code in "afu" and value:
            found.add(f"marc:{tag}", value)


def _host(found: Collector, node: Any) -> None:
    found.add("marc:host.title", _join(node, "t") or _join(node, "p"))
    for value in _get(node, "x"):
        found.add("marc:relation", f"ISSN {value}")
    if _get(node, "g"):
        found.add("marc:host.part", " ".join(_get(node, "tg")))


_READERS: dict[str, Callable[[Collector, Any], None]] = {
    "020": _number("ISBN"),
    "022": _number("ISSN"),
    "024": _standard_number,
    "041": _described("language", "a"),
    "245": _title,
    "260": _publication,
    "264": _publication,
    "506": _statement,
    "520": _described("description", "a"),
    "540": _statement,
    "542": _described("542", "f"),
    "655": _described("genre", "a"),
    "773": _host,
    "856": _link,
    **dict.fromkeys(_CREATORS | _CONTRIBUTORS, _name),
    **dict.fromkeys(_SUBJECTS, _subject),
}
