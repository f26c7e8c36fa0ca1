"""The records of a folder of real responses, as a harvest would hand them to the reading."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from harvester.oai.page import Page, parse

HERE = Path(__file__).parents[2] / ".." / "shared" / "corpus"
_ROOTS = ("dc", "rdf", "mods", "resource")


class Found(NamedTuple):
    """One record; `metadata` is None for a deleted one."""

    host: str
    prefix: str
    identifier: str
    datestamp: str | None
    deleted: bool
    sets: tuple[str, ...]
    metadata: Any
    xml: bytes
    context: str


def records(root: Path) -> Iterator[Found]:
    """Yield every record of the folder, in the order of its INDEX.tsv; what no parser can read is left out."""
    with (root / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            prefix = row["metadataPrefix"].strip("()") or "oai_dc"
            yield from _of_file((root / row["file"]).read_bytes(), row["host"], prefix)


def _of_file(body: bytes, host: str, prefix: str) -> Iterator[Found]:
    page = parse(body)
    if isinstance(page, Page) and page.items:
        for item in page.items:
            yield Found(
                host,
                prefix,
                item.identifier or "",
                item.datestamp,
                item.deleted,
                item.sets,
                item.metadata,
                item.xml,
                item.context,
            )
        return
    for number, metadata in enumerate(_bare(body), 1):
        yield Found(host, prefix, f"bare:{number}", None, False, (), metadata, b"", "")


def _bare(body: bytes) -> Iterator[Any]:
    """Yield metadata of records that stand without an envelope."""
    try:
        root = etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    if root is None:
        return
    containers = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == "metadata"]
    for container in containers:
        yield from (one for one in container if isinstance(one.tag, str))
    if not containers and isinstance(root.tag, str) and root.tag.rpartition("}")[2] in _ROOTS:
        yield root
