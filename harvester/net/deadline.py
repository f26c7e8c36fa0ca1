"""One bound in time on a whole request: httpx has none, and a server that sends a byte now and then would hold it for ever.

The bound stands on the socket itself, so that it covers headers as well as the body, and TLS as well as the connection (Q35).
"""

import time
from collections.abc import Iterable
from typing import Any

import httpcore


class Deadline:
    """The instant at which the request at hand ends, by the monotonic clock; one request at a time."""

    def __init__(self) -> None:
        self.at = float("inf")
        self.allowed_s = float("inf")

    def start(self, seconds: float) -> None:
        """Begin anew: the request ends in so many seconds."""
        self.at = time.monotonic() + seconds
        self.allowed_s = seconds

    @property
    def is_over(self) -> bool:
        """Tell whether the time is up."""
        return time.monotonic() >= self.at

    def left(self, timeout: float | None) -> float:
        """Give how long the next step may wait: as asked, but not beyond the deadline, and never no time at all."""
        rest = max(0.001, self.at - time.monotonic())
        return rest if timeout is None else min(timeout, rest)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is bounded."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._deadline.is_over:
            raise httpcore.ReadTimeout("the whole answer took too long")
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, inner: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.connect_tcp(host, port, self._deadline.left(timeout), local_address, socket_options)
        return _Stream(inner, self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.connect_unix_socket(path, self._deadline.left(timeout), socket_options)
        return _Stream(inner, self._deadline)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def bound(client: Any, deadline: Deadline) -> None:
    """Put every connection of an httpx client under a deadline.

    httpx lets nobody hand in a network backend, and a transport of our own would lose the proxies that it reads from
    the environment; so the backend of its pools is replaced. The tests of slow servers guard this.
    """
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend, deadline)
