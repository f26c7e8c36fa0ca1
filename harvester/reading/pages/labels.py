"""Lists of labels and values as people read them: definition lists, tables, and lines such as `Volume: 18`.

One page writes its dates in one way: a day above 12 anywhere tells how all of them are meant.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from harvester.reading.pages.document import Document, Line
from harvester.reading.pages.found import Found
from harvester.reading.pages.metas import add_pages

_LONGEST_LABEL = 40
_SLASHED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}\Z")
_ISSN = {"issn.print": "ISSN (print)", "issn.electronic": "ISSN (electronic)", "issn": "ISSN", "isbn": "ISBN"}


def read(found: Found, document: Document) -> None:
    """Read every label that is known; one in the site's furniture is passed over."""
    pairs = [(_known(label), value) for label, value in _pairs(document.lines)]
    order = date_order([value for name, value in pairs if name and name.startswith("date.")])
    for name, value in pairs:
        if name is None or name == "status":
            continue
        if name == "pages":
            add_pages(found, value)
        elif name in _ISSN:
            found.add(name, f"{_ISSN[name]}: {value}")
        elif name.startswith(("date.", "embargo.")):
            found.add(name, value, order=order)
        else:
            found.add(name, value)


def date_order(values: Sequence[str]) -> str | None:
    """Give dmy or mdy where the dates of a page prove it, None where they do not or contradict each other."""
    proofs = set()
    for value in values:
        match = _SLASHED.match(value.strip())
        if match and int(match[1]) > 12 >= int(match[2]):
            proofs.add("dmy")
        elif match and int(match[2]) > 12 >= int(match[1]):
            proofs.add("mdy")
    return proofs.pop() if len(proofs) == 1 else None


@cache
def _table() -> dict[str, str]:
    table = tomllib.loads((files(__package__) / "tables" / "labels.toml").read_text(encoding="utf-8"))
    return {label: name for name, labels in table.items() for label in labels}


def _known(label: str) -> str | None:
    return _table().get(label.strip(" :").casefold())


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    waiting: str | None = None
    for line in lines:
        if line.furniture is not None:
            waiting = None
            continue
        if (
            waiting is not None
            and line.tag in {"dd", "td", "p", "div", "li", "main", "section", "article"}
            and not _splits(line)
        ):
            yield waiting, line.text
            waiting = None if line.tag != "dd" else waiting  # several dd may follow one dt
            continue
        split = _splits(line)
        if split is not None:
            yield split
            waiting = None
        else:
            waiting = line.text if line.tag in {"dt", "th"} or _is_lone_label(line) else None


def _splits(line: Line) -> tuple[str, str] | None:
    """`Volume: 18` in one line; the label may be set apart in bold, without a colon."""
    head, colon, rest = line.text.partition(":")
    if colon and rest.strip() and len(head) <= _LONGEST_LABEL and _known(head):
        return head, rest.strip()
    if line.label and line.text.startswith(line.label) and len(line.label) < len(line.text) and _known(line.label):
        return line.label, line.text[len(line.label) :].strip(" :")
    return None


def _is_lone_label(line: Line) -> bool:
    """A line that is a known label alone: its value is the next line (cells and blocks without any mark-up of lists)."""
    return (
        len(line.text) <= _LONGEST_LABEL
        and line.tag in {"td", "h4", "h5", "h6", "div", "p"}
        and _known(line.text) is not None
    )
