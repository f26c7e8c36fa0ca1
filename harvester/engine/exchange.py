"""One request with what came of it, told in a line: what `check` shows beside every finding."""

from collections.abc import Callable
from typing import NamedTuple

from harvester.net.addresses import merge
from harvester.net.types import Fault, Reply
from harvester.oai.client import Answer, Client
from harvester.oai.page import NotOai, Page
from harvester.oai.types import Ask, Form, Request, request_of

Send = Callable[[Request], Reply | Fault]
_ITEMS = {"ListRecords": "record", "ListIdentifiers": "header", "GetRecord": "record"}


class Exchange(NamedTuple):
    """What was asked and what came: a page, or why there is none."""

    request: str
    page: Page | None
    reply: Reply | None = None
    fault: Fault | None = None
    refused: NotOai | None = None

    @property
    def said(self) -> str | None:
        """Give the error codes with their texts, or None."""
        if self.page is None or not self.page.errors:
            return None
        return "; ".join(f"{error.code}: {error.text}" if error.text else error.code for error in self.page.errors)

    @property
    def trouble(self) -> str | None:
        """Say why there is no page that answers, or None."""
        if self.fault is not None:
            return self.fault.detail
        return self.refused.detail if self.refused is not None else self.said

    @property
    def answer(self) -> str:
        """Say in a line what came."""
        if self.fault is not None:
            return self.fault.detail
        assert self.reply is not None
        via = f", after {counted(len(self.reply.redirects), 'redirect')}" if self.reply.redirects else ""
        head = f"{self.reply.status} in {self.reply.elapsed_s:.2f} s, {_size(self.reply.wire_bytes)}{via}"
        return f"{head}: {self._holds()}"

    def _holds(self) -> str:
        if self.page is None:
            return self.refused.detail if self.refused else ""
        if self.page.errors:
            return self.said or ""
        parts = []
        if self.page.verb in _ITEMS:
            parts.append(counted(len(self.page.items), _ITEMS[self.page.verb]))
        token = self.page.token
        if token is not None:
            parts.append("a token" if token.value else "an empty token")
            parts += [f"of {token.complete_list_size}"] if token.complete_list_size is not None else []
        return ", ".join(parts) or (self.page.verb or "nothing that was asked for")


def exchange(send: Send, base_url: str, ask: Ask, form: Form) -> Exchange:
    """Ask once and tell what came; whatever the server does comes back as a value."""
    request = request_of(ask, form)
    shown = merge(base_url, request.params, verbatim=request.verbatim)
    kept = _Kept(send)
    try:
        got = Client(kept).page(ask, form)
    except _NoReply:
        return Exchange(shown, None, fault=kept.fault)
    if isinstance(got, Answer):
        return Exchange(shown, got.page, got.reply)
    return Exchange(shown, None, kept.reply, refused=got)


class _NoReply(Exception):
    """The request brought a fault, which is kept beside."""


class _Kept:
    """Sends, and keeps what came."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.reply: Reply | None = None
        self.fault: Fault | None = None

    def __call__(self, request: Request) -> Reply:
        got = self._send(request)
        if isinstance(got, Fault):
            self.fault = got
            raise _NoReply
        self.reply = got
        return got


def counted(count: int, noun: str) -> str:
    """Give a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
