"""Pages of oai_dc records as a repository would send them, from a seed: the same numbers give the same bytes everywhere.

A record has about 2.2 kB, a page 100 of them, gzipped ahead. Pages are written once to a folder and found there again.

Run: python -m tests.benchmarks.corpus RECORDS ...
"""

import gzip
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from tests.benchmarks import mirror_words

PAGE = 100
VERSION = 1  # in the name of the files: another way of making records is another corpus
_WORDS = 12_000
_OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ '
    'http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
    'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n<responseDate>2026-11-23T08:00:00Z</responseDate>\n'
    '<request verb="{verb}">http://127.0.0.1/oai</request>\n'
)
_RIGHTS = tuple(value for _, _, value, _ in mirror_words.LICENSES)
_RIGHTS_AT = tuple(accumulate(weight for *_, weight in mirror_words.LICENSES))
_TYPES = ("Article", "NonPeerReviewed", "PeerReviewed", "Thesis", "Conference or Workshop Item", "Book Section")


class Corpus(NamedTuple):
    """Pages on disk: `offsets` has one more entry than there are pages."""

    path: Path
    records: int
    offsets: tuple[int, ...]
    xml_bytes: int


def folder() -> Path:
    """Give the folder in which benchmarks keep what may be made again."""
    place = Path(tempfile.gettempdir()) / "oai-mirror-benchmarks"
    place.mkdir(exist_ok=True)
    return place


def ready(records: int) -> Corpus:
    """Give the corpus of so many records, made if it is not there yet (about two minutes for a million)."""
    path = folder() / f"pages-v{VERSION}-{records}.gz"
    index = path.with_suffix(".json")
    if not index.exists():
        _make(path, index, records)
    kept = json.loads(index.read_text(encoding="ascii"))
    return Corpus(path, records, tuple(kept["offsets"]), kept["xml_bytes"])


def _make(path: Path, index: Path, records: int) -> None:
    offsets, xml_bytes = [0], 0
    with path.open("wb") as file:
        for page in pages(records):
            xml_bytes += len(page)
            offsets.append(offsets[-1] + file.write(gzip.compress(page, 6, mtime=0)))
    index.write_text(json.dumps({"offsets": offsets, "xml_bytes": xml_bytes}), encoding="ascii")


def pages(records: int, size: int = PAGE) -> Iterator[bytes]:
    """Yield the ListRecords answers of a repository of so many records, in order."""
    maker = Maker()
    for start in range(0, records, size):
        end = min(start + size, records)
        body = "".join(maker.record(number) for number in range(start, end))
        token = "" if end == records else str(end // size)
        tail = f'<resumptionToken completeListSize="{records}" cursor="{start}">{token}</resumptionToken>\n'
        page = f"{_HEAD.format(verb='ListRecords')}<ListRecords>\n{body}{tail}</ListRecords>\n</OAI-PMH>\n"
        yield page.encode()


def answer(verb: str, content: str) -> bytes:
    """Give the answer to another verb."""
    return f"{_HEAD.format(verb=verb)}{content}\n</OAI-PMH>\n".encode()


class Maker:
    """Makes records one by one; a record depends on its number alone."""

    def __init__(self) -> None:
        self._words, self._weights = mirror_words.vocabulary(random.Random(1), _WORDS)
        self._names = [word.title() for word in self._words[200:6200]]
        self._topics = [" ".join(pair) for pair in zip(self._words[300:2300], self._words[2300:4300], strict=True)]

    def record(self, number: int) -> str:
        """Give one record element; one in a hundred is a tombstone."""
        rng = random.Random(number)
        day = f"20{number // 400_000 % 20 + 5:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:30:00Z"
        sets = f"<setSpec>types:{number % 7}</setSpec><setSpec>divisions:{number % 40}</setSpec>"
        head = f"<identifier>oai:benchmark.example:{number + 1}</identifier><datestamp>{day}</datestamp>"
        if number % 100 == 99:
            return f'<record><header status="deleted">{head}</header></record>\n'
        elements = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>\n" for name, value in self._elements(rng, number))
        return (
            f"<record>\n<header>{head}{sets}</header>\n<metadata>\n{_OAI_DC}\n{elements}"
            "</oai_dc:dc>\n</metadata>\n</record>\n"
        )

    def _elements(self, rng: random.Random, number: int) -> Iterator[tuple[str, str]]:
        title = self._text(rng, rng.randint(6, 14)).capitalize()
        year = rng.randint(1990, 2026)
        yield "title", title
        for _ in range(rng.randint(1, 5)):
            yield "creator", f"{rng.choice(self._names)}, {rng.choice(self._names)}"
        for _ in range(rng.randint(2, 5)):
            yield "subject", rng.choice(self._topics)
        yield "description", ". ".join(self._text(rng, 16).capitalize() for _ in range(rng.randint(4, 10))) + "."
        yield "publisher", f"{rng.choice(self._names[:60])} University Press"
        yield "date", f"{year}-{number % 12 + 1:02}" if number % 3 else str(year)
        yield "type", _TYPES[0] if number % 2 else rng.choice(_TYPES)
        yield "type", _TYPES[2]
        yield "format", "text"
        yield "language", "en" if number % 4 else "eng"
        yield "identifier", f"https://benchmark.example/{number + 1}/1/paper.pdf"
        if number % 3:
            yield "relation", f"https://doi.org/10.5555/{year}.{number + 1}"
        yield "relation", f"https://benchmark.example/{number + 1}/"
        names = f"{rng.choice(self._names)}, {rng.choice(self._names)[0]}."
        journal = f"Journal of {rng.choice(self._topics).title()}"
        yield "identifier", f"{names} ({year}) {title}. {journal}, {number % 60 + 1} ({number % 4 + 1}). pp. 11-29."
        value = rng.choices(_RIGHTS, cum_weights=_RIGHTS_AT)[0]
        if value:
            yield "rights", value

    def _text(self, rng: random.Random, words: int) -> str:
        return " ".join(rng.choices(self._words, cum_weights=self._weights, k=words))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        made = ready(int(argument))
        print(
            f"{made.records} records: {made.xml_bytes / made.records:.0f} bytes of XML each, {made.offsets[-1] / made.records:.0f} gzipped, {made.path}"
        )
