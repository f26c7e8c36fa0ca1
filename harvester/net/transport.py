"""One request over HTTP: streamed, bounded, redirects followed by our rules, faults as values. The only home of httpx."""

import ssl
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urlsplit

from harvester.net.addresses import is_home, refusal, target_of
from harvester.net.bodies import BadBody, decode
from harvester.net.deadline import Deadline, bound
from harvester.net.manners import Policy, fault_of_status
from harvester.net.types import Fault, FaultKind, Hop, Reply, masked_url

_COMMAND_LINE = "httpx._main"  # httpx's own: brings rich and pygments, a tenth of the start of every command
_modules: dict[str, object] = sys.modules  # type: ignore[assignment]
_modules.setdefault(_COMMAND_LINE, None)  # what cannot be imported, httpx does without
import httpx  # noqa: E402

if _modules[_COMMAND_LINE] is None:
    del _modules[_COMMAND_LINE]

_ENCODINGS = "gzip, deflate, br, zstd"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/xml, application/xml;q=0.9, */*;q=0.1"
_FORM = "application/x-www-form-urlencoded"


class Asked(NamedTuple):
    """How one request goes: `form` sends a POST with that body, `identity` asks for no encoding (Q32), `patience`
    multiplies the time that the server may be silent (Q35), `within_s` shortens the total time allowed."""

    identity: bool = False
    form: str | None = None
    patience: float = 1.0
    headers: tuple[tuple[str, str], ...] = ()  # of this request alone
    within_s: float = float("inf")


class Transport:
    """A client for one harvest: connections are kept alive, cookies live as long as it does (Q42). One request at a time.

    `headers` may hold credentials; they go to the host of `home` only, never to another and never from https to http.
    `refuse` may say of an address why no redirect is followed to it.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        home: str,
        user_agent: str,
        contact: str = "",
        headers: Mapping[str, str] | None = None,
        verify: bool = True,
        refuse: Callable[[str], str | None] = lambda url: None,
    ) -> None:
        self._policy = policy
        self._home = home
        self._refuse = refuse
        self._secrets = dict(headers or {})
        common = {"User-Agent": user_agent, "Accept": _ACCEPT} | ({"From": contact} if "@" in contact else {})
        self._common = {**common, "Connection": "keep-alive"}
        self._verify = verify
        self._deadline = Deadline()
        self._clients: dict[bool, httpx.Client] = {}  # with TLS and without
        self._cookies = _Cookies()

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _client(self, *, secure: bool) -> httpx.Client:
        """Give the client for addresses of one kind. The one without TLS trusts nobody, so it need not read whom to trust."""
        if secure not in self._clients:
            trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if not secure else _trust() if self._verify else False
            client = self._clients[secure] = httpx.Client(
                limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
                verify=trust,
                http2=secure and find_spec("h2") is not None,
                follow_redirects=False,
            )
            client._cookies = self._cookies  # handed in, they would be copied
            bound(client, self._deadline)
        return self._clients[secure]

    def get(self, url: str, asked: Asked = Asked()) -> Reply | Fault:  # noqa: B008 - immutable
        """Ask for `url` and follow redirects, all within the total time allowed."""
        hops: list[Hop] = []
        start = time.monotonic()
        self._deadline.start(min(self._policy.total_timeout_s, asked.within_s))
        while True:
            got = self._once(url, asked)
            if isinstance(got, Fault):
                return got
            target = got.headers.get("location") if got.status in _REDIRECTS else None
            if target is None:
                return got._replace(redirects=tuple(hops), elapsed_s=time.monotonic() - start)
            next_url = self._followed(url, target, hops, sets_cookie="set-cookie" in got.headers)
            if isinstance(next_url, Fault):
                return next_url._replace(status=got.status)
            hops.append(Hop(got.status, masked_url(url), masked_url(next_url)))
            url = next_url
            if got.status == 303:
                asked = asked._replace(form=None)

    def _followed(self, url: str, location: str, hops: list[Hop], *, sets_cookie: bool) -> str | Fault:
        bounds, secrets = self._policy.max_redirects, bool(self._secrets)
        try:
            target = target_of(url, location)
            why = refusal(url, target, hops, max_redirects=bounds, has_secrets=secrets, sets_cookie=sets_cookie)
            why = why or self._refuse(target)
        except ValueError:
            why = "redirects to something that is no address"
        return Fault(FaultKind.BAD_REDIRECT, why, masked_url(url)) if why else target

    def _once(self, url: str, asked: Asked) -> Reply | Fault:
        shown = masked_url(url)
        try:
            request = self._request(url, asked)
            if not request.url.host:
                raise httpx.InvalidURL("it names no host")
            client = self._client(secure=request.url.scheme == "https")
            response = client.send(request, stream=True)
            try:
                return self._read(response, shown)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return self._fault(error, shown)

    def _request(self, url: str, asked: Asked) -> httpx.Request:
        """Make the request; `Client.build_request` would read the address and put the headers together several times."""
        headers = {
            **self._common,
            "Accept-Encoding": "identity" if asked.identity else _ENCODINGS,
            **dict(asked.headers),
        }
        if self._secrets and is_home(url, self._home):
            headers |= self._secrets
        if asked.form is not None:
            headers.setdefault("Content-Type", _FORM)
        read_s = self._policy.read_timeout_s * asked.patience
        return httpx.Request(
            "GET" if asked.form is None else "POST",
            url,
            headers=headers,
            cookies=self._cookies or None,
            content=asked.form,
            extensions={"timeout": httpx.Timeout(read_s, connect=self._policy.connect_timeout_s).as_dict()},
        )

    def _fault(self, error: Exception, shown: str) -> Fault:
        if isinstance(error, httpx.TimeoutException) and self._deadline.is_over:
            why = f"the answer was not complete after {self._deadline.allowed_s:.0f} s"
            return Fault(FaultKind.TOTAL_TIMEOUT, why, shown)
        return _fault_of(error, shown)

    def _read(self, response: httpx.Response, shown: str) -> Reply | Fault:
        headers = {name.lower(): value for name, value in response.headers.items()}
        received = BytesIO()
        broken: Fault | None = None
        try:
            for part in response.iter_raw():  # in its own pieces: gathered ones would be lost when it breaks off
                received.write(part)
                if received.tell() > self._policy.max_bytes:
                    why = f"the answer is larger than {self._policy.max_bytes} bytes"
                    return Fault(FaultKind.TOO_LARGE, why, shown, response.status_code)
        except httpx.HTTPError as error:
            broken = self._fault(error, shown)._replace(status=response.status_code, headers=headers)
        got = self._decoded(response, headers, received, shown)
        if broken is None:
            return got
        return broken._replace(body=b"" if isinstance(got, Fault) else got.body)

    def _decoded(
        self, response: httpx.Response, headers: dict[str, str], received: BytesIO, shown: str
    ) -> Reply | Fault:
        status = response.status_code
        try:
            body, notes = decode(received.getvalue(), headers.get("content-encoding"), self._policy.max_bytes)
        except BadBody as error:
            kind = FaultKind.TOO_LARGE if error.too_large else FaultKind.BAD_ENCODING
            kind = FaultKind.TRUNCATED if error.truncated else kind
            return Fault(kind, f"the answer cannot be decoded: {error.detail}", shown, status, headers=headers)
        charset = _charset(headers.get("content-type", ""))
        return Reply(status, headers, body, shown, (), charset, 0.0, received.tell(), notes)


class _Cookies(httpx.Cookies):
    """A session's cookies. Most answers bring none, and finding that out costs httpx a tenth of a request."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Take the cookies that an answer sets."""
        if "set-cookie" in response.headers:
            super().extract_cookies(response)


@lru_cache(maxsize=64)
def _charset(content_type: str) -> str | None:
    """Give the charset of a Content-Type; pages of one server have the same."""
    return httpx.Response(200, headers={"content-type": content_type}).charset_encoding


@cache
def _trust() -> ssl.SSLContext:
    """Give the certificates that are trusted; reading them takes some 20 ms, once for all repositories."""
    return httpx.create_ssl_context()


def status_fault(reply: Reply) -> Fault:
    """Give the fault that a reply's status means."""
    return fault_of_status(reply.status, reply.headers, reply.body, reply.url, datetime.now(UTC))


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


def _fault_of(error: Exception, shown: str) -> Fault:
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
