"""What will work with a repository and what will not, found out as a harvester would: a dozen requests, each one a finding.

Identify -> formats -> sets -> one page -> its token -> windows of time -> the other granularity -> one record -> encoding
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from harvester.engine.exchange import Exchange, counted
from harvester.oai.dates import Granularity, is_before, read_granularity, to_granularity
from harvester.oai.facts import IdentifyFacts, formats_of, identify_facts, sets_of
from harvester.oai.page import Item, Page
from harvester.oai.types import Ask, Form
from harvester.source import Source

FUTURE = "2999-01-01"
LONG_AGO = "1950-01-01"
_SAMPLE = 5  # names shown of a long list
_TOKEN_FORMS = {
    "token_with_prefix": "with metadataPrefix beside it",
    "token_verbatim": "as it stands, not encoded",
    "token_twice": "encoded twice",
}


class Verdict(StrEnum):
    """What a finding means for a harvest."""

    WORKS = "works"
    LIMITED = "limited"  # a harvest copes, at some price
    FAILS = "fails"
    UNKNOWN = "unknown"  # could not be found out


class Finding(NamedTuple):
    """One thing that was tried, with the request and the answer that show it."""

    topic: str
    verdict: Verdict
    detail: str
    request: str | None = None
    answer: str | None = None


class Probed(NamedTuple):
    """All that was found out; `page` is the first page of records."""

    findings: tuple[Finding, ...]
    facts: IdentifyFacts | None = None
    prefixes: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    page: Page | None = None
    first: Exchange | None = None
    moved_to: str | None = None

    @property
    def harvestable(self) -> bool:
        """Tell whether a first harvest can come to its end, as far as one page and its token show."""
        failed = {one.topic for one in self.findings if one.verdict is Verdict.FAILS}
        return self.page is not None and bool(self.page.items) and not failed & {"records", "token"}


Try = Callable[[Ask, Form], Exchange]


def probe(source: Source, attempt: Try) -> Probed:
    """Try a repository; ends early where nothing answers at all."""
    form = Form(bool(source.token_with_prefix), bool(source.token_verbatim), bool(source.manners.identity_encoding))
    who = attempt(Ask("Identify"), form)
    probed = _identified(who)
    if who.fault is not None and who.fault.status is None:
        return probed
    probed = _with_formats(probed, source, attempt(Ask("ListMetadataFormats"), form))
    probed = _with_sets(probed, source, attempt(Ask("ListSets"), form))
    ask = Ask("ListRecords", source.prefixes[0], next(iter(source.sets), None))
    first = attempt(ask, form)
    probed = _with_page(probed, first)
    if probed.page is None:
        return probed
    found = [_token(attempt, ask, probed.page, form), *_windows(attempt, ask, probed, form)]
    found += [_single(attempt, probed, ask, form), _encoding(first)]
    return probed._replace(findings=(*probed.findings, *(one for one in found if one is not None)))


def _found(topic: str, verdict: Verdict, detail: str, shown: Exchange) -> Finding:
    return Finding(topic, verdict, detail, shown.request, shown.answer)


def _identified(who: Exchange) -> Probed:
    facts = identify_facts(who.page) if who.page is not None else None
    if facts is None:
        why = who.trouble or "the answer holds no Identify element"
        return Probed((_found("identify", Verdict.FAILS, why, who),))
    detail = f"{facts.repository_name or 'no name'}; granularity {facts.granularity}, deleted records {facts.deleted_record or 'not stated'}"
    findings = [_found("identify", Verdict.WORKS, detail, who)]
    moved = who.reply.moved_to if who.reply else None
    if moved:
        findings.append(
            Finding("address", Verdict.LIMITED, f"the server answers from {moved} for good: configure that address")
        )
    if facts.protocol_version != "2.0":
        findings.append(
            Finding("protocol", Verdict.LIMITED, f"states protocol version {facts.protocol_version or 'none'}, not 2.0")
        )
    return Probed(tuple(findings), facts, moved_to=moved)


def _with_formats(probed: Probed, source: Source, got: Exchange) -> Probed:
    offered = tuple(one.prefix for one in formats_of(got.page)) if got.page is not None and not got.page.errors else ()
    wanted = source.prefixes[0]
    if not offered:
        finding = _found("formats", Verdict.LIMITED, got.trouble or "no format is named", got)
    elif wanted in offered:
        finding = _found("formats", Verdict.WORKS, _some(offered), got)
    else:
        finding = _found("formats", Verdict.FAILS, f"{wanted} is not offered, but {_some(offered)}", got)
    return probed._replace(findings=(*probed.findings, finding), prefixes=offered)


def _with_sets(probed: Probed, source: Source, got: Exchange) -> Probed:
    page = got.page
    specs = tuple(one.spec for one in sets_of(page)) if page is not None and not page.errors else ()
    more = bool(page is not None and page.token and page.token.value)
    missing = [] if more else [spec for spec in source.sets if spec not in specs]
    if missing and specs:
        finding = _found("sets", Verdict.FAILS, f"configured, but not listed: {_some(missing)}", got)
    elif specs:
        finding = _found(
            "sets",
            Verdict.WORKS,
            f"{len(specs)}{' on the first page, more follow' if more else ''}: {_some(specs)}",
            got,
        )
    else:
        needed = Verdict.FAILS if source.sets else Verdict.WORKS
        finding = _found("sets", needed, f"none ({got.trouble or 'the list is empty'})", got)
    return probed._replace(findings=(*probed.findings, finding), sets=specs)


def _with_page(probed: Probed, got: Exchange) -> Probed:
    page = got.page
    if page is None or page.errors or page.verb != "ListRecords" or not page.items:
        why = got.trouble or "the first page holds no record"
        return probed._replace(findings=(*probed.findings, _found("records", Verdict.FAILS, why, got)), first=got)
    odd = [item for item in page.items if item.problem or (not item.deleted and item.metadata is None)]
    notes = [detail for _, detail in page.notes]
    detail = f"{counted(len(page.items), 'record')} on the first page"
    if odd:
        detail += f", {len(odd)} of them without what a record needs"
    verdict = Verdict.LIMITED if odd or notes or page.lost else Verdict.WORKS
    finding = _found("records", verdict, "; ".join((detail, *notes, *page.lost)), got)
    return probed._replace(findings=(*probed.findings, finding), page=page, first=got)


def _token(attempt: Try, ask: Ask, page: Page, form: Form) -> Finding | None:
    token = page.token.value if page.token else ""
    if not token:
        return Finding("token", Verdict.WORKS, "the list is one page long")
    tries = {"as it is": form} | {how: form._replace(**{name: True}) for name, how in _TOKEN_FORMS.items()}
    for how, one in tries.items():
        got = attempt(ask._replace(token=token), one)
        if got.page is None or not got.page.items:
            continue
        if {item.identifier for item in got.page.items} == {item.identifier for item in page.items}:
            return _found("token", Verdict.FAILS, "the token brings the first page again", got)
        if got.page.token is not None and got.page.token.value == token:
            return _found("token", Verdict.FAILS, "the second page gives the same token again", got)
        if one == form:
            return _found("token", Verdict.WORKS, "the second page came", got)
        return _found("token", Verdict.LIMITED, f"works only {how}; a harvest learns that by itself", got)
    return _found("token", Verdict.FAILS, got.trouble or "the second page holds no record", got)


def _windows(attempt: Try, ask: Ask, probed: Probed, form: Form) -> list[Finding]:
    """Windows of time: the day or second of a record that was seen, the far future, the distant past, the other form."""
    assert probed.page is not None
    facts = probed.facts
    granularity = facts.granularity if facts else read_granularity(None)
    sample = next((item for item in probed.page.items if item.datestamp and not item.deleted), None)
    findings = []
    if sample is not None:
        findings.append(_narrow(attempt, ask, sample, granularity, form))
        findings.append(_other_form(attempt, ask, sample, granularity, form))
    for topic, until, at in (("from", None, FUTURE), ("until", LONG_AGO, None)):
        window = ask._replace(
            from_=to_granularity(at, granularity, end=False) if at else None,
            until=to_granularity(until, granularity, end=True) if until else None,
        )
        findings.append(_empty_window(topic, attempt(window, form)))
    return findings


def _narrow(attempt: Try, ask: Ask, sample: Item, granularity: Granularity, form: Form) -> Finding:
    assert sample.datestamp is not None
    low = to_granularity(sample.datestamp, granularity, end=False)
    high = to_granularity(sample.datestamp, granularity, end=True)
    got = attempt(ask._replace(from_=low, until=high), form)
    if got.page is None or (got.page.errors and got.page.errors[0].code != "noRecordsMatch"):
        return _found("window", Verdict.FAILS, got.trouble or "no answer", got)
    outside = [
        item for item in got.page.items if is_before(item.datestamp, low) or is_before(high, item.datestamp or high)
    ]
    if outside:
        why = f"{counted(len(outside), 'record')} outside the window: dates are ignored, every harvest lists everything"
        return _found("window", Verdict.LIMITED, why, got)
    if got.page.items:
        return _found("window", Verdict.WORKS, f"{counted(len(got.page.items), 'record')}, all of that time", got)
    why = f"{sample.identifier} is stamped {sample.datestamp}, but a window of that time is empty"
    return _found("window", Verdict.LIMITED, why, got)


def _other_form(attempt: Try, ask: Ask, sample: Item, granularity: Granularity, form: Form) -> Finding:
    """Day must be taken by every repository; seconds only where Identify says so (specification section 3.3.1; Q1, Q2)."""
    assert sample.datestamp is not None
    other = Granularity.DAY if granularity is Granularity.SECONDS else Granularity.SECONDS
    got = attempt(ask._replace(from_=to_granularity(sample.datestamp, other, end=False)), form)
    taken = got.page is not None and bool(got.page.items)
    if taken or (got.page is not None and got.page.errors and got.page.errors[0].code == "noRecordsMatch"):
        return _found("granularity", Verdict.WORKS, f"stated as {granularity}; dates as {other} are taken too", got)
    if other is Granularity.SECONDS:
        return _found("granularity", Verdict.WORKS, "stated as day; seconds are refused, as they may be", got)
    return _found(
        "granularity", Verdict.LIMITED, f"days are refused, which every repository must take: {got.trouble}", got
    )


def _empty_window(topic: str, got: Exchange) -> Finding:
    if got.page is None:
        return _found(topic, Verdict.UNKNOWN, got.trouble or "no answer", got)
    if got.page.items:
        why = f"a window that is empty holds {counted(len(got.page.items), 'record')}: {topic} is ignored"
        return _found(topic, Verdict.LIMITED, why, got)
    if got.page.errors and got.page.errors[0].code != "noRecordsMatch":
        return _found(topic, Verdict.LIMITED, got.said or "", got)
    return _found(topic, Verdict.WORKS, "honoured", got)


def _single(attempt: Try, probed: Probed, ask: Ask, form: Form) -> Finding | None:
    """GetRecord is what is left where a page always fails (Q33)."""
    assert probed.page is not None
    sample = next((item for item in probed.page.items if item.identifier and not item.problem), None)
    if sample is None:
        return None
    got = attempt(Ask("GetRecord", ask.prefix, identifier=sample.identifier), form)
    if got.page is not None and any(item.identifier == sample.identifier for item in got.page.items):
        return _found("single record", Verdict.WORKS, "GetRecord gives a listed record", got)
    why = got.trouble or "GetRecord gives another record"
    return _found("single record", Verdict.LIMITED, f"broken pages cannot be mended record by record: {why}", got)


def _encoding(first: Exchange) -> Finding | None:
    if first.reply is None:
        return None
    trouble = [detail for code, detail in first.reply.notes if code.startswith(("encoding", "identity", "length"))]
    if trouble:
        return Finding("compression", Verdict.LIMITED, "; ".join(trouble))
    label = first.reply.headers.get("content-encoding")
    if label:
        return Finding(
            "compression", Verdict.WORKS, f"{label}: {first.reply.wire_bytes:,} bytes for {len(first.reply.body):,}"
        )
    return Finding("compression", Verdict.WORKS, "none: pages travel as they are")


def _some(names: "tuple[str, ...] | list[str]") -> str:
    more = f" and {len(names) - _SAMPLE} more" if len(names) > _SAMPLE else ""
    return ", ".join(names[:_SAMPLE]) + more
