"""sickle over our transport and parser: its verbs, models and exceptions, without its losses."""

import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from sickle import Sickle, models, oaiexceptions
from sickle.iterator import BaseOAIIterator

from harvester.oai.client import Client
from harvester.oai.errors import Incomplete, Unreadable
from harvester.oai.page import NotOai
from harvester.oai.types import Ask, Form, Request
from tests.harvester.oai.pages import document, error, header, listing, record


class Got(NamedTuple):
    body: bytes
    charset: str | None = None
    notes: tuple[tuple[str, str], ...] = ()


class Server:
    """Answers with prepared bodies in turn, and keeps what it was asked."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies = list(bodies)
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: Request) -> Got:
        self.asked.append(dict(request.params))
        return Got(self.bodies.pop(0))


IDENTIFY = document(
    "<Identify><repositoryName>The\n Name</repositoryName><baseURL>http://r.test/oai</baseURL>"
    "<adminEmail>a@r.test</adminEmail><adminEmail>b@r.test</adminEmail><granularity>YYYY-MM-DD</granularity>"
    "<__class__>hostile</__class__><xml>hostile</xml><compression>gzip</compression></Identify>",
    verb="Identify",
)


def test_the_client_is_a_sickle_and_its_lists_are_sickle_iterators() -> None:
    """The package bound by the design is what the client is made of."""
    client = Client(Server(listing(record(1), token="")))
    assert (isinstance(client, Sickle), isinstance(client.ListRecords(metadataPrefix="oai_dc"), BaseOAIIterator)) == (
        True,
        True,
    )


def test_identify_gives_sickles_model_and_hostile_names_change_nothing() -> None:
    """Elements that the specification does not know set no attribute; absent ones are None."""
    said = Client(Server(IDENTIFY)).Identify()
    assert isinstance(said, models.Identify)
    assert (said.repositoryName, said.adminEmails, said.compressions, said.deletedRecord, said.granularity) == (
        "The Name",
        ("a@r.test", "b@r.test"),
        ("gzip",),
        None,
        "YYYY-MM-DD",
    )
    assert dict(said)["adminEmail"] == ["a@r.test", "b@r.test"]


def test_a_list_is_walked_over_its_tokens() -> None:
    """Records come as sickle's models, page after page; the token excludes every other argument."""
    server = Server(listing(record(1), record(2, status="deleted"), token="t1"), listing(record(3), token=""))
    found = list(Client(server).ListRecords(metadataPrefix="oai_dc", set="s"))
    assert all(isinstance(one, models.Record) for one in found)
    assert [(one.header.identifier, one.deleted, one.metadata) for one in found] == [
        ("oai:r:1", False, {"title": ["Title"]}),
        ("oai:r:2", True, {}),
        ("oai:r:3", False, {"title": ["Title"]}),
    ]
    assert server.asked == [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "s"},
        {"verb": "ListRecords", "resumptionToken": "t1"},
    ]


def test_deleted_records_can_be_left_out() -> None:
    """sickle's `ignore_deleted` works as sickle says."""
    server = Server(listing(header(1), header(2, status="deleted"), token="", verb="ListIdentifiers"))
    found = Client(server).ListIdentifiers(metadataPrefix="oai_dc", ignore_deleted=True)
    assert [one.identifier for one in found] == ["oai:r:1"]


def test_sets_and_formats_come_as_sickles_models() -> None:
    """The last page of sets is asked once, though it holds no record."""
    sets = "<set><setSpec>a</setSpec><setName>A</setName></set>"
    server = Server(listing(sets, token="t", verb="ListSets"), listing(sets.replace(">a<", ">b<"), verb="ListSets"))
    found = list(Client(server).ListSets())
    formats = listing(
        "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>", verb="ListMetadataFormats"
    )
    offered = list(Client(Server(formats)).ListMetadataFormats())
    assert [(type(one).__mro__[1], one.setSpec, one.setName) for one in found] == [
        (models.Set, "a", "A"),
        (models.Set, "b", "A"),
    ]
    assert [(one.metadataPrefix, one.schema) for one in offered] == [("oai_dc", None)]


