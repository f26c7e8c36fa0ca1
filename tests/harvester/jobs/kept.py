"""A mirror with records that came in as a page does, for tests of what is done with kept raw records."""

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from harvester.config import Settings, load
from harvester.engine.desk import Desk
from harvester.engine.pages import read_page
from harvester.oai.page import Page, parse
from harvester.reading.profile import DEFAULT
from mirror_db.connection import open_reader, open_writer
from mirror_db.store import Store

_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-01T00:00:00Z</responseDate>
<request verb="ListRecords">https://example.org/oai</request><ListRecords>{}</ListRecords></OAI-PMH>"""
_RECORD = """<record><header><identifier>oai:example.org:{}</identifier><datestamp>2026-10-01</datestamp></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Item {}</dc:title>{}</oai_dc:dc></metadata></record>"""


def settings(day: str) -> Settings:
    """Give settings for which today is `day`."""
    return load(None, environ={"OAI_MIRROR_TODAY": day}).settings


def make(db: Path, bodies: Iterable[str], day: str, repository: str = "example") -> None:
    """Mirror one record per body (the Dublin Core elements besides the title), read on `day`."""
    records = "".join(_RECORD.format(n, n, body) for n, body in enumerate(bodies, 1))
    page = parse(_PAGE.format(records).encode())
    assert isinstance(page, Page)
    with closing(open_writer(db)) as conn:
        store = Store(conn)
        store.enter(repository, name=repository, base_url="https://example.org/oai")
        run = store.begin_run(repository, "harvest", version="test")
        desk = Desk(repository, run, "oai_dc", DEFAULT, date.fromisoformat(day))
        store.commit(read_page(page, desk, {}, place="page 1", progress=None))
        store.end_run(repository, run, outcome="complete", reason=None)


def rows(db: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Give the rows of a query."""
    with closing(open_reader(db)) as conn:
        return [tuple(row) for row in conn.execute(query, values)]


def write(db: Path, statement: str, *values: Any) -> None:
    """Change the mirror behind the program's back."""
    with closing(open_writer(db)) as conn:
        conn.execute(statement, values)
