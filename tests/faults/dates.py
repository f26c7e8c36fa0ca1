"""Faults of clocks, datestamps and Identify: Q5, Q44 to Q46, Q49."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from harvester.demo.model import Repository
from harvester.demo.protocol import Answer
from tests.faults.fault import LISTS, Fault, Moment, a_fault, quirk

__all__ = ["datestamp", "earliest", "granularity", "identify_mismatch", "ignore_from", "server_clock_skew"]

_STAMP = re.compile(r"(<datestamp>)([^<]*)(</datestamp>)")


@quirk("Q5")
def server_clock_skew(hours: float) -> Fault:
    """The server's clock is wrong: its responseDate, and the stamps of what changes from now on, with it."""

    def skewed(moment: Moment, got: Answer) -> Answer:
        return got._replace(now=got.now + timedelta(hours=hours))

    return a_fault(verbs=(), answer=skewed)


@quirk("Q44")
def earliest(kind: str) -> Fault:
    """earliestDatestamp is `now`, `0001`, `absent`, `late` (after most records) or odd text."""

    def change(moment: Moment, text: str) -> str:
        stamps = sorted(record.datestamp for record in moment.server.repository.records)
        values = {
            "now": moment.server.clock.text(),
            "0001": "0001-01-01T00:00:00Z",
            "late": stamps[-2] if len(stamps) > 1 else "2026-01-01T00:00:00Z",
        }
        new = "" if kind == "absent" else f"<earliestDatestamp>{values.get(kind, kind)}</earliestDatestamp>"
        return re.sub(r"<earliestDatestamp>.*?</earliestDatestamp>", new, text)

    return a_fault(verbs=("Identify",), document=change)


@quirk("Q45")
def datestamp(kind: str) -> Fault:
    """Datestamps are always `now`; `frozen` at their first value; `local` time that says Z; with a `frac`tion; with an
    `offset`; in the `future`; a `day` at seconds granularity."""
    first: dict[str, str] = {}

    def stamp(moment: Moment, name: str, old: str) -> str:
        match kind:
            case "now":
                return moment.server.clock.text()
            case "frozen":
                return first.setdefault(name, old)
            case "local":
                return _later(old, hours=1)
            case "future":
                return _later(old, hours=24 * 3650)
        return old

    def held(moment: Moment, repository: Repository) -> Repository:
        changed = (one._replace(datestamp=stamp(moment, one.identifier, one.datestamp)) for one in repository.records)
        return replace(repository, records=tuple(changed))

    def shown(moment: Moment, text: str) -> str:
        return _STAMP.sub(lambda match: match[1] + _odd(match[2], kind) + match[3], text)

    return a_fault(verbs=(*LISTS, "GetRecord"), repository=held, document=shown)


def _later(stamp: str, *, hours: int) -> str:
    return (datetime.fromisoformat(stamp) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _odd(stamp: str, kind: str) -> str:
    if kind == "day":
        return stamp[:10]
    return stamp.replace("Z", {"frac": ".123Z", "offset": "+00:00"}.get(kind, "Z"))


@quirk("Q46a")
def ignore_from() -> Fault:
    """from and until are ignored: every list is the whole list."""
    return a_fault(
        arguments=lambda moment, pairs: [pair for pair in pairs if pair[0] not in {"from", "until"}],
    )


@quirk("Q46b")
def granularity(text: str | None = "yyyy-mm-ddThh:mm:ssz") -> Fault:
    """Identify writes the granularity oddly, or not at all (None)."""
    new = "" if text is None else f"<granularity>{text}</granularity>"
    return a_fault(
        verbs=("Identify",), document=lambda moment, old: re.sub(r"<granularity>.*?</granularity>", new, old)
    )


@quirk("Q49")
def identify_mismatch(base_url: str = "https://elsewhere.example/oai", version: str = "1.1") -> Fault:
    """Identify states another base URL and another version of the protocol."""

    def change(moment: Moment, text: str) -> str:
        text = re.sub(r"<baseURL>.*?</baseURL>", f"<baseURL>{base_url}</baseURL>", text)
        return text.replace("<protocolVersion>2.0<", f"<protocolVersion>{version}<")

    return a_fault(verbs=("Identify",), document=change)
