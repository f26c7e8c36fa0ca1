"""A mirror of any size from a seed: the same call makes the same records, through the functions that the harvester uses.

Run: python -m tests.benchmarks.mirror_generator FILE RECORDS
"""

import hashlib
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from mirror_db.connection import open_writer, transaction
from mirror_db.entries import Batch, Entry, Progress, Quarantined, Raw
from mirror_db.ledger import NewList
from mirror_db.model import Creator, DateValue, Evidence, Fields, Identifier, Issue, MirrorRecord, Subject
from mirror_db.raw import pack
from mirror_db.repositories import SetRow
from mirror_db.stats import refresh
from mirror_db.store import Store
from tests.benchmarks import mirror_words as words

TODAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
BATCH = 1000
DECLARATIONS = 'xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
HOSTILE = (
    "<script>window.hostile = 1</script>",
    '<img src=x onerror="window.hostile = 2">',
    "\u202etxt.exe\u202c \u0007 javascript:alert(1)",
    "x" * 1_000_000,
)
STATES = {
    3: ("partial", "1 record is in quarantine"),
    6: ("failing", "the server answers 503 since three runs"),
    11: ("deferred", "the server asked to wait until tomorrow"),
}


def make_mirror(path: Path, records: int, *, seed: int = 1, repositories: int = 40, now: datetime = TODAY) -> None:
    """Write `records` records of `repositories` repositories to a new mirror at `path`."""
    conn = open_writer(path)
    conn.execute("PRAGMA synchronous = OFF")  # a benchmark's file may be lost with the power
    clock = iter(now - timedelta(days=400) + timedelta(minutes=10 * i) for i in range(10**9))
    store = Store(conn, now=lambda: _text(min(next(clock), now)), commit_records=5 * BATCH)
    rng = random.Random(seed)
    maker = Maker(rng)
    shares = [1 / (i + 2) for i in range(repositories)]
    for i, share in enumerate(shares):
        count = round(records * share / sum(shares))
        _repository(store, maker, i, count)
    _runs(conn, rng, repositories, now)
    refresh(conn, _text(now))
    conn.execute("PRAGMA optimize")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _repository(store: Store, maker: "Maker", number: int, count: int) -> None:
    repository = f"repo{number:02d}"
    name = f"{maker.title(2).title()} University Repository"
    store.enter(
        repository,
        name=name,
        base_url=f"https://{repository}.example/oai",
        country=maker.rng.choice(("gb", "us", "de", "br")),
    )
    store.identified(
        repository,
        {
            "repository_name": name,
            "admin_emails": f"admin@{repository}.example",
            "granularity": "YYYY-MM-DDThh:mm:ssZ",
            "deleted_record": "persistent",
            "platform": maker.rng.choice(("eprints", "dspace", "ojs")),
        },
    )
    sets = tuple(SetRow(f"set_{i}", maker.title(3).capitalize(), None) for i in range(12))
    store.list_sets(repository, sets, complete=True)
    run = store.begin_run(repository, "full", version="0")
    number_of_list = store.open_list(repository, run, NewList("ListRecords", "full", "oai_dc"))
    entries = maker.entries(repository, number, count)
    while page := tuple(islice(entries, BATCH)):
        bad = () if maker.rng.random() > 0.02 else (_bad(repository, maker.rng),)
        store.commit(
            Batch(
                repository,
                run,
                "oai_dc",
                page,
                quarantined=bad,
                progress=Progress(number_of_list, None, None, count, _text(TODAY), 1, len(page)),
            )
        )
    state, reason = STATES.get(number, ("complete", None))
    store.end_list(number_of_list, ended="the list ended", proven=state == "complete")
    store.end_run(repository, run, outcome="complete" if state == "complete" else "partial", reason=reason)
    store.settle(repository, state=state, reason=reason)


def _bad(repository: str, rng: random.Random) -> Quarantined:
    body = b"<record><header><b></header></record>" + rng.randbytes(8)
    return Quarantined(
        "oai_dc",
        f"oai:{repository}:bad{rng.randrange(10**6)}",
        "page 3, record 7",
        "not_well_formed",
        "a tag is not closed",
        hashlib.blake2b(body, digest_size=16).digest(),
        body,
    )


