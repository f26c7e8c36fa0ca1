"""A server of raw bytes on the loopback: each request is answered by a script of bytes, pauses and ends of connections."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

CLOSE = "close"
RESET = "reset"
Step = bytes | float | str
Script = Sequence[Step]


class Seen(NamedTuple):
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    at: float


def http(
    body: bytes = b"", status: int = 200, *, headers: dict[str, str] | None = None, length: int | None = None
) -> bytes:
    """Give an answer as bytes; `length` overrides Content-Length."""
    lines = {"Content-Type": "text/xml", "Content-Length": str(len(body) if length is None else length)} | (
        headers or {}
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode("latin-1") + body


class RawServer:
    """Answers request after request with `scripts` in turn, the last one for ever."""

    def __init__(self, *scripts: Script | bytes, context: ssl.SSLContext | None = None) -> None:
        self.scripts = [script if not isinstance(script, bytes) else (script,) for script in scripts]
        self.seen: list[Seen] = []
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._over = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}/oai"

    def close(self) -> None:
        self._over = True
        self._listener.close()
        for one in self._open:
            with suppress(OSError):
                one.close()

    def _accept(self) -> None:
        while not self._over:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            stream = connection.makefile("rb")
            while (seen := _read(stream, number)) is not None:
                self.seen.append(seen)
                script = self.scripts[min(len(self.seen), len(self.scripts)) - 1]
                if not _play(connection, script):
                    return


def _read(stream, number: int) -> Seen | None:  # type: ignore[no-untyped-def]
    first = stream.readline()
    if not first:
        return None
    method, target, _ = first.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body, number, time.monotonic())


def _play(connection: socket.socket, script: Script) -> bool:
    for step in script:
        if isinstance(step, bytes):
            connection.sendall(step)
        elif isinstance(step, float):
            time.sleep(step)
        else:
            if step == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            return False
    return True


@contextmanager
def serving(*scripts: Script | bytes, context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve for the block."""
    server = RawServer(*scripts, context=context)
    try:
        yield server
    finally:
        server.close()
