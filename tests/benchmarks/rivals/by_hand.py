"""A mirror by hand with sickle and sqlite-utils: one table, upserts of 1,000 rows, full text. Usage: by_hand.py FILE URL ..."""

import itertools
import sys
from collections.abc import Iterator

import sqlite_utils
from sickle import Sickle

COLUMNS = (
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "date",
    "type",
    "identifier",
    "language",
    "rights",
)


def rows(url: str) -> Iterator[dict[str, object]]:
    """Yield a row per record: the values of an element are joined by "; "."""
    for record in Sickle(url).ListRecords(metadataPrefix="oai_dc"):
        head = {"id": record.header.identifier, "datestamp": record.header.datestamp, "deleted": record.deleted}
        values = {} if record.deleted else record.metadata
        yield head | {name: "; ".join(value or "" for value in values.get(name, [])) for name in COLUMNS}


path, *urls = sys.argv[1:]
table = sqlite_utils.Database(path)["records"]
found = itertools.chain.from_iterable(rows(url) for url in urls)
while bundle := list(itertools.islice(found, 1000)):
    table.upsert_all(bundle, pk="id")
if not table.detect_fts():
    table.enable_fts(["title", "creator", "subject", "description"], create_triggers=True)
print(table.count)
