"""`check` against servers that behave and servers that do not, over HTTP on the loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest

from harvester.config import Settings
from harvester.demo import world
from harvester.demo.server import Call, Reply, Server
from harvester.engine.probes import Verdict
from harvester.jobs.check import Checked, check
from harvester.source import Source, source_from_url
from harvester.stopping import Stopping

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
XML = (("Content-Type", "text/xml"),)
Twist = Callable[[dict[str, str], Call, Callable[[Call], Reply]], Reply]


def _plain(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    return answer(call)


@pytest.fixture
def checked() -> Iterator[Callable[..., Checked]]:
    """Give a function that checks the demo's DSpace behind a twist, or another path."""
    servers = []

    def run(twist: Twist = _plain, *, path: str = "/dspace/oai/request", **changes: object) -> Checked:
        def make(root: str) -> Callable[[Call], Reply]:
            site = world.site(root, TODAY, lambda: NOW)

            def answer(call: Call) -> Reply:
                asked = {name: values[0] for name, values in parse_qs(call.query).items()}
                return twist(asked, call, site)

            return answer

        server = Server(make)
        servers.append(server)
        with server:
            source = source_from_url(server.url + path, {})
            for name, value in changes.items():
                source = _changed(source, name, value)
            return check(Settings(today=TODAY), source, stopping=Stopping())

    yield run
    assert servers


def _changed(source: Source, name: str, value: object) -> Source:
    from dataclasses import replace

    return replace(source, **{name: value})


def _verdicts(got: Checked) -> dict[str, str]:
    return {finding.topic: str(finding.verdict) for finding in got.findings}


def _without(call: Call, *names: str) -> Call:
    kept = [part for part in call.query.split("&") if part.partition("=")[0] not in names]
    return call._replace(query="&".join(kept))


def test_a_sound_repository_works_in_everything(checked: Callable[..., Checked]) -> None:
    """Every probe succeeds, with its request and answer; the rights of the page are read."""
    got = checked()
    assert set(_verdicts(got).values()) == {"works"}
    assert list(_verdicts(got)) == [
        "identify", "formats", "sets", "records", "token", "window", "granularity", "from", "until", "single record",
        "compression", "speed",
    ]  # fmt: skip
    assert (got.harvestable, got.worst, got.platform, got.requests) == (True, Verdict.WORKS, "DSpace", 10)
    assert got.rights is not None
    assert 0 < got.rights.cc_by_nc < got.rights.open_access < got.rights.records < 40  # two of forty are deleted
    assert got.rights.unread == 0
    asked = next(finding for finding in got.findings if finding.topic == "token")
    assert asked.request is not None
    assert asked.request.partition("?")[2] == "verb=ListRecords&resumptionToken=oai_dc%2F%2F%2F%2F40"


def test_a_moved_address_is_told(checked: Callable[..., Checked]) -> None:
    """It works, and the new address should be configured."""
    got = checked(path="/newcastle/cgi-bin/oai")
    finding = next(one for one in got.findings if one.topic == "address")
    assert (finding.verdict, "/newcastle/oai for good" in finding.detail, got.harvestable) == (
        Verdict.LIMITED,
        True,
        True,
    )


def _no_dates(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    return answer(_without(call, "from", "until"))


def _needs_prefix(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    if "resumptionToken" not in asked:
        return answer(call)
    if "metadataPrefix" in asked:
        return answer(_without(call, "metadataPrefix"))
    return answer(call._replace(query="verb=ListRecords"))


def _loop(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    return answer(call._replace(query="verb=ListRecords&metadataPrefix=oai_dc") if "resumptionToken" in asked else call)


def _no_days(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    return answer(call._replace(query="verb=ListRecords") if len(asked.get("from", "")) == 10 else call)


def _no_single(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    return Reply(500, b"oops") if asked["verb"] == "GetRecord" else answer(call)


def _control_character(asked: dict[str, str], call: Call, answer: Callable[[Call], Reply]) -> Reply:
    reply = answer(call)
    return reply._replace(body=reply.body.replace(b"</dc:title>", b"\x01</dc:title>", 1))


@pytest.mark.parametrize(
    ("twist", "expected", "harvestable"),
    [
        (_no_dates, {"window": "limited", "from": "limited", "until": "limited"}, True),
        (_needs_prefix, {"token": "limited"}, True),
        (_loop, {"token": "fails"}, False),
        (_no_days, {"granularity": "limited"}, True),
        (_no_single, {"single record": "limited"}, True),
        (_control_character, {"records": "limited"}, True),
    ],
)
def test_what_a_server_gets_wrong_is_found(
    twist: Twist, expected: dict[str, str], harvestable: bool, checked: Callable[..., Checked]
) -> None:
    """Ignored dates, tokens that need the prefix or bring the first page again, refused days, broken single records."""
    got = checked(twist)
    odd = {topic: verdict for topic, verdict in _verdicts(got).items() if verdict != "works"}
    assert (odd, got.harvestable) == (expected, harvestable)


def test_what_is_configured_but_not_there_fails(checked: Callable[..., Checked]) -> None:
    """A set that is not listed, a format that is not offered."""
    got = checked(sets=("nowhere",), prefixes=("rioxx",))
    verdicts = _verdicts(got)
    assert (verdicts["sets"], verdicts["formats"], verdicts["records"], got.harvestable) == (
        "fails",
        "fails",
        "fails",
        False,
    )


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (Reply(200, b"<html><title>Maintenance</title>"), "an HTML page instead of OAI-PMH: Maintenance"),
        (
            Reply(403, b"<html>Just a moment...", (("Content-Type", "text/html"), ("cf-mitigated", "challenge"))),
            "the server answers 403 with a page meant for browsers or people",
        ),
        (Reply(200, b"<OAI-PMH><error code='badVerb'>no</error></OAI-PMH>", XML), "badVerb: no"),
        (
            Reply(503, b"", (("Retry-After", "86400"),)),
            "the server answers 503 and asks to wait 86400 s, more than the 120 s allowed",
        ),
    ],
)
def test_a_server_that_refuses_is_told_in_its_own_words(
    reply: Reply, detail: str, checked: Callable[..., Checked]
) -> None:
    """The first finding says what came, and nothing is harvestable."""
    got = checked(lambda asked, call, answer: reply)
    first = got.findings[0]
    assert (first.topic, first.verdict, first.detail, got.harvestable, got.rights) == (
        "identify",
        Verdict.FAILS,
        detail,
        False,
        None,
    )


def test_a_host_that_is_not_there_is_asked_only_once_more(checked: Callable[..., Checked]) -> None:
    """One finding, two attempts."""
    got = check(Settings(today=TODAY), source_from_url("http://127.0.0.1:9/oai", {}), stopping=Stopping())
    assert ([finding.topic for finding in got.findings], got.requests) == (["identify"], 2)
    checked()
