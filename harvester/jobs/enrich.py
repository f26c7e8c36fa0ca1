"""Asking outside witnesses about the DOIs in the mirror: an overlay that overwrites nothing.

DOIs never asked about, or expired -> within the day's number -> ask politely -> read by our rules -> kept with its expiry
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from harvester.config import Settings
from harvester.jobs.clock import today
from harvester.jobs.door import pace_of_process, sleeper, user_agent
from harvester.jobs.unheard import LeftBehind, unless_stopped
from harvester.net.manners import Policy
from harvester.net.transport import Asked, Transport
from harvester.net.types import Fault, Reply
from harvester.reading.witness import Opinion, of_crossref, of_unpaywall
from harvester.stopping import Stopping
from mirror_db import witnesses
from mirror_db.connection import open_reader, open_writer
from mirror_db.store import utc_now

WITNESSES = ("unpaywall", "crossref")
BATCH = 40  # DOIs in one request to Crossref; Unpaywall takes one
_BOUNDS = Policy(read_timeout_s=30.0, total_timeout_s=60.0, max_bytes=16 * 1024 * 1024)
_JSON = (("Accept", "application/json"),)


class Enriched(NamedTuple):
    """What one witness was asked: printed by `enrich`, one object per witness with `--json`."""

    witness: str
    asked: int = 0  # DOIs
    found: int = 0
    open_access: int = 0
    requests: int = 0
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        """Tell whether the witness did not answer as it should."""
        return "cannot be asked" in self.reason or "answers" in self.reason


class _Ended(Exception):
    """The witness is not asked further now: `str()` says why."""


class _Asking(NamedTuple):
    """One witness: where it answers and with what manners it is asked."""

    witness: str
    base: str
    contact: str
    day: str
    interval_s: float
    stopping: Stopping


def run(
    settings: Settings, repositories: Sequence[str], *, db: Path, limit: int | None, stopping: Stopping
) -> list[Enriched]:
    """Ask each witness that has an address about DOIs of `repositories` (none: of all), at most `limit` of them each."""
    open_reader(db).close()  # a mirror that is not there is not made by this
    own = settings.enrich
    bases = {"unpaywall": own.unpaywall, "crossref": own.crossref}
    with closing(open_writer(db)) as conn:
        return [
            _ask_witness(
                conn,
                settings,
                _Asking(
                    name,
                    bases[name],
                    settings.http.contact,
                    today(settings).isoformat(),
                    own.interval_seconds,
                    stopping,
                ),
                repositories,
                limit=limit,
            )
            for name in WITNESSES
            if bases[name]
        ]


def _ask_witness(
    conn: sqlite3.Connection, settings: Settings, asking: _Asking, repositories: Sequence[str], *, limit: int | None
) -> Enriched:
    now = utc_now()
    left = settings.enrich.per_day - witnesses.asked_since(conn, asking.witness, f"{now[:10]}T00:00:00Z")
    wanted = max(0, left if limit is None else min(left, limit))
    total = Enriched(asking.witness, reason="every DOI was asked about" if wanted else "the day's number is spent")
    dois = [
        doi
        for name in repositories or (None,)
        for doi in witnesses.due(conn, asking.witness, name, now=now, limit=wanted)
    ][:wanted]
    with closing(_transport(settings, asking)) as transport:
        try:
            for opinions in _answers(transport, asking, dois):
                _keep(conn, asking.witness, opinions, settings.enrich.expires_days)
                total = _plus(total, opinions)
        except _Ended as ended:
            return total._replace(reason=str(ended))
    return total


def _transport(settings: Settings, asking: _Asking) -> Transport:
    contact = settings.http.contact
    return Transport(_BOUNDS, home=asking.base, user_agent=user_agent(contact), contact=contact)


def _answers(transport: Transport, asking: _Asking, dois: Sequence[str]) -> Iterator[tuple[Opinion, ...]]:
    """Ask about each DOI (Unpaywall) or about a batch of them (Crossref). Raises `_Ended`."""
    if asking.witness == "unpaywall":
        for doi in dois:
            url = f"{asking.base.rstrip('/')}/{quote(doi, safe='/')}?{urlencode({'email': asking.contact})}"
            got = _get(transport, asking, url)
            opinion = of_unpaywall(doi, got.status, got.body)
            yield (_sure(opinion, got),)
        return
    # A comma would end the filter's value: such a DOI is asked about by nobody.
    plain = [doi for doi in dois if "," not in doi]
    for start in range(0, len(plain), BATCH):
        batch = tuple(plain[start : start + BATCH])
        asked = {"filter": ",".join(f"doi:{doi}" for doi in batch), "rows": BATCH, "mailto": asking.contact}
        got = _get(transport, asking, f"{asking.base.rstrip('/')}/works?{urlencode(asked)}")
        opinions = of_crossref(batch, got.status, got.body, today=asking.day)
        if opinions is None:
            raise _Ended(f"{asking.witness} answers {got.status} with nothing about DOIs")
        yield opinions


def _sure(opinion: Opinion | None, got: Reply) -> Opinion:
    if opinion is None:
        raise _Ended(f"unpaywall answers {got.status} with nothing about a DOI")
    return opinion


def _get(transport: Transport, asking: _Asking, url: str) -> Reply:
    with pace_of_process().turn(urlsplit(asking.base).netloc.lower(), asking.interval_s, sleeper(asking.stopping)):
        if asking.stopping.is_set():
            raise _Ended("stopped as asked")
        try:
            got = unless_stopped(lambda: transport.get(url, Asked(headers=_JSON)), asking.stopping)
        except LeftBehind as left:
            raise _Ended("stopped as asked, without waiting for the answer") from left
    if isinstance(got, Fault):
        raise _Ended(f"{asking.witness} cannot be asked: {got.detail}")
    if got.status in {403, 429} or got.status >= 500:
        raise _Ended(f"{asking.witness} answers {got.status}: asked again the next time")
    return got


def _keep(conn: sqlite3.Connection, witness: str, opinions: Sequence[Opinion], days: int) -> None:
    rows = [
        witnesses.Row(
            one.doi,
            int(one.found),
            None if one.is_open_access is None else int(one.is_open_access),
            one.route,
            one.license,
            one.license_text,
            one.url,
            one.answer,
        )
        for one in opinions
    ]
    expires = datetime.now(UTC) + timedelta(days=days)
    witnesses.keep(conn, witness, rows, now=utc_now(), expires_at=expires.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _plus(total: Enriched, opinions: Sequence[Opinion]) -> Enriched:
    return total._replace(
        asked=total.asked + len(opinions),
        found=total.found + sum(one.found for one in opinions),
        open_access=total.open_access + sum(bool(one.is_open_access) for one in opinions),
        requests=total.requests + 1,
    )
