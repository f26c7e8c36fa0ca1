"""Probing one repository as a harvester sees it: opens a door, tries, closes; no mirror is needed and nothing is written."""

from dataclasses import replace
from typing import NamedTuple

from harvester.config import Settings
from harvester.engine.exchange import Exchange, exchange
from harvester.engine.probed_rights import RightsSeen, rights_of
from harvester.engine.probes import Finding, Probed, Verdict, probe
from harvester.jobs.clock import today
from harvester.jobs.door import open_door
from harvester.oai.platform import Proposal, Seen, recognise
from harvester.oai.types import Ask, Form
from harvester.source import Source
from harvester.stopping import Stopping

PATIENCE = 2  # attempts at one request: a person waits for the answer


class Checked(NamedTuple):
    """Everything that was found out about one repository."""

    source: Source
    harvestable: bool
    findings: tuple[Finding, ...]
    rights: RightsSeen | None
    proposal: Proposal | None  # the platform it looks like, with the set-up that suits it
    requests: int

    @property
    def platform(self) -> str | None:
        """Give the name of the platform, where it gives itself away."""
        return self.proposal.name if self.proposal else None

    @property
    def worst(self) -> Verdict:
        """Give the gravest verdict of all findings."""
        met = {one.verdict for one in self.findings}
        return next(one for one in (Verdict.FAILS, Verdict.LIMITED, Verdict.UNKNOWN, Verdict.WORKS) if one in met)


def check(settings: Settings, source: Source, *, stopping: Stopping) -> Checked:
    """Probe one repository; whatever the server does comes back as findings."""
    quick = replace(source, manners=replace(source.manners, max_attempts=min(PATIENCE, source.manners.max_attempts)))
    with open_door(quick, stopping) as door:
        probed = probe(source, lambda ask, form: _tried(door, source, ask, form))
        requests = int(door.figures()["requests"])
    findings = (*probed.findings, *_speed(probed, source))
    rights = None
    if probed.page is not None:
        rights = rights_of(probed.page, prefix=source.prefixes[0], profile=source.profile, today=today(settings))
    return Checked(source, probed.harvestable, findings, rights, _proposal(probed, source), requests)


def _tried(door, source: Source, ask: Ask, form: Form) -> Exchange:  # type: ignore[no-untyped-def]
    return exchange(door.fetch, source.base_url, ask, form)


def _speed(probed: Probed, source: Source) -> tuple[Finding, ...]:
    """Say how long a whole harvest takes at the pace of the first page, where the server tells the size of the list."""
    first, page = probed.first, probed.page
    if first is None or first.reply is None or page is None or not page.items:
        return ()
    per_page_s = first.reply.elapsed_s + source.manners.min_interval_s
    detail = f"{len(page.items)} records in {first.reply.elapsed_s:.2f} s"
    size = page.token.complete_list_size if page.token else None
    if size and page.token and page.token.value:
        pages = -(-size // len(page.items))
        detail += f"; {size:,} records in {pages:,} pages take about {_duration(pages * per_page_s)}"
    return (Finding("speed", Verdict.WORKS, detail),)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _proposal(probed: Probed, source: Source) -> Proposal | None:
    facts = probed.facts
    urls = (source.base_url, facts.base_url or "") if facts else (source.base_url,)
    items = probed.page.items if probed.page is not None else ()
    return recognise(
        Seen(
            urls,
            facts.descriptions if facts else (),
            probed.prefixes,
            probed.sets,
            tuple(item.identifier for item in items if item.identifier),
        )
    )
