"""/metrics and /healthz over HTTP, on the loopback unless configured otherwise; nothing else is answered."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

Health = Callable[[], tuple[bool, dict[str, Any]]]


class WatchServer:
    """Answers until it is closed. Raises OSError where the address cannot be listened on."""

    def __init__(self, address: tuple[str, int], registry: CollectorRegistry, health: Health) -> None:
        self._http = _Http(address, _Handler)
        self._http.registry = registry
        self._http.health = health
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.25,), name="watch", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Give HOST:PORT as listened on."""
        host, port = self._http.server_address[:2]
        return f"{host!s}:{port}"

    def close(self) -> None:
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    registry: CollectorRegistry
    health: Health


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    timeout = 10
    server_version = "oai-mirror"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the two paths."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest(self.server.registry))
        elif path == "/healthz":
            well, said = self.server.health()
            self._answer(200 if well else 503, "application/json", json.dumps(said).encode() + b"\n")
        else:
            self._answer(404, "text/plain; charset=utf-8", b"only /metrics and /healthz\n")

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self.do_GET()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a scrape every few seconds is no news."""


def address_of(listen: str) -> tuple[str, int]:
    """Read HOST:PORT as the configuration has checked it."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)
