"""The shared corpus of real responses: its index, and where it lies. Nothing of it is copied into the project."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not (FOLDER / "INDEX.tsv").exists(), reason="the shared corpus is not here")


class Response(NamedTuple):
    """One row of the index; `prefix` in brackets was guessed by the collector."""

    file: str
    platform: str
    host: str
    verb: str
    records: int
    prefix: str
    kind: str
    well_formed: bool

    @property
    def body(self) -> bytes:
        """Give the bytes as found."""
        return (FOLDER / self.file).read_bytes()

    @property
    def is_protocol(self) -> bool:
        """Tell a protocol response from bare records without an envelope."""
        return self.kind != "bare"


@cache
def index() -> tuple[Response, ...]:
    """Give every row of the index, or none where the corpus is not here."""
    path = FOLDER / "INDEX.tsv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Response(
                row["file"],
                row["platform"],
                row["host"],
                row["verb"],
                int(row["records"] or 0),
                row["metadataPrefix"].strip("()"),
                row["kind"],
                row["wellformed"] == "yes",
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        )
