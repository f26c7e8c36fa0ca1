"""A mirror of a dozen records whose every figure is known, hostile ones among them."""

import hashlib
from pathlib import Path
from xml.sax.saxutils import escape

from mirror_db.connection import open_writer
from mirror_db.entries import Batch, Entry, Progress, Quarantined, Raw, Warned
from mirror_db.ledger import NewList
from mirror_db.model import Creator, Evidence, Fields, Identifier, Issue, MirrorRecord
from mirror_db.raw import pack
from mirror_db.repositories import SetRow
from mirror_db.stats import refresh
from mirror_db.store import Store

NOW = "2026-11-23T08:00:00Z"
DAY = "2026-11-23"
DECLARATIONS = 'xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
HOSTILE_TITLE = '<script>window.hostile = 1</script><img src=x onerror="window.hostile = 2"> \u202etxt.exe\u202c'


def evidence(
    subject: str, value: str, verdict: str | None, *, rule: str = "cc-url", used: int = 1, reason: str | None = None
) -> Evidence:
    """Give a row of evidence read from dc:rights."""
    return Evidence(subject, "dc:rights", 1, value, rule, verdict, 0.95, used, reason)


def entry(
    identifier: str,
    *,
    rows: tuple[Evidence, ...] = (),
    deleted: int = 0,
    issues: tuple[Issue, ...] = (),
    **fields: object,
) -> Entry:
    """Give a record ready for the writer, with a raw form that says the same title."""
    title = str(fields.get("title") or "untitled")
    names = str(fields.get("creators") or "")
    people = tuple(
        Creator("dc:creator", i, "creator", name, None, None, None, None, "person", None, None, name)
        for i, name in enumerate(filter(None, names.split("; ")), 1)
    )
    doi = fields.get("doi")
    ids = (
        (Identifier("dc:identifier", 1, "doi", str(doi), "self", None, f"https://doi.org/{doi}", 1, f"doi:{doi}"),)
        if doi
        else ()
    )
    values: dict[str, object] = {
        "evaluated_on": DAY,
        "rules_version": "test-1",
        "type": "journal article",
        "language": "en",
        **fields,
    }
    record = MirrorRecord(identifier, DAY, deleted, ("theses",), Fields(**values), people, (), ids, (), rows, issues)  # type: ignore[arg-type]
    xml = f"<record><metadata><dc:title>{escape(title[:1000])}</dc:title><dc:rights>&lt;b&gt;</dc:rights></metadata></record>".encode()
    mark = hashlib.blake2b(xml + identifier.encode(), digest_size=16).digest()
    body = None if deleted else pack(xml)
    return Entry(record, Raw("oai_dc", mark, mark, DECLARATIONS, body, pack(b"<record/>") if deleted else None))


