"""Real answers of 198 hosts: every well-formed one is understood to its last record, every malformed one refused or mended aloud."""

import csv
import re
from pathlib import Path

import pytest

from harvester.oai.page import NotOai, Page, parse, reopen

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
LISTS = {"ListRecords": "record", "GetRecord": "record", "ListIdentifiers": "header"}

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real answers is not here")


def _rows() -> list[dict[str, str]]:
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t") if row["kind"] in {"response", "cassette"}]


def _is_oai(body: bytes) -> bool:
    return re.search(rb"<(?:[\w.-]+:)?OAI-PMH[\s>]", body) is not None


def _count(body: bytes, row: dict[str, str]) -> int:
    """The index counts record elements; headers of ListIdentifiers are counted here."""
    headers = re.findall(rb"<(?:[\w.-]+:)?header[\s>/]", re.sub(rb"<!--.*?-->", b"", body, flags=re.DOTALL))
    return len(headers) if "ListIdentifiers" in row["file"] else int(row["records"] or 0)


def test_every_answer_is_understood_or_refused_with_a_reason() -> None:
    """Records found are records in it; their slices read back the same; nothing crashes."""
    wrong, read, refused = [], 0, 0
    for row in _rows():
        body = (CORPUS / row["file"]).read_bytes()
        got = parse(body)
        if isinstance(got, NotOai):
            refused += 1
            if row["wellformed"] == "yes" and _is_oai(body):
                wrong.append((row["file"], got.kind, got.detail[:80]))
            continue
        if got.verb in LISTS and row["wellformed"] == "yes":
            read += len(got.items)
            if len(got.items) != _count(body, row):
                wrong.append((row["file"], str(len(got.items)), str(_count(body, row))))
        wrong += [
            (row["file"], item.identifier)
            for item in got.items
            if item.xml and item.problem != "not_well_formed" and reopen(item.xml, item.context).digest != item.digest
        ]
    assert wrong == []
    assert (read > 15_000, refused < 400) == (True, True)


def test_the_bytes_of_real_records_are_kept_as_they_came() -> None:
    """Where a page is UTF-8 and well formed, each record is a piece of it."""
    wrong = []
    for row in _rows():
        body = (CORPUS / row["file"]).read_bytes()
        got = parse(body)
        if not isinstance(got, Page) or got.notes or row["wellformed"] != "yes":
            continue
        head = body[:200].lower()
        if b"encoding" in head and b"utf-8" not in head:
            continue
        wrong += [row["file"] for item in got.items if item.xml and item.xml not in body]
    assert wrong == []
