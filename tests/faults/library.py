"""A repository of plain records for the tests: distinct titles with accents, two sets, some deletions."""

from datetime import datetime, timedelta

from harvester.demo.dublin_core import oai_dc
from harvester.demo.model import OAI_DC, SECONDS, Record, Repository, SetEntry
from harvester.demo.tokens import OpaqueTokens

LIBRARY = "oai:lib:"
_FIRST = datetime(2025, 1, 1, 12, 0, 0)


def library(n: int, *, page_size: int = 10, granularity: str = SECONDS, every_deleted: int = 9) -> Repository:
    """Give a repository of records 1 to n, one changed a day; every so manieth is deleted (0: none)."""
    return Repository(
        name="Library of tests",
        base_url="",
        records=tuple(plain(k, deleted=bool(every_deleted) and k % every_deleted == 0) for k in range(1, n + 1)),
        sets=(SetEntry("odd", "Odd ones"), SetEntry("even", "Even ones"), SetEntry("even:four", "Fours")),
        formats=(OAI_DC,),
        granularity=granularity,
        page_size=page_size,
        tokens=OpaqueTokens(3600),
    )


def plain(k: int, *, title: str | None = None, stamp: str | None = None, deleted: bool = False) -> Record:
    """Give record number k."""
    spec = "odd" if k % 2 else "even:four" if k % 4 == 0 else "even"
    changed = stamp or (_FIRST + timedelta(days=k)).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {"oai_dc": metadata_of(title or title_of(k), k)}
    return Record(f"{LIBRARY}{k}", changed, (spec,), metadata, deleted)


def title_of(k: int) -> str:
    """Give the first title of record k."""
    return f"Étude no {k} — naïve façades"


def metadata_of(title: str, k: int) -> str:
    """Give Dublin Core with this title."""
    return oai_dc(
        [
            ("title", title),
            ("creator", f"Brontë, Émilie {k}"),
            ("description", f"About number {k} and its café."),
            ("date", f"{1990 + k % 30}"),
            ("identifier", f"https://library.example/{k}"),
            ("rights", "https://creativecommons.org/licenses/by-nc/4.0/" if k % 3 else "All rights reserved"),
        ]
    )
