"""A loopback OAI-PMH server that is not what a benchmark measures: pages are sent as they lie on disk.

A base URL is http://127.0.0.1:PORT/RECORDS/NAME/oai: every name is a repository of so many records.

Run: python -m tests.benchmarks.server PORT RECORDS ... [--latency-ms 30]
"""

import argparse
import asyncio
import gzip
import mmap
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

from tests.benchmarks.corpus import Corpus, answer, ready

_IDENTIFY = (
    "<Identify><repositoryName>Benchmark {name}</repositoryName><baseURL>http://127.0.0.1/{records}/{name}/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>admin@benchmark.example</adminEmail>"
    "<earliestDatestamp>2005-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
)
_FORMATS = (
    "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
    "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
    "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></ListMetadataFormats>"
)
_NOTHING_NEW = '<error code="noRecordsMatch">nothing has changed</error>'
_NO_SETS = '<error code="noSetHierarchy">no sets</error>'


class Shelf:
    """The pages of several corpora, mapped into memory."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._corpora = {str(size): ready(size) for size in sizes}
        self._maps = {name: _mapped(corpus) for name, corpus in self._corpora.items()}

    def answer(self, target: str) -> bytes:
        """Give the gzipped body for a request target."""
        url = urlsplit(target)
        _, records, name, *_ = url.path.split("/")
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        verb = query.get("verb", "")
        if verb == "ListRecords" and "from" not in query:
            return self._page(records, int(query.get("resumptionToken", 0)))
        content = {
            "Identify": _IDENTIFY.format(records=records, name=name),
            "ListMetadataFormats": _FORMATS,
            "ListSets": _NO_SETS,
        }
        return gzip.compress(answer(verb, content.get(verb, _NOTHING_NEW)), 1)

    def _page(self, records: str, number: int) -> bytes:
        offsets = self._corpora[records].offsets
        return bytes(self._maps[records][offsets[number] : offsets[number + 1]])


def _mapped(corpus: Corpus) -> mmap.mmap:
    with corpus.path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Connection(asyncio.Protocol):
    """One client: requests are answered in order, each after the latency."""

    def __init__(self, shelf: Shelf, latency_s: float) -> None:
        self._shelf = shelf
        self._latency_s = latency_s
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, self._pending = self._pending.partition(b"\r\n\r\n")
            body = self._shelf.answer(head.split(b" ", 2)[1].decode())
            if self._latency_s:
                asyncio.get_running_loop().call_later(self._latency_s, self._send, body)
            else:
                self._send(body)

    def _send(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def host(number: int) -> str:
    """Give the loopback address of host `number`, from 0: a host is asked by one repository at a time (design rule 7)."""
    return f"127.0.0.{number + 1}"


async def serve(port: int, shelf: Shelf, latency_s: float, hosts: int = 1) -> None:
    """Serve on so many loopback addresses until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(shelf, latency_s), host(0), port)
    port = server.sockets[0].getsockname()[1]
    others = [
        await loop.create_server(lambda: Connection(shelf, latency_s), host(number), port) for number in range(1, hosts)
    ]
    print(f"port {port}", flush=True)
    await asyncio.gather(*(one.serve_forever() for one in (server, *others)))


@contextmanager
def running(sizes: Sequence[int], *, latency_ms: float = 0, hosts: int = 1) -> Iterator[str]:
    """Run the server in a process of its own; gives the address before /RECORDS/NAME/oai."""
    for size in sizes:
        ready(size)
    arguments = ["0", *map(str, sizes), "--latency-ms", str(latency_ms), "--hosts", str(hosts)]
    command = [sys.executable, "-m", "tests.benchmarks.server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().split()[1]}"
        finally:
            process.terminate()


def ceiling(address: str, records: int) -> float:
    """Give the records per second that the server hands to a client that reads and forgets."""
    connection = HTTPConnection(urlsplit(address).netloc)
    begun = time.perf_counter()
    pages = -(-records // 100)
    for number in range(pages):
        connection.request("GET", f"/{records}/ceiling/oai?verb=ListRecords&resumptionToken={number}")
        connection.getresponse().read()
    return records / (time.perf_counter() - begun)


def main() -> None:
    """Serve from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("records", type=int, nargs="+")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--hosts", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(serve(options.port, Shelf(options.records), options.latency_ms / 1000, options.hosts))


if __name__ == "__main__":
    main()
