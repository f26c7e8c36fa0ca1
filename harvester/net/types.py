"""What comes back from the network: a reply, or a fault. What a server may do is a value here, never an exception."""

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit


class FaultKind(StrEnum):
    """What went wrong with a request."""

    NO_HOST = "no_host"
    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TLS_BROKEN = "tls_broken"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    RESET = "reset"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    BAD_REDIRECT = "bad_redirect"
    HTTP_STATUS = "http_status"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    SILENT = "silent"
    INTERRUPTED = "interrupted"


class Hop(NamedTuple):
    """One redirect that was followed."""

    status: int
    from_url: str
    to_url: str

    @property
    def permanent(self) -> bool:
        """Tell whether the server means it for good."""
        return self.status in {301, 308}


class Reply(NamedTuple):
    """An answer: `body` is decoded, `headers` have lower-case names, `wire_bytes` counts what was received.

    `moved_to` is the base URL that the server answers from for good, where every redirect on the way was permanent.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    url: str
    redirects: tuple[Hop, ...] = ()
    charset: str | None = None
    elapsed_s: float = 0.0
    wire_bytes: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    moved_to: str | None = None


class Fault(NamedTuple):
    """No answer that can be used; `detail` is one sentence without credentials, `body` what had come of one."""

    kind: FaultKind
    detail: str
    url: str
    status: int | None = None
    retry_after_s: float | None = None
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    body: bytes = b""
    attempts: int = 1

    @property
    def transient(self) -> bool:
        """Tell whether asking again may help."""
        return self.kind not in _FINAL and not (self.kind is FaultKind.HTTP_STATUS and not _worth_retrying(self.status))


_FINAL = frozenset(
    {
        FaultKind.NO_HOST,
        FaultKind.SILENT,
        FaultKind.TLS,
        FaultKind.TOO_LARGE,
        FaultKind.BAD_REDIRECT,
        FaultKind.DEFERRED,
        FaultKind.BLOCKED,
        FaultKind.INTERRUPTED,
    }
)


def _worth_retrying(status: int | None) -> bool:
    return status is None or status >= 500 or status in {408, 425, 429}


def masked_url(url: str) -> str:
    """Give a URL without user name and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
