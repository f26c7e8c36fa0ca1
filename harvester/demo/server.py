"""The HTTP shell: a threaded server on the loopback, HTTP/1.1 with keep-alive, gzip where it is accepted, a log of calls."""

import gzip
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from harvester import __version__

HOST = "127.0.0.1"
_WORTH_PACKING = 1024  # bytes


class Call(NamedTuple):
    """One request as received: `query` is raw, `form` the body of a POST, `headers` have lower-case names."""

    method: str
    path: str
    query: str
    form: str
    headers: Mapping[str, str]
    at: datetime


class Reply(NamedTuple):
    """One response; the length is added when it is sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


App = Callable[[Call], Reply]


class Server:
    """Answers until the block ends; `log` holds every call in order.

    `make` is given the server's own address and gives what answers. `port` 0 takes a free one. Raises OSError where
    the port is taken.
    """

    def __init__(self, make: Callable[[str], App], *, port: int = 0, handler: "type[Handler] | None" = None) -> None:
        self.log: list[Call] = []
        self._http = _Http((HOST, port), handler or Handler)
        self._http.owner = self
        self.app = make(self.url)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Give the port that is listened on."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """Give the server's own address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._thread.join(5)

    def reply_to(self, call: Call) -> Reply:
        """Note a call and answer it."""
        self.log.append(call)
        return self.app(call)


class _Http(ThreadingHTTPServer):
    """Remembers its connections, so that clients that keep theirs alive do not keep the server alive."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    owner: Server

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[Any] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle is no news."""

    def hang_up(self) -> None:
        """End the connections that clients have kept open."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Handler(BaseHTTPRequestHandler):
    """One connection: reads calls, sends replies."""

    protocol_version = "HTTP/1.1"
    server_version = f"oai-mirror-demo/{__version__}"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65_536  # headers and body leave together
    timeout = 60
    server: _Http

    def do_GET(self) -> None:
        """Answer a GET."""
        self.send(self.server.owner.reply_to(self._call("")))

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Answer a POST, whose arguments stand in its body (OAI-PMH 2.0 section 3.1.1)."""
        length = int(self.headers.get("Content-Length") or 0)
        self.send(self.server.owner.reply_to(self._call(self.rfile.read(length).decode("utf-8", "replace"))))

    def _call(self, form: str) -> Call:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(self.command, parts.path, parts.query, form, headers, datetime.now(UTC))

    def send(self, reply: Reply) -> None:
        """Send a reply, packed where the client takes gzip and it is worth it."""
        body, headers = reply.body, dict(reply.headers)
        if self._takes_gzip() and len(body) >= _WORTH_PACKING and "Content-Encoding" not in headers:
            body = gzip.compress(body, 6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _takes_gzip(self) -> bool:
        return "gzip" in (self.headers.get("Accept-Encoding") or "").lower()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep stderr quiet: the log is a list of calls."""