def test_one_record_is_given_by_its_identifier() -> None:
    """GetRecord gives one model."""
    server = Server(listing(record(7), verb="GetRecord"))
    assert Client(server).GetRecord(identifier="oai:r:7", metadataPrefix="oai_dc").header.identifier == "oai:r:7"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("badArgument", oaiexceptions.BadArgument),
        ("cannotDisseminateFormat", oaiexceptions.CannotDisseminateFormat),
        ("noSetHierarchy", oaiexceptions.NoSetHierarchy),
        ("noRecordsMatch", oaiexceptions.NoRecordsMatch),
        ("idDoesNotExist", oaiexceptions.IdDoesNotExist),
    ],
)
def test_what_a_server_refuses_is_raised_in_sickles_words(code: str, expected: type[Exception]) -> None:
    """Each error code has its exception; nothing at all in a whole repository is asked for twice before it is believed."""
    with pytest.raises(expected, match="said"):
        list(Client(Server(*[error(code, "said")] * 2)).ListRecords(metadataPrefix="x"))


@pytest.mark.parametrize(
    "second",
    [
        lambda: listing(record(2), token="t1"),
        lambda: document(""),
        lambda: error("badResumptionToken", "expired"),
        lambda: error("noRecordsMatch"),
    ],
    ids=["the same token", "no list element", "a lost token", "noRecordsMatch to a token"],
)
def test_a_list_that_breaks_never_ends_as_if_it_were_whole(second: Callable[[], bytes]) -> None:
    """Where sickle's own iterator stops quietly, this one raises."""
    walker = Client(Server(listing(record(1), token="t1"), *[second() for _ in range(5)])).ListRecords(
        metadataPrefix="x"
    )
    assert next(walker).header.identifier == "oai:r:1"
    with pytest.raises((Incomplete, oaiexceptions.BadResumptionToken)):
        list(walker)


def test_a_page_of_html_or_half_a_page_is_an_exception() -> None:
    """What sickle takes for an empty success (measured) is refused."""
    for body in (b"<html><body>maintenance</body></html>", listing(record(1))[:-40]):
        with pytest.raises(Unreadable):
            Client(Server(body)).ListRecords(metadataPrefix="oai_dc")


def test_a_page_is_given_as_a_value_with_the_notes_of_its_transport() -> None:
    """The harvest asks so: no exception for what a server may send."""

    def send(request: Request) -> Got:
        return Got(listing(record(1)) if "resumptionToken" in dict(request.params) else b"", None, (("code", "why"),))

    client = Client(send, form=Form(token_with_prefix=True))
    answer = client.page(Ask("ListRecords", "oai_dc", token="t"))
    assert not isinstance(answer, NotOai)
    assert (answer.page.notes, len(answer.page.items)) == ((("code", "why"),), 1)
    assert client.page(Ask("ListRecords", "oai_dc")) == NotOai("empty", "the answer is empty")


def test_whatever_the_transport_raises_passes_through() -> None:
    """The client knows nothing of HTTP and swallows none of its faults."""

    def send(request: Request) -> Got:
        raise ConnectionError("away")

    with pytest.raises(ConnectionError, match="away"):
        Client(send).Identify()


def test_requests_is_never_used_for_a_connection() -> None:
    """sickle imports requests; with its sessions and functions broken, everything still works."""
    code = (
        "import requests\n"
        "def broken(*args, **kwargs): raise AssertionError('requests was used')\n"
        "requests.get = requests.post = requests.request = requests.Session.request = requests.Session.send = broken\n"
        "from tests.harvester.oai import test_client as t\n"
        "t.test_identify_gives_sickles_model_and_hostile_names_change_nothing()\n"
        "t.test_a_list_is_walked_over_its_tokens()\n"
        "t.test_one_record_is_given_by_its_identifier()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
