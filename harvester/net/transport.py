"""One request over HTTP: streamed, bounded, redirects followed by our rules, faults as values. The only home of httpx."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import httpx

from harvester.net.bodies import BadBody, decode
from harvester.net.manners import Policy, fault_of_status
from harvester.net.types import Fault, FaultKind, Hop, Reply, masked_url

_ENCODINGS = "gzip, deflate, zstd"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


class Transport:
    """A client for one harvest: connections are kept alive, cookies live as long as it does (Q42).

    `headers` may hold credentials; they go to the first host only, never to another and never from https to http.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        user_agent: str,
        contact: str = "",
        headers: Mapping[str, str] | None = None,
        verify: bool = True,
    ) -> None:
        self._policy = policy
        self._secrets = dict(headers or {})
        common = {"User-Agent": user_agent, "Accept": "text/xml, application/xml;q=0.9, */*;q=0.1"}
        if "@" in contact:
            common["From"] = contact
        timeout = httpx.Timeout(policy.read_timeout_s, connect=policy.connect_timeout_s)
        limits = httpx.Limits(max_connections=2, max_keepalive_connections=1)
        self._client = httpx.Client(
            headers=common, timeout=timeout, limits=limits, verify=verify, follow_redirects=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, *, identity: bool = False, form: str | None = None) -> Reply | Fault:
        """Ask for `url` and follow redirects; `form` sends a POST with that body instead of a GET."""
        hops: list[Hop] = []
        start = time.monotonic()
        while True:
            got = self._once(url, _home(url) == _home(hops[0].from_url if hops else url), identity, form)
            if isinstance(got, Fault):
                return got
            target = got.headers.get("location") if got.status in _REDIRECTS else None
            if target is None:
                return got._replace(redirects=tuple(hops), elapsed_s=time.monotonic() - start)
            next_url = urljoin(url, target)
            refusal = self._refusal(url, next_url, hops)
            if refusal is not None:
                return Fault(FaultKind.BAD_REDIRECT, refusal, masked_url(url), got.status)
            hops.append(Hop(got.status, masked_url(url), masked_url(next_url)))
            url = next_url

    def _refusal(self, url: str, target: str, hops: list[Hop]) -> str | None:
        """Say why a redirect is not followed (Q27, design rule 9)."""
        old, new = urlsplit(url), urlsplit(target)
        if new.scheme not in {"http", "https"} or not new.hostname:
            return f"redirects to something that is no http(s) address ({new.scheme or 'nothing'})"
        if len(hops) >= self._policy.max_redirects:
            return f"redirects more than {self._policy.max_redirects} times"
        if masked_url(target) == masked_url(url) or any(masked_url(target) == hop.from_url for hop in hops):
            return "redirects in a circle"
        if self._secrets and old.scheme == "https" and new.scheme == "http":
            return "redirects from https to http, where credentials would be readable"
        if is_private(new.hostname) and not is_private(old.hostname or ""):
            return "redirects from a public address into a private network"
        return None

    def _once(self, url: str, home: bool, identity: bool, form: str | None) -> Reply | Fault:
        headers = {"Accept-Encoding": "identity" if identity else _ENCODINGS}
        if home:
            headers |= self._secrets
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        shown = masked_url(url)
        try:
            with self._client.stream("GET" if form is None else "POST", url, headers=headers, content=form) as response:
                return self._read(response, shown)
        except httpx.HTTPError as error:
            return _fault(error, shown)
        except (httpx.InvalidURL, ValueError) as error:
            return Fault(FaultKind.BAD_REDIRECT, f"not an address that can be asked: {error}", shown)

    def _read(self, response: httpx.Response, shown: str) -> Reply | Fault:
        deadline = time.monotonic() + self._policy.total_timeout_s
        parts: list[bytes] = []
        size = 0
        for part in response.iter_raw(262_144):
            size += len(part)
            if size > self._policy.max_bytes:
                return Fault(FaultKind.TOO_LARGE, f"the answer is larger than {self._policy.max_bytes} bytes", shown)
            if time.monotonic() > deadline:
                why = f"the answer was not complete after {self._policy.total_timeout_s:.0f} s"
                return Fault(FaultKind.TOTAL_TIMEOUT, why, shown)
            parts.append(part)
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            body, notes = decode(b"".join(parts), headers.get("content-encoding"), self._policy.max_bytes)
        except BadBody as error:
            kind = FaultKind.BAD_ENCODING
            if error.too_large:
                kind = FaultKind.TOO_LARGE
            return Fault(kind, f"the answer cannot be decoded: {error.detail}", shown, response.status_code)
        charset = response.charset_encoding
        return Reply(response.status_code, headers, body, shown, (), charset, 0.0, size, notes)


def _home(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def is_private(host: str) -> bool:
    """Tell whether a host name or address means this machine or a private network; nothing is looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return not address.is_global


_CAUSES: tuple[tuple[type[Exception], FaultKind, str], ...] = (
    (httpx.ConnectTimeout, FaultKind.CONNECT_TIMEOUT, "no connection within the time allowed"),
    (httpx.PoolTimeout, FaultKind.CONNECT_TIMEOUT, "no connection within the time allowed"),
    (httpx.TimeoutException, FaultKind.READ_TIMEOUT, "the server was silent for too long"),
    (httpx.RemoteProtocolError, FaultKind.TRUNCATED, "the answer broke off"),
    (httpx.UnsupportedProtocol, FaultKind.BAD_REDIRECT, "not an http(s) address"),
    (httpx.ProxyError, FaultKind.REFUSED, "the proxy refuses"),
    (httpx.ReadError, FaultKind.RESET, "the connection was reset"),
    (httpx.WriteError, FaultKind.RESET, "the connection was reset"),
    (httpx.DecodingError, FaultKind.BAD_ENCODING, "the answer cannot be decoded"),
)


def _fault(error: httpx.HTTPError, shown: str) -> Fault:
    if isinstance(error, httpx.ConnectError):
        return _connect_fault(error, shown)
    for cause, kind, detail in _CAUSES:
        if isinstance(error, cause):
            return Fault(kind, detail, shown)
    return Fault(FaultKind.RESET, f"the request failed ({type(error).__name__})", shown)


def _connect_fault(error: httpx.ConnectError, shown: str) -> Fault:
    text = str(error).lower()
    host = urlsplit(shown).netloc
    if "certificate" in text or "ssl" in text:
        return Fault(FaultKind.TLS, f"the certificate of {host} is not trusted or TLS fails: {error}", shown)
    if "name" in text or "getaddrinfo" in text or "nodename" in text:
        return Fault(FaultKind.DNS, f"there is no host {host}", shown)
    return Fault(FaultKind.REFUSED, f"{host} refuses the connection", shown)


def status_fault(reply: Reply) -> Fault:
    """Give the fault that a reply's status means."""
    return fault_of_status(reply.status, reply.headers, reply.body, reply.url, datetime.now(UTC))
