"""The misbehaving server: our provider, its facts, its log, and the faults laid around it."""

import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from harvester.demo.document import document
from harvester.demo.model import Record, Repository
from harvester.demo.protocol import Answer, ProtocolError, answer
from harvester.demo.server import Call, Reply, Server
from tests.faults.clock import VirtualClock
from tests.faults.fault import LISTS, Fault, Moment, Refuse, Sent
from tests.faults.handler import FaultyHandler, title_in
from tests.faults.library import metadata_of, plain

PATH = "/oai"
_XML = (("Content-Type", "text/xml; charset=utf-8"),)


@dataclass(frozen=True)
class Logged:
    """One request: `at` is virtual, `faults` are those that applied, `status` what was sent."""

    number: int
    at: datetime
    verb: str
    params: dict[str, str]
    query: str
    headers: dict[str, str]
    page: int
    faults: tuple[str, ...]
    status: int = 0


@dataclass
class Provider:
    """One repository behind HTTP. Use `serve`; stop with the block or `close()`."""

    repository: Repository
    faults: list[Fault]
    clock: VirtualClock = field(default_factory=VirtualClock)
    log: list[Logged] = field(default_factory=list)
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._inside = 0
        self._page = 0
        self._pages: dict[str, int] = {}  # which page a token asks for: a repeated request is the same page
        self._server = Server(lambda url: self._answer_call, handler=FaultyHandler)
        scheme = "http"
        for fault in self.faults:
            if fault.tls:
                http = self._server._http
                http.socket = _context(fault.tls).wrap_socket(http.socket, server_side=True)
                scheme = "https"
        query = next((fault.base_query for fault in self.faults if fault.base_query), "")
        self.base_url = f"{scheme}://127.0.0.1:{self._server.port}{PATH}" + (f"?{query}" if query else "")
        self.repository = replace(self.repository, base_url=self.base_url)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)

    # --- what is true -------------------------------------------------------------------------------------------------

    def truth(self) -> dict[str, str | None]:
        """Give the title of every record by its identifier, None for a deleted one."""
        forgets = self.repository.deleted_record == "no"
        return {
            one.identifier: None if one.deleted else title_in(one.metadata["oai_dc"])
            for one in self.repository.records
            if not (one.deleted and forgets)
        }

    def edit(self, identifier: str, title: str) -> None:
        """Give a record another title, now."""
        number = int(identifier.rpartition(":")[2])
        self._change(identifier, lambda one: one._replace(metadata={"oai_dc": metadata_of(title, number)}))

    def delete(self, identifier: str) -> None:
        """Delete a record and keep its tombstone."""
        self._change(identifier, lambda one: one._replace(deleted=True))

    def undelete(self, identifier: str) -> None:
        """Bring a deleted record back."""
        self._change(identifier, lambda one: one._replace(deleted=False))

    def move(self, identifier: str, *sets: str) -> None:
        """Put a record into other sets."""
        self._change(identifier, lambda one: one._replace(sets=sets))

    def touch(self, identifier: str) -> None:
        """Change a record's datestamp and nothing else."""
        self._change(identifier, lambda one: one)

    def add(self, number: int, title: str | None = None) -> None:
        """Add a record."""
        self._put((*self.repository.records, plain(number, title=title, stamp=self.clock.text())))

    def vanish(self, *identifiers: str) -> None:
        """Remove records without a trace (Q19)."""
        self._put(one for one in self.repository.records if one.identifier not in identifiers)

    def rename(self, old: str, new: str) -> None:
        """Give every identifier that begins with `old` the beginning `new` (Q48)."""
        self._put(
            one._replace(identifier=new + one.identifier.removeprefix(old), datestamp=self.clock.text())
            for one in self.repository.records
        )

    def restamp(self) -> None:
        """Stamp every record as changed now (Q47)."""
        self._put(one._replace(datestamp=self.clock.text()) for one in self.repository.records)

    def drop_set(self, spec: str) -> None:
        """Take a set away; its records stay (Q21)."""
        with self._lock:
            kept = tuple(one for one in self.repository.sets if one.spec != spec)
            self.repository = replace(self.repository, sets=kept)
        self._put(
            one._replace(sets=tuple(name for name in one.sets if name != spec)) for one in self.repository.records
        )

    def _change(self, identifier: str, change: Callable[[Record], Record]) -> None:
        now = self.clock.text()
        self._put(
            change(one)._replace(datestamp=now) if one.identifier == identifier else one
            for one in self.repository.records
        )

    def _put(self, records: Iterable[Record]) -> None:
        with self._lock:
            self.repository = replace(self.repository, records=tuple(records))

    # --- what is asked ------------------------------------------------------------------------------------------------

    def asked(self, verb: str = "") -> list[Logged]:
        """Give the requests of a verb, or all."""
        return [one for one in self.log if verb in ("", one.verb)]

    def _answer_call(self, call: Call) -> Reply:
        with self._lock:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        try:
            with self._lock:
                sent, logged = self._through(call)
                self.log.append(replace(logged, status=0 if sent.reset else sent.status))
        finally:
            with self._lock:
                self._inside -= 1
        return sent  # type: ignore[return-value]  # the handler below knows what to do with it

    def _through(self, call: Call) -> tuple[Sent, Logged]:
        self.clock.advance(1)
        pairs = tuple(parse_qsl(call.form if call.method == "POST" else call.query, keep_blank_values=True))
        params = dict(pairs)
        page = self._page_of(params) if params.get("verb") in LISTS else 0
        moment = Moment(self, call, pairs, len(self.log) + 1, page)
        faults = [fault for fault in self.faults if fault.applies(moment)]
        names = tuple(fault.name for fault in faults)
        logged = Logged(
            moment.number, self.clock.now(), moment.verb, params, call.query, dict(call.headers), page, names
        )
        return self._send(moment, faults), logged

    def _page_of(self, params: dict[str, str]) -> int:
        token = params.get("resumptionToken")
        self._page = 1 if token is None else self._pages.get(token, self._page)
        return self._page

    def _send(self, moment: Moment, faults: list[Fault]) -> Sent:
        sent = self._early(moment, faults) or self._normal(moment, faults)
        for fault in faults:
            if fault.sent:
                sent = fault.sent(moment, sent)
        return sent

    def _early(self, moment: Moment, faults: list[Fault]) -> Sent | None:
        for fault in faults:
            early = fault.call(moment) if fault.call else None
            if early is not None:
                return early if isinstance(early, Sent) else Sent(*early)
        return None if moment.call.path.endswith(PATH) else Sent(404, b"<html><title>Not found</title></html>")

    def _normal(self, moment: Moment, faults: list[Fault]) -> Sent:
        text = document(self._answer(moment, faults))
        for fault in faults:
            text = fault.document(moment, text) if fault.document else text
        body = text.encode()
        for fault in faults:
            body = fault.body(moment, body) if fault.body else body
        return Sent(200, body, _XML)

    def _answer(self, moment: Moment, faults: list[Fault]) -> Answer:
        repository = self.repository
        pairs = list(moment.pairs)
        try:
            for fault in faults:
                pairs = fault.arguments(moment, pairs) if fault.arguments else pairs
            for fault in faults:
                repository = fault.repository(moment, repository) if fault.repository else repository
            got = self._responded(moment, faults, repository) or answer(repository, pairs, self.clock.now())
        except Refuse as refused:
            got = Answer(repository, self.clock.now(), moment.pairs, None, (ProtocolError(refused.code, refused.text),))
        for fault in faults:
            got = fault.answer(moment, got) if fault.answer else got
        if got.token is not None:
            self._pages[got.token.value] = moment.page + 1
        return got

    def _responded(self, moment: Moment, faults: list[Fault], repository: Repository) -> Answer | None:
        given = (fault.respond(moment, repository) for fault in faults if fault.respond)
        return next((one for one in given if one is not None), None)


def serve(
    repository: Repository,
    faults: Iterable[Fault] = (),
    *,
    flavour: str = "strict",
    clock: VirtualClock | None = None,
) -> Provider:
    """Give a provider to be used as a block; `flavour` adds the faults of a platform and its ways."""
    from tests.faults.flavours import FLAVOURS

    made = FLAVOURS[flavour]
    return Provider(made.repository(repository), [*faults, *made.faults()], clock or VirtualClock())


def _context(kind: str) -> ssl.SSLContext:
    folder = Path(__file__).parent / "tls"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{kind}.pem", folder / "key.pem")
    return context
