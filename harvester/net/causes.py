"""What an exception of the transport means: a fault with one sentence for a person, and no address with credentials."""

from urllib.parse import urlsplit

import httpx

from harvester.net.types import Fault, FaultKind

_CAUSES: tuple[tuple[type[Exception], FaultKind, str], ...] = (
    (httpx.ConnectTimeout, FaultKind.CONNECT_TIMEOUT, "no connection within the time allowed"),
    (httpx.PoolTimeout, FaultKind.CONNECT_TIMEOUT, "no connection within the time allowed"),
    (httpx.TimeoutException, FaultKind.READ_TIMEOUT, "the server was silent for too long"),
    (httpx.RemoteProtocolError, FaultKind.TRUNCATED, "the answer broke off or is no HTTP"),
    (httpx.UnsupportedProtocol, FaultKind.BAD_REDIRECT, "not an http(s) address"),
    (httpx.ProxyError, FaultKind.REFUSED, "the proxy refuses"),
    (httpx.ReadError, FaultKind.RESET, "the connection was reset"),
    (httpx.WriteError, FaultKind.RESET, "the connection was reset"),
)


def fault_of(error: Exception, shown: str) -> Fault:
    """Give the fault for an exception; `shown` is the address without credentials."""
    if isinstance(error, httpx.ConnectError):
        return _no_connection(str(error), shown)
    if isinstance(error, httpx.RemoteProtocolError) and "location" in str(error).lower():
        return Fault(FaultKind.BAD_REDIRECT, "redirects to something that is no address", shown)
    for cause, kind, detail in _CAUSES:
        if isinstance(error, cause):
            return Fault(kind, detail, shown)
    if isinstance(error, httpx.HTTPError):
        return Fault(FaultKind.RESET, f"the request failed ({type(error).__name__})", shown)
    return Fault(FaultKind.BAD_REDIRECT, "not an address that can be asked", shown)


def _no_connection(text: str, shown: str) -> Fault:
    host = urlsplit(shown).netloc
    folded = text.lower()
    if "certificate" in folded:
        return Fault(FaultKind.TLS, f"the certificate of {host} is not trusted: {_reason(text)}", shown)
    if "ssl" in folded or "tls" in folded:
        return Fault(FaultKind.TLS_BROKEN, f"no secure connection to {host}: {_reason(text)}", shown)
    if "temporary failure in name resolution" in folded:
        return Fault(FaultKind.DNS, f"the name of {host} cannot be looked up now", shown)
    if any(mark in folded for mark in ("name or service", "getaddrinfo", "nodename", "no address associated", "idna")):
        return Fault(FaultKind.NO_HOST, f"there is no host {host}", shown)
    if "refused" in folded:
        return Fault(FaultKind.REFUSED, f"{host} refuses the connection", shown)
    return Fault(FaultKind.REFUSED, f"{host} cannot be reached: {text}", shown)


def _reason(text: str) -> str:
    """Take the library's own marks off OpenSSL's sentence: `[SSL: X] certificate verify failed: Y (_ssl.c:1006)`."""
    return text.partition("] ")[2].partition(" (_ssl")[0] or text
