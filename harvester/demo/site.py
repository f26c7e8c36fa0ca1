"""What stands at which address: base URLs, addresses that moved, and pages of items."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from harvester.demo.document import document
from harvester.demo.model import Page, Repository
from harvester.demo.protocol import answer
from harvester.demo.server import Call, Reply

_XML = (("Content-Type", "text/xml; charset=utf-8"),)
_HTML = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True)
class Site:
    """The whole server as a function from call to reply. Keys are paths; `moved` answers 301 to another path."""

    repositories: Mapping[str, Repository]
    now: Callable[[], datetime]
    moved: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Callable[[], Page]] = field(default_factory=dict)

    def __call__(self, call: Call) -> Reply:
        """Answer one call."""
        if call.path in self.moved:
            query = f"?{call.query}" if call.query else ""
            return Reply(301, b"", (("Location", self.moved[call.path] + query),))
        if call.path in self.repositories:
            return oai(self.repositories[call.path], arguments(call), self.now())
        if call.path in self.pages:
            page = self.pages[call.path]()
            return Reply(200, page.html.encode(), (*_HTML, *page.headers))
        return Reply(404, b"<!DOCTYPE html><title>Not found</title><p>There is no such page.", _HTML)


def arguments(call: Call) -> list[tuple[str, str]]:
    """Give the arguments of a call: the query of a GET, the body of a POST."""
    return parse_qsl(call.form if call.method == "POST" else call.query, keep_blank_values=True)


def oai(repository: Repository, params: list[tuple[str, str]], now: datetime) -> Reply:
    """Give the reply of one repository."""
    return Reply(200, document(answer(repository, params, now)).encode(), _XML)


def by_path(*repositories: Repository) -> dict[str, Repository]:
    """Give repositories by the path of their base URLs."""
    return {urlsplit(one.base_url).path: one for one in repositories}