def _runs(conn: Any, rng: random.Random, repositories: int, now: datetime) -> None:
    """Enter a run a day for each repository over 20 days."""
    outcomes = ("complete",) * 17 + ("partial", "failed", "deferred")
    with transaction(conn):
        for day in range(20, -1, -1):
            for i in range(repositories):
                started = now - timedelta(days=day, minutes=30 * i)
                outcome = "failed" if i == 6 and day < 3 else rng.choice(outcomes)
                conn.execute(
                    "INSERT INTO runs (repository, kind, started_at, ended_at, outcome, reason, pages, listed, created, unchanged, requests) "
                    "VALUES (?, 'harvest', ?, ?, ?, ?, 4, 400, 30, 370, 5)",
                    (
                        f"repo{i:02d}",
                        _text(started),
                        _text(started + timedelta(minutes=3)),
                        outcome,
                        None if outcome == "complete" else "the server answered 503",
                    ),
                )


class Maker:
    """Makes records from one stream of chance."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._words, self._weights = words.vocabulary(rng)
        self._names = [self.title(1).capitalize() for _ in range(4000)]
        self._licenses = [(row, weight) for *row, weight in words.LICENSES]

    def title(self, length: int) -> str:
        """Give some words."""
        return " ".join(self.rng.choices(self._words, cum_weights=self._weights, k=length))

    def entries(self, repository: str, number: int, count: int) -> Iterator[Entry]:
        """Yield `count` records of one repository; every repository has its own habits."""
        habit = random.Random(number)
        openness = habit.uniform(0.2, 1.9)
        access = [(word, weight * openness if word == "open" else weight) for word, weight in words.ACCESS]
        licensed = habit.uniform(0.2, 1.6)
        licenses = [(row, weight * licensed if row[0] else weight) for row, weight in self._licenses]
        for i in range(count):
            yield self._entry(repository, i, _pick(self.rng, access), _pick(self.rng, licenses))

    def _entry(self, repository: str, i: int, access: str, license_row: list[Any]) -> Entry:
        rng = self.rng
        if rng.random() < 0.02:
            return _tombstone(f"oai:{repository}:{i}")
        fields = self._fields(repository, i, access, license_row)
        people = tuple(_creator(n, name) for n, name in enumerate(str(fields["creators"]).split("; "), 1))
        subjects = tuple(
            Subject("dc:subject", n, None, None, term, term)
            for n, term in enumerate(str(fields["subjects"]).split("; "), 1)
        )
        ids = [
            Identifier(
                "dc:identifier",
                1,
                "url",
                str(fields["landing_url"]),
                "landing",
                None,
                str(fields["landing_url"]),
                1,
                str(fields["landing_url"]),
            )
        ]
        if fields["doi"]:
            ids.append(
                Identifier(
                    "dc:identifier",
                    2,
                    "doi",
                    str(fields["doi"]),
                    "self",
                    None,
                    f"https://doi.org/{fields['doi']}",
                    1,
                    f"doi:{fields['doi']}",
                )
            )
        dates = (
            DateValue(
                "dc:date",
                1,
                "issued",
                str(fields["year"]),
                f"{fields['year']}-01-01",
                f"{fields['year']}-12-31",
                "year",
                str(fields["year"]),
            ),
        )
        issues = () if rng.random() > 0.15 else (Issue("dc:date", 1, rng.choice(words.ISSUES), "as it stood"),)
        record = MirrorRecord(
            f"oai:{repository}:{i}",
            "2026-10-02T08:00:00Z",
            0,
            (f"set_{rng.randrange(12)}",),
            Fields(**fields),
            people,
            subjects,
            tuple(ids),
            dates,
            tuple(_evidence(rng, fields, license_row[2])),
            issues,
        )
        return Entry(record, _raw(record))

    def _fields(self, repository: str, i: int, access: str, license_row: list[Any]) -> dict[str, Any]:
        rng = self.rng
        year = 2026 - min(int(rng.expovariate(0.11)), 80)
        title = self.title(rng.randint(5, 14)).capitalize()
        if rng.random() < 0.0001:
            title = rng.choice(HOSTILE)
        family = license_row[1]
        names = [f"{rng.choice(self._names)}, {rng.choice(self._names)[0]}." for _ in range(rng.randint(1, 5))]
        embargo = _text(TODAY + timedelta(days=rng.randint(1, 900)))[:10] if access == "embargoed" else None
        opened = int(access == "open")
        return {
            "title": title,
            "creators": "; ".join(names),
            "subjects": "; ".join(self.title(2) for _ in range(rng.randint(1, 4))),
            "publisher": "Example Press",
            "container": f"Journal of {rng.choice(self._names)}" if rng.random() < 0.6 else None,
            "issued": str(year),
            "year": year,
            "type": _pick(rng, words.TYPES),
            "language": _pick(rng, words.LANGUAGES),
            "doi": f"10.5555/{rng.randrange(1_500_000)}" if rng.random() < 0.45 else None,
            "landing_url": f"https://{repository}.example/{i}",
            "file_url": f"https://{repository}.example/{i}/1.pdf" if opened else None,
            "license": license_row[0],
            "license_family": family,
            "license_url": license_row[2] if str(license_row[2]).startswith("http") else None,
            "access": access,
            "embargo_end": embargo,
            "next_change_on": embargo,
            "is_open_access": opened,
            "is_cc_by_nc": int(family == "by-nc"),
            "is_nc_family": int(str(family).startswith("by-nc")),
            "license_conflict": int(rng.random() < 0.003),
            "license_confidence": 0.95 if license_row[0] else None,
            "access_confidence": None if access == "unknown" else 0.9,
            "evaluated_on": "2026-11-23",
            "rules_version": "generated",
            "description": self.title(rng.randint(40, 100)).capitalize() if rng.random() < 0.6 else None,
        }


def _pick(rng: random.Random, pairs: Any) -> Any:
    weights = list(accumulate(weight for _, weight in pairs))
    return rng.choices([value for value, _ in pairs], cum_weights=weights)[0]


def _creator(n: int, name: str) -> Creator:
    family, _, given = name.partition(", ")
    return Creator(
        "dc:creator",
        n,
        "creator",
        name,
        family,
        given,
        None,
        None,
        "person",
        None,
        f"{family.lower()} {given[:1].lower()}",
        name,
    )


def _evidence(rng: random.Random, fields: dict[str, Any], value: str | None) -> Iterator[Evidence]:
    if value:
        yield Evidence(
            "license",
            "dc:rights",
            1,
            value,
            "cc-url" if value.startswith("http") else "name",
            fields["license"],
            0.95,
            1,
            None,
        )
    if fields["access"] != "unknown":
        yield Evidence(
            "access",
            "dc:rights",
            2,
            f"info:eu-repo/semantics/{fields['access']}Access",
            "info-eu-repo",
            fields["access"],
            0.95,
            1,
            None,
        )
    if fields["embargo_end"]:
        yield Evidence(
            "embargo",
            "dc:date",
            2,
            f"info:eu-repo/date/embargoEnd/{fields['embargo_end']}",
            "embargo-date",
            fields["embargo_end"],
            0.9,
            1,
            None,
        )
    if rng.random() < 0.05:
        yield Evidence("license", "dc:rights", 3, rng.choice(words.UNREAD), "unread", None, 0.0, 0, None)


def _raw(record: MirrorRecord) -> Raw:
    fields = record.fields
    values = [
        ("title", fields.title),
        ("description", fields.description),
        ("identifier", fields.landing_url),
        ("date", fields.issued),
        ("type", fields.type),
    ]
    values += [("creator", one.name) for one in record.creators] + [("rights", one.value) for one in record.evidence]
    body = "".join(f"<dc:{name}>{escape(str(value))}</dc:{name}>" for name, value in values if value)
    text = f'<record><header><identifier>{record.oai_identifier}</identifier><datestamp>{record.datestamp}</datestamp></header><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">{body}</oai_dc:dc></metadata></record>'.encode()
    mark = hashlib.blake2b(text, digest_size=16).digest()
    return Raw("oai_dc", mark, mark, DECLARATIONS, pack(text), None)


def _tombstone(identifier: str) -> Entry:
    text = f'<record><header status="deleted"><identifier>{identifier}</identifier></header></record>'.encode()
    mark = hashlib.blake2b(text, digest_size=16).digest()
    return Entry(
        MirrorRecord(identifier, "2026-10-02", 1, (), Fields()),
        Raw("oai_dc", mark, mark, DECLARATIONS, None, pack(text)),
    )


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    started = time.perf_counter()
    make_mirror(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(f"{sys.argv[2]} records in {time.perf_counter() - started:.0f} s\n")
