"""The whole result of a search in another form, streamed: the numbers first, then the records some hundreds at a time."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from mirror_db.export import COLUMNS, csv_lines
from mirror_db.site.citing import bibtex, ris

CHUNK = 400  # records per query: each stays far below the time limit
_T = TypeVar("_T")
Record = Mapping[str, Any]


class Form(NamedTuple):
    """How records are written one after another."""

    media: str
    head: str
    one: Callable[[Record], str]
    between: str = ""
    tail: str = ""

    def lines(self, records: Sequence[Record], *, first: bool) -> str:
        """Give some records as text; `first` tells whether they begin the file."""
        text = self.between.join(self.one(record) for record in records)
        return text if first or not text else self.between + text


def _columns(record: Record) -> dict[str, Any]:
    return {name: record[name] for name in COLUMNS}


def _csv(record: Record) -> str:
    _, line = csv_lines([tuple(_columns(record).values())])
    return line


def _json(record: Record) -> str:
    return json.dumps(_columns(record), ensure_ascii=False)


FORMS = {
    "csv": Form("text/csv; charset=utf-8", next(csv_lines(())), _csv),
    "json": Form("application/json; charset=utf-8", "[\n", _json, ",\n", "\n]\n"),
    "ris": Form("application/x-research-info-systems; charset=utf-8", "", ris),
    "bib": Form("application/x-bibtex; charset=utf-8", "", bibtex),
}


def chunks(ids: Sequence[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """Yield `ids` in pieces of at most `size`."""
    return (ids[at : at + size] for at in range(0, len(ids), size))