OPEN = {"access": "open", "is_open_access": 1, "access_confidence": 0.95}
BY = {
    "license": "CC-BY-4.0",
    "license_family": "by",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "license_confidence": 0.95,
}
BY_NC = {
    "license": "CC-BY-NC-4.0",
    "license_family": "by-nc",
    "is_cc_by_nc": 1,
    "is_nc_family": 1,
    "license_confidence": 0.95,
}
_BY_NC_ROWS = (evidence("license", "https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),)

ALPHA = (
    entry(
        "oai:alpha:1",
        title="Rivers of the north",
        creators="Ahn, Mina; Berg, Otto",
        year=2020,
        issued="2020",
        doi="10.1000/one",
        **OPEN,
        **BY,
        landing_url="https://alpha.example/1",
        description="How rivers carry sediment.",
        rows=(evidence("license", "cc_by", "CC-BY-4.0"), evidence("access", "open", "open", rule="word")),
    ),
    entry(
        "oai:alpha:2",
        title="Tidal mills",
        creators="Berg, Otto",
        year=2021,
        issued="2021",
        **OPEN,
        **BY_NC,
        rows=_BY_NC_ROWS,
        landing_url="https://alpha.example/2",
    ),
    entry(
        "oai:alpha:3",
        title="Closed mills",
        year=2021,
        access="restricted",
        access_confidence=0.9,
        **BY_NC,
        rows=_BY_NC_ROWS,
    ),
    entry(
        "oai:alpha:4",
        title="Soon to open",
        year=2025,
        doi="10.1000/four",
        access="embargoed",
        embargo_end="2026-12-01",
        next_change_on="2026-12-01",
        access_confidence=0.9,
        rows=(evidence("embargo", "2026-12-01", "2026-12-01", rule="embargo-date"),),
    ),
    entry(
        "oai:alpha:5",
        title="Rivers of the north",
        year=2020,
        doi="10.1000/one",
        **OPEN,
        **BY,
        rows=(evidence("license", "cc_by", "CC-BY-4.0"),),
    ),
    entry(
        "oai:alpha:6",
        title="Two licences",
        year=2019,
        license="CC-BY-NC-ND-4.0",
        license_family="by-nc-nd",
        license_conflict=1,
        is_nc_family=1,
        license_confidence=0.6,
        licenses_all='["CC-BY-4.0","CC-BY-NC-ND-4.0"]',
        **OPEN,
        rows=(
            evidence("license", "CC BY 4.0", "CC-BY-4.0", used=0, reason="a less open licence stands beside it"),
            evidence("license", "CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ),
    ),
    entry(
        "oai:alpha:7",
        title=HOSTILE_TITLE,
        creators="<b onmouseover=alert(1)>Mallory</b>",
        year=2024,
        landing_url="javascript:alert(1)",
        file_url="data:text/html,<script>alert(1)</script>",
        description="</script><script>window.hostile = 3</script>",
        license="<img src=x onerror=alert(1)>",
        license_url="javascript:alert(2)",
        rows=(evidence("license", "<svg onload=alert(3)>", None, rule="unread", used=0),),
        issues=(Issue("dc:date", 1, "date_unread", "<i>when</i>"),),
    ),
    entry("oai:alpha:8", deleted=1, title="Gone"),
    entry("oai:alpha:9", title="x" * 1_000_000, year=2023),
)
BETA = (
    entry(
        "oai:beta:1",
        title="Soon to open, here open",
        creators="Cole, Ada",
        year=2025,
        doi="10.1000/four",
        **OPEN,
        **BY,
        rows=(evidence("license", "cc_by", "CC-BY-4.0"),),
        landing_url="https://beta.example/1",
    ),
    entry(
        "oai:beta:2",
        title="An article without a DOI",
        year=2018,
        rows=(evidence("license", "All mine", None, rule="unread", used=0),),
    ),
    entry(
        "oai:beta:3",
        title="A thesis",
        year=2018,
        type="doctoral thesis",
        issues=(Issue("dc:language", 1, "language_unknown", "klingon"),),
    ),
)


def make_known(path: Path) -> Path:
    """Write the known mirror to `path`."""
    conn = open_writer(path)
    store = Store(conn, now=lambda: NOW)
    store.enter("alpha", name="Alpha University", base_url="https://alpha.example/oai", country="gb")
    store.enter("beta", name="Beta <Archive>", base_url="https://beta.example/oai")
    store.enter("gamma", name="Gamma", base_url="https://gamma.example/oai")
    store.identified(
        "alpha",
        {
            "repository_name": "Alpha ePrints",
            "admin_emails": "admin@alpha.example",
            "granularity": "YYYY-MM-DD",
            "deleted_record": "persistent",
            "descriptions": "<eprints>\u202e</eprints>",
        },
    )
    store.list_sets("alpha", (SetRow("theses", "Theses", None),), complete=True)
    _harvest(store, "alpha", ALPHA, expected=9)
    _harvest(store, "beta", BETA, expected=4, proven=False)
    run = store.begin_run("gamma", "harvest", version="0")
    store.end_run("gamma", run, outcome="failed", reason="the server answers 503")
    store.settle("gamma", state="failing", reason="the server answers 503")
    refresh(conn, NOW)
    conn.close()
    return path


def _harvest(store: Store, repository: str, entries: tuple[Entry, ...], *, expected: int, proven: bool = True) -> None:
    run = store.begin_run(repository, "full", version="0")
    number = store.open_list(repository, run, NewList("ListRecords", "full", "oai_dc"))
    bad = (
        Quarantined(
            "oai_dc",
            f"oai:{repository}:bad",
            "page 1, record 4",
            "not_well_formed",
            "a tag is not closed",
            b"0" * 16,
            b"<record><b></record>",
        ),
    )
    store.commit(
        Batch(
            repository,
            run,
            "oai_dc",
            entries,
            quarantined=() if proven else bad,
            warnings=(Warned("slow", "the server took 30 s"),),
            progress=Progress(number, None, None, expected, "2026-11-23T07:59:00Z", 1, len(entries)),
            track_seen=True,
        )
    )
    store.end_list(number, ended="the list ended" if proven else "a record could not be read", proven=proven)
    store.end_run(
        repository,
        run,
        outcome="complete" if proven else "partial",
        reason=None if proven else "1 record is in quarantine",
    )
    store.settle(
        repository, state="complete" if proven else "partial", reason=None if proven else "1 record is in quarantine"
    )
