"""The OAI-PMH client: sickle's verbs, models and exceptions over a transport that is handed in and our own parser and walk.

ask -> request -> send (whatever carries it) -> parse, once and strictly -> Answer

sickle's own transport, lenient parser and end-of-list rule lose records silently: a page that breaks off, or a page of
HTML under status 200, ends its iteration as success (measured with sickle 0.7). Only its shape is used here.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from lxml import etree

from harvester.oai.errors import Incomplete, Unreadable, exception_of
from harvester.oai.models import Header, Identify, MetadataFormat, Record, Set
from harvester.oai.page import NotOai, Page, Parse, parse
from harvester.oai.sickled import OAIItemIterator, OAIResponse, Sickle
from harvester.oai.types import Ask, Form, Request, ask_of, request_of
from harvester.oai.walk import Adapt, Again, Done, Limits, More, begin, step
from harvester.oai.xml import children


class Received(Protocol):
    """What a transport gives back: a decoded body, the charset that HTTP named, and notes of what was odd about it."""

    @property
    def body(self) -> bytes:
        """Give the decoded body."""

    @property
    def charset(self) -> str | None:
        """Give the charset of Content-Type."""

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """Give what the transport had to put right: codes with their details."""


R = TypeVar("R", bound=Received)


class Answer(NamedTuple, Generic[R]):
    """A well-formed page, and what it came in."""

    page: Page
    reply: R


class Response(OAIResponse):  # type: ignore[misc]
    """sickle's response over a page that is parsed already."""

    def __init__(self, page: Page, body: bytes, params: dict[str, str]) -> None:
        self.page = page
        self.params = params
        self._body = body

    @property
    def raw(self) -> str:
        """Give the document as it came, as text."""
        return self._body.decode("utf-8", "replace")

    @property
    def xml(self) -> Any:
        """Give the document's root; parsed again, since a page keeps its verb's element alone."""
        return etree.fromstring(self._body) if self.page.root is None else self.page.root.getroottree().getroot()


class Client(Sickle, Generic[R]):  # type: ignore[misc]
    """A `Sickle` whose requests go through `send`; whatever that raises passes through.

    The verbs of sickle give models and iterators and raise sickle's exceptions; `page` gives one page as a value.
    """

    def __init__(
        self,
        send: Callable[[Request], R],
        *,
        form: Form = Form(),  # noqa: B008 - immutable
        limits: Limits = Limits(),  # noqa: B008 - immutable
        read: Parse = parse,
    ) -> None:
        super().__init__("", iterator=Walker, class_mapping=_MODELS)
        self._send = send
        self._parse = read
        self.form = form
        self.limits = limits

    def page(self, ask: Ask, form: Form | None = None, *, attempts: int | None = None) -> Answer[R] | NotOai:
        """Ask once, and give the page or why it is none."""
        reply = self._send(request_of(ask, self.form if form is None else form, attempts=attempts))
        page = self._parse(reply.body, charset=reply.charset)
        if isinstance(page, NotOai):
            return page
        return Answer(page._replace(notes=(*reply.notes, *page.notes)) if reply.notes else page, reply)

    def harvest(self, **kwargs: str) -> Response:
        """Ask for these OAI-PMH arguments. Raises `Unreadable` where the answer is no OAI-PMH document."""
        got = self.page(ask_of(kwargs))
        if isinstance(got, NotOai):
            raise Unreadable(got.kind, got.detail)
        return Response(got.page, got.reply.body, kwargs)

    def Identify(self) -> Identify:  # noqa: N802 - sickle's name
        """Ask who the repository is. Raises sickle's exceptions and `Unreadable`."""
        page = self.harvest(verb="Identify").page
        if page.errors:
            raise exception_of(page.errors[0])
        if page.verb != "Identify" or page.root is None:
            raise Unreadable("not_oai", "the answer to Identify holds no Identify element")
        return Identify(page.root)


class Walker(OAIItemIterator):  # type: ignore[misc]
    """sickle's iterator over a whole list, walking by `walk.step`: it ends only where the list does.

    Raises sickle's exception for what the server refuses, `Incomplete` where the list breaks, `Unreadable` where an
    answer is no OAI-PMH document.
    """

    def __init__(self, sickle: "Client[Any]", params: dict[str, str], ignore_deleted: bool = False) -> None:
        self._form = sickle.form
        self._walk = begin(ask_of(params))
        self._over = False
        super().__init__(sickle, params, ignore_deleted)

    def next(self) -> Any:
        """Give the next model."""
        while True:
            for model in self._items:
                if not (self.ignore_deleted and model.deleted):
                    return model
            if self._over:
                raise StopIteration
            self._next_response()

    def _next_response(self) -> None:
        while True:
            got = self.sickle.page(self._walk.ask, self._form)
            if isinstance(got, NotOai):
                raise Unreadable(got.kind, got.detail)
            if self._moved(got.page):
                self._items = _models(self.verb, got.page)
                return

    def _moved(self, page: Page) -> bool:
        """Take the next step; tells whether the page stands."""
        match step(self._walk, page, self.sickle.limits):
            case More(walk):
                self._walk = walk
                return True
            case Done(_, doubts, _, tail_missing):
                if doubts or tail_missing:
                    raise Incomplete(
                        "; ".join(doubts) or "the server answers noRecordsMatch to its own resumptionToken"
                    )
                if page.errors:
                    raise exception_of(page.errors[0])
                self._over = True
                return True
            case Again(walk) | Adapt(walk) as move:
                self._walk = walk
                if isinstance(move, Adapt):
                    self._form = _adapted(self._form, move)
                return False
            case move:
                raise exception_of(page.errors[0]) if page.errors else Incomplete(move.why)


def _adapted(form: Form, move: Adapt) -> Form:
    if move.topic not in form._fields:
        raise Incomplete(move.why)
    return form._replace(**{move.topic: True})


def _models(verb: str, page: Page) -> Iterator[Any]:
    """Give the models of a page. `Header` and `Record` are made of items, the rest of elements."""
    model = _MODELS[verb]
    if model in (Header, Record):
        return (model(item) for item in page.items)
    found = children(page.root, _ELEMENTS[verb]) if page.root is not None else []
    return (model(element) for element in found)


_MODELS: dict[str, Any] = {
    "GetRecord": Record,
    "ListRecords": Record,
    "ListIdentifiers": Header,
    "ListSets": Set,
    "ListMetadataFormats": MetadataFormat,
    "Identify": Identify,
}
_ELEMENTS = {"ListSets": "set", "ListMetadataFormats": "metadataFormat"}
