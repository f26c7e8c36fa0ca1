"""The provider speaks HTTP/1.1: kept connections, gzip where it is accepted, POST, redirects, 404, a log."""

from datetime import UTC, date, datetime

import httpx
import pytest

from harvester.demo import world
from harvester.demo.server import Server

NOW = datetime(2026, 11, 24, 8, 34, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with Server(lambda url: world.site(url, date(2026, 11, 24), lambda: NOW)) as running:
        yield running


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server.url) as open_client:
        yield open_client


LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def test_an_answer_is_packed_only_for_who_takes_it(client):
    """gzip is used where the client accepts it, and the text is the same."""
    packed = client.get("/eprints/cgi/oai2", params=LIST, headers={"Accept-Encoding": "gzip"})
    plain = client.get("/eprints/cgi/oai2", params=LIST, headers={"Accept-Encoding": "identity"})
    assert (packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.text == plain.text


def test_a_post_asks_as_a_get_does(client):
    """Arguments may stand in the body of a POST (section 3.1.1)."""
    assert client.post("/eprints/cgi/oai2", data=LIST).text == client.get("/eprints/cgi/oai2", params=LIST).text


def test_the_old_address_moves_for_good(client):
    """The Newcastle-like platform answers 301 at its old address and keeps the query."""
    got = client.get("/newcastle/cgi-bin/oai?verb=Identify")
    assert (got.status_code, got.headers["location"]) == (301, "/newcastle/oai?verb=Identify")


def test_connections_are_kept(server):
    """Two requests share one connection."""
    with httpx.Client(base_url=server.url) as client:
        streams = [
            client.get("/dspace/oai/request?verb=Identify").extensions["network_stream"].get_extra_info("client_addr")
            for _ in range(2)
        ]
    assert streams[0] == streams[1]


def test_other_addresses_are_not_found_and_every_call_is_logged(server, client):
    """What does not stand anywhere is a 404; the log holds it too."""
    assert client.get("/nowhere?x=1").status_code == 404
    assert [(call.method, call.path, call.query) for call in server.log if call.path == "/nowhere"] == [
        ("GET", "/nowhere", "x=1")
    ]


def test_a_taken_port_is_an_error(server):
    """Two servers cannot share a port."""
    with pytest.raises(OSError, match="in use"):
        Server(lambda url: world.site(url, date(2026, 1, 1), lambda: NOW), port=server.port)
