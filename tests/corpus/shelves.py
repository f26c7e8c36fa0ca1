"""The corpus' oai_dc pages as repositories: real bytes, with tokens of ours that lead from page to page."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qs

from harvester.demo.server import Call, Reply
from harvester.oai.page import NotOai, parse
from tests.corpus.files import Response, index

_LIST_END = re.compile(
    rb"(?:<((?:\w+:)?)resumptionToken\b[^>]*?(?:/>|>.*?</\1resumptionToken\s*>)\s*)?</(\w+:)?ListRecords\s*>", re.DOTALL
)
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-11-24T08:34:00Z</responseDate><request>http://127.0.0.1/oai</request>{}</OAI-PMH>"
)
_IDENTIFY = (
    "<Identify><repositoryName>Shelf</repositoryName><baseURL>http://127.0.0.1/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>a@b.example</adminEmail>"
    "<earliestDatestamp>1990-01-01T00:00:00Z</earliestDatestamp><deletedRecord>transient</deletedRecord>"
    "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
)


class Leaf(NamedTuple):
    """One real page: its bytes, the identifiers it lists (None for a record without one)."""

    file: str
    body: bytes
    identifiers: tuple[str | None, ...]


def leaves() -> list[Leaf]:
    """Give every oai_dc ListRecords page whose list element can be found, well formed or not."""
    found = []
    for response in index():
        if response.is_protocol and response.verb == "ListRecords" and response.prefix == "oai_dc":
            leaf = _leaf(response)
            if leaf is not None:
                found.append(leaf)
    return found


def _leaf(response: Response) -> Leaf | None:
    body = response.body
    if not _LIST_END.search(body):
        return None
    page = parse(body)
    items = () if isinstance(page, NotOai) else page.items
    return Leaf(response.file, body, tuple(item.identifier for item in items))


def shelved(pages: Iterable[Leaf]) -> list[list[Leaf]]:
    """Sort pages into repositories so that none lists an identifier on two pages: the collectors kept some pages twice."""
    shelves: list[tuple[set[str], list[Leaf]]] = []
    for leaf in pages:
        own = {identifier for identifier in leaf.identifiers if identifier}
        for taken, shelf in shelves:
            if not taken & own:
                taken |= own
                shelf.append(leaf)
                break
        else:
            shelves.append((set(own), [leaf]))
    return [shelf for _, shelf in shelves]


class Shelves:
    """Answers as one repository per shelf, at /N/oai."""

    def __init__(self, shelves: list[list[Leaf]]) -> None:
        self.shelves = shelves

    def __call__(self, call: Call) -> Reply:
        """Answer a call with the bytes of a page and a token to the next."""
        asked = {name: values[0] for name, values in parse_qs(call.query).items()}
        shelf = self.shelves[int(call.path.split("/")[1])]
        body = self._body(asked, shelf)
        return Reply(200, body, (("Content-Type", "text/xml"),))

    def _body(self, asked: dict[str, str], shelf: list[Leaf]) -> bytes:
        match asked["verb"]:
            case "Identify":
                return _ENVELOPE.format(_IDENTIFY).encode()
            case "ListRecords" if "from" not in asked:
                return with_token(shelf, int(asked.get("resumptionToken", 0)))
            case "ListRecords":
                return _ENVELOPE.format('<error code="noRecordsMatch">nothing new</error>').encode()
            case "ListSets":
                return _ENVELOPE.format('<error code="noSetHierarchy">no sets</error>').encode()
        return _ENVELOPE.format('<error code="badVerb">not here</error>').encode()


def with_token(shelf: list[Leaf], number: int) -> bytes:
    """Give a page's bytes, its own token replaced by the number of the next page; nothing else is touched."""
    value = str(number + 1) if number + 1 < len(shelf) else ""

    def token(match: re.Match[bytes]) -> bytes:
        prefix = (match[2] or b"").decode()
        return f"<{prefix}resumptionToken>{value}</{prefix}resumptionToken></{prefix}ListRecords>".encode()

    body = shelf[number].body
    last = list(_LIST_END.finditer(body))[-1]
    return body[: last.start()] + token(last) + body[last.end() :]
