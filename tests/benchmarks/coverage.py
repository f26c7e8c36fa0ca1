"""What is known of the records of each host: `python -m tests.benchmarks.coverage FOLDER [HOST ...]`.

Prints by host the shares of live records with a date, DOI, language, type, licence and access, and the issue codes met.
"""

import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from harvester.reading.profile import DEFAULT
from harvester.reading.record import read_record
from mirror_db.model import MirrorRecord
from tests.benchmarks.responses import Found, records

TODAY = date(2026, 11, 23)
SHARES = ("issued", "doi", "language", "type", "license", "access", "creators", "landing_url")


def read(found: Found) -> MirrorRecord:
    """Read one record as a harvest would."""
    return read_record(
        found.identifier,
        found.datestamp,
        found.deleted,
        found.sets,
        found.metadata,
        prefix=found.prefix,
        profile=DEFAULT,
        today=TODAY,
    )


def main(arguments: list[str]) -> int:
    """Print the table."""
    if not arguments:
        print("usage: python -m tests.benchmarks.coverage FOLDER [HOST ...]", file=sys.stderr)
        return 2
    total: Counter[str] = Counter()
    known: dict[str, Counter[str]] = defaultdict(Counter)
    issues: dict[str, Counter[str]] = defaultdict(Counter)
    for found in records(Path(arguments[0])):
        record = read(found)
        for host in (found.host, "all"):
            if not record.deleted:
                total[host] += 1
                known[host].update(_known(record))
                issues[host].update({issue.code for issue in record.issues})
    print(f"{'host':<42} {'records':>7}  " + "  ".join(f"{name:>8}" for name in SHARES) + "  issues (records)")
    for host in arguments[1:] or sorted(total, key=lambda name: -total[name]):
        shares = "  ".join(f"{known[host][name] / total[host]:>8.0%}" for name in SHARES)
        codes = " ".join(f"{code}:{count}" for code, count in issues[host].most_common())
        print(f"{host:<42} {total[host]:>7}  {shares}  {codes}")
    return 0


def _known(record: MirrorRecord) -> list[str]:
    return [name for name in SHARES if getattr(record.fields, name) not in {None, "unknown"}]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
