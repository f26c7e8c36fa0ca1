"""The fault layer itself: every quirk has a switch, and what is served is what was asked for."""

import re
from datetime import timedelta

import httpx
import pytest

from tests.faults import (
    FLAVOURS,
    SWITCHES,
    VirtualClock,
    expire_tokens_after,
    faithful,
    happens,
    harvest,
    held,
    html200,
    library,
    redirect,
    reset_after,
    serve,
    short_length,
    truncate,
)
from tests.faults.clock import START, StopOrSleep

NO_SWITCH = {"Q62"}  # values of Dublin Core: pages of the corpus and the bundled repositories show them


def test_every_quirk_of_the_catalogue_has_a_switch():
    """Q1 to Q61 can each be switched on by name."""
    numbers = {f"Q{n}" for n in range(1, 63)} - {"Q46"} | {"Q46a", "Q46b"}
    assert numbers - {number for number, _ in SWITCHES.values()} == NO_SWITCH


@pytest.mark.parametrize("name", FLAVOURS)
def test_every_flavour_ends_faithful_or_says_so(tmp_path, provider, name):
    """Each bundle is harvested to the truth, or the run is partial, failed or deferred and keeps what it got."""
    server = provider(library(25), flavour=name)
    report = harvest(server, tmp_path / "m.db")
    if report.outcome == "complete":
        assert faithful(tmp_path / "m.db", server)
    else:
        assert report.reason
        assert set(held(tmp_path / "m.db")) <= set(server.truth())


def test_facts_change_the_truth(provider, tmp_path):
    """What is edited, deleted, added and restored is true at once, and the next harvest brings it."""
    db = tmp_path / "m.db"
    server = provider(library(12))
    harvest(server, db)
    server.clock.advance(86_400)
    server.edit("oai:lib:1", "Another title")
    server.delete("oai:lib:2")
    server.undelete("oai:lib:9")
    server.add(13)
    assert {name: server.truth()[name] for name in ("oai:lib:1", "oai:lib:2")} == {
        "oai:lib:1": "Another title",
        "oai:lib:2": None,
    }
    report = harvest(server, db)
    assert (report.outcome, held(db)) == ("complete", server.truth())


def test_a_repeated_request_is_the_same_page(provider):
    """Pages are counted along the tokens, so a fault at page 2 hits page 2 again when it is asked again."""
    server = provider(library(25), [html200().only(page=2)])
    token = re.search(
        "<resumptionToken[^>]*>([^<]+)<", httpx.get(server.base_url + "?verb=ListRecords&metadataPrefix=oai_dc").text
    )[1]
    for _ in range(2):
        got = httpx.get(server.base_url, params={"verb": "ListRecords", "resumptionToken": token})
        assert "maintenance" in got.text
    assert [(one.verb, one.page) for one in server.log] == [("ListRecords", 1), ("ListRecords", 2), ("ListRecords", 2)]


def test_a_fault_happens_so_often_and_no_more(provider):
    """`only` narrows a fault to calls and times; the log names what applied."""
    server = provider(library(5), [html200().only(verb="Identify", times=1)])
    texts = [httpx.get(server.base_url + "?verb=Identify").text for _ in range(2)]
    assert ["maintenance" in text for text in texts] == [True, False]
    assert [one.faults for one in server.log] == [("html200()",), ()]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (truncate(200), httpx.RemoteProtocolError),
        (short_length(), httpx.RemoteProtocolError),
        (reset_after(1), httpx.TransportError),
    ],
)
def test_the_wire_breaks_as_asked(provider, fault, error):
    """A body that stops early and a reset connection are seen by an ordinary client."""
    server = provider(library(25), [fault])
    with pytest.raises(error):
        httpx.get(server.base_url + "?verb=ListRecords&metadataPrefix=oai_dc")


def test_a_redirect_leads_to_the_answer(provider):
    """The other address answers too."""
    server = provider(library(3), [redirect("301")])
    got = httpx.get(server.base_url + "?verb=Identify", follow_redirects=True)
    assert (got.status_code, [hop.status_code for hop in got.history]) == (200, [301])


def test_time_passes_with_requests_and_sleeps(provider):
    """A request takes a virtual second, a sleep what it was asked for, and no real time."""
    clock = VirtualClock()
    server = provider(library(3), clock=clock)
    httpx.get(server.base_url + "?verb=Identify")
    StopOrSleep(clock).wait(3600)
    assert clock.now() == START + timedelta(seconds=3601)


def test_an_event_comes_true_once(provider):
    """`happens` lets a fact come true before a page and never again."""
    server = provider(library(25), [happens(2, lambda one: one.add(99)), expire_tokens_after(9)])
    with httpx.Client() as client:
        url = server.base_url + "?verb=ListRecords"
        for _ in range(2):
            text = client.get(url + "&metadataPrefix=oai_dc").text
            token = re.search("<resumptionToken[^>]*>([^<]+)<", text)[1]
            client.get(url, params={"verb": "ListRecords", "resumptionToken": token})
    assert [one.identifier for one in server.repository.records].count("oai:lib:99") == 1


def test_two_servers_may_hold_the_same_identifiers(tmp_path):
    """Unrelated repositories share `oai:lib:1`: the mirror keeps both (Q48)."""
    db = tmp_path / "m.db"
    with serve(library(4)) as one, serve(library(3)) as other:
        listed = [harvest(server, db).created for server in (one, other)]
    assert listed == [4, 3]
