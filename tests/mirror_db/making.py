"""Small records, ready for the writer, for the tests of the mirror's core."""

import hashlib

from mirror_db.entries import Batch, Entry, Progress, Raw
from mirror_db.ledger import NewList
from mirror_db.model import Creator, DateValue, Evidence, Fields, Identifier, Issue, MirrorRecord, Subject
from mirror_db.store import Store

NOW = "2026-11-23T08:00:00Z"
LATER = "2026-11-24T08:00:00Z"
DECLARATIONS = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
BY = Evidence("license", "dc:rights", 1, "cc_by", "code", "CC-BY", 0.9, 1, None)


def digest(text: str) -> bytes:
    """Give sixteen bytes that stand for a text."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def live(
    name: str, title: str = "rivers", *, header: str = "1", sets: tuple[str, ...] = ("theses",), **fields
) -> Entry:
    """Give a live record with a part of every kind; another `header` is another datestamp with the same content."""
    record = MirrorRecord(
        name,
        f"2026-11-0{header}",
        0,
        sets,
        Fields(title=title, **fields),
        (Creator("dc:creator", 1, "creator", "Ahn, M.", "Ahn", "M.", None, None, "person", None, "ahn m", "Ahn,  M."),),
        (Subject("dc:subject", 1, None, None, "water", "water"),),
        (Identifier("dc:identifier", 1, "doi", "10.1/a", "self", None, "https://doi.org/10.1/a", 1, "doi:10.1/a"),),
        (DateValue("dc:date", 1, "issued", "2020", "2020-01-01", "2020-12-31", "year", "2020"),),
        (BY,) if fields.get("license") else (),
        (Issue("dc:language", 1, "language_unknown", "??"),),
    )
    body = f"<record>{name} {header} {title}</record>".encode()
    return Entry(record, Raw("oai_dc", digest(f"{name}{header}{title}"), digest(title), DECLARATIONS, body, None))


def dead(name: str, *, header: str = "9") -> Entry:
    """Give a tombstone."""
    record = MirrorRecord(name, f"2026-11-0{header}", 1, (), Fields())
    tombstone = f"<record>{name} deleted</record>".encode()
    return Entry(record, Raw("oai_dc", digest(f"{name}{header}"), digest("deleted"), DECLARATIONS, None, tombstone))


def begun(store: Store) -> tuple[int, int]:
    """Enter the repository `a`, begin a run and a full list; gives their numbers."""
    store.enter("a", name="A", base_url="https://a.example/oai")
    run = store.begin_run("a", "harvest", version="test")
    return run, store.open_list("a", run, NewList("ListRecords", "full", "oai_dc"))


def page(run: int, number: int, *entries: Entry, token: str | None = None, **more) -> Batch:
    """Give a page of a list with its entries."""
    progress = Progress(number, token, got=len(entries))
    return Batch("a", run, "oai_dc", entries, progress=progress, track_seen=True, **more)
