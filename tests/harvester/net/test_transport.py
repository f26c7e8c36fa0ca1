"""One request against servers of raw bytes: what comes back is a reply or a fault, never an exception (Q27 to Q42)."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path
from shutil import which

import pytest

from harvester.net import transport as transport_module
from harvester.net.manners import Policy
from harvester.net.transport import Asked, Transport
from harvester.net.types import Fault, FaultKind, Hop, Reply
from tests.harvester.net.raw import CLOSE, RESET, RawServer, Script, http, serving

BODY = b"<?xml version='1.0'?><OAI-PMH>body</OAI-PMH>"
QUICK = Policy(connect_timeout_s=1.0, read_timeout_s=0.4, total_timeout_s=1.2, max_bytes=100_000, min_interval_s=0.0)


PLAIN = Asked()


def _get(
    server: RawServer, asked: Asked = PLAIN, *, url: str | None = None, policy: Policy = QUICK, **options: object
) -> Reply | Fault:
    transport = Transport(policy, home=server.url, user_agent="tester/1 (+mailto:a@b.test)", **options)  # type: ignore[arg-type]
    try:
        return transport.get(url or server.url, asked)
    finally:
        transport.close()


def _kind(got: Reply | Fault) -> FaultKind | int:
    return got.kind if isinstance(got, Fault) else got.status


def test_an_answer_comes_with_all_that_was_seen_of_it() -> None:
    """Status, lower-case headers, body, charset, bytes on the wire, notes."""
    packed = gzip.compress(BODY)
    with serving(
        http(packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/xml; charset=iso-8859-1"})
    ) as server:
        got = _get(server)
    assert isinstance(got, Reply)
    assert got._replace(elapsed_s=0.0) == Reply(
        200,
        {
            "content-type": "text/xml; charset=iso-8859-1",
            "content-length": str(len(packed)),
            "content-encoding": "gzip",
        },
        BODY,
        server.url,
        (),
        "iso-8859-1",
        0.0,
        len(packed),
    )


def test_q38_the_program_says_who_it_is_and_whom_to_write_to() -> None:
    """User-Agent and From; encodings as asked for; nothing else that could tell."""
    with serving(http(BODY)) as server:
        _get(server, contact="a@b.test")
        _get(server, Asked(identity=True), contact="https://b.test/")
    first, second = (seen.headers for seen in server.seen)
    assert (first["user-agent"], first["from"], first["accept-encoding"]) == (
        "tester/1 (+mailto:a@b.test)",
        "a@b.test",
        "gzip, deflate, br, zstd",
    )
    assert ("from" in second, second["accept-encoding"]) == (False, "identity")


def test_connections_are_kept_and_so_are_cookies() -> None:
    """Two pages over one connection, the session's cookie on the second (Q42)."""
    with serving(http(BODY, headers={"Set-Cookie": "OJSSID=abc"})) as server:
        transport = Transport(QUICK, home=server.url, user_agent="x")
        for _ in range(2):
            transport.get(server.url)
        transport.close()
    assert ([seen.headers.get("cookie") for seen in server.seen], server.connections) == ([None, "OJSSID=abc"], 1)


def test_a_form_is_posted() -> None:
    """POST carries the parameters in its body (specification section 3.1.1.2)."""
    with serving(http(BODY)) as server:
        _get(server, Asked(form="verb=Identify"))
    seen = server.seen[0]
    assert (seen.method, seen.body, seen.headers["content-type"]) == (
        "POST",
        b"verb=Identify",
        "application/x-www-form-urlencoded",
    )


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "POST", b"a=b"), (302, "POST", b"a=b"), (307, "POST", b"a=b"), (308, "POST", b"a=b"), (303, "GET", b"")],
)
def test_q27_a_post_stays_a_post_through_redirects(status: int, method: str, body: bytes) -> None:
    """All but 303, which means: get the answer over there."""
    with serving(http(status=status, headers={"Location": "/new"}), http(BODY)) as server:
        got = _get(server, Asked(form="a=b"))
    assert isinstance(got, Reply)
    assert (server.seen[1].method, server.seen[1].target, server.seen[1].body) == (method, "/new", body)
    assert got.redirects == (Hop(status, server.url, server.url.replace("/oai", "/new")),)


@pytest.mark.parametrize(
    "location", ["/oai", "ftp://r.test/", "javascript:alert(1)", "http://[::1", "http://:80/", "data:,x"]
)
def test_redirects_to_nowhere_are_faults(location: str) -> None:
    """Circles, other schemes, addresses that are none."""
    with serving(http(status=302, headers={"Location": location})) as server:
        assert _kind(_get(server)) is FaultKind.BAD_REDIRECT


def test_a_redirect_without_a_target_is_an_answer_that_holds_nothing() -> None:
    """The content gate deals with it."""
    with serving(http(status=302)) as server:
        assert _kind(_get(server)) == 302


def test_redirects_end_at_the_bound() -> None:
    """Six hops are one too many."""
    hops = [http(status=302, headers={"Location": f"/{n}"}) for n in range(9)]
    with serving(*hops) as server:
        got = _get(server)
    assert (_kind(got), len(server.seen)) == (FaultKind.BAD_REDIRECT, 6)


def test_credentials_go_home_only() -> None:
    """A redirect to another host, here another port, takes them along no more."""
    with serving(http(BODY)) as other, serving(http(status=302, headers={"Location": other.url})) as server:
        _get(server, headers={"Authorization": "Bearer s3cret"})
    assert (server.seen[0].headers.get("authorization"), other.seen[0].headers.get("authorization")) == (
        "Bearer s3cret",
        None,
    )


def test_no_fault_shows_what_stands_before_the_at_sign() -> None:
    """A redirect may carry credentials; they are masked wherever an address is kept."""
    with serving(http(status=302, headers={"Location": "ftp://user:pass@r.test/"})) as server:
        got = _get(server, url=server.url.replace("//", "//me:pw@"))
    assert "pw" not in repr(got)
    assert "pass" not in repr(got)


@pytest.mark.parametrize(
    ("script", "expected", "has_body"),
    [
        ((CLOSE,), FaultKind.TRUNCATED, False),
        ((RESET,), FaultKind.RESET, False),
        ((b"no http at all\r\n\r\n", CLOSE), FaultKind.TRUNCATED, False),
        ((http(BODY)[:-10], CLOSE), FaultKind.TRUNCATED, True),
        ((http(BODY, length=len(BODY) + 9), CLOSE), FaultKind.TRUNCATED, True),
        ((http(BODY[:-10], length=len(BODY)), RESET), FaultKind.RESET, None),
        ((http(BODY, length=len(BODY) + 9),), FaultKind.READ_TIMEOUT, True),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<?xml\r\n", CLOSE),
            FaultKind.TRUNCATED,
            True,
        ),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", CLOSE), FaultKind.TRUNCATED, False),
        ((http(b"\x1f\x8b\x08 broken", headers={"Content-Encoding": "gzip"}),), FaultKind.BAD_ENCODING, False),
        ((http(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}),), FaultKind.TRUNCATED, False),
        ((http(gzip.compress(b" " * 9_000_000)),), FaultKind.TOO_LARGE, False),
        ((http(b" " * 200_000),), FaultKind.TOO_LARGE, False),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000, CLOSE), FaultKind.TRUNCATED, False),
    ],
    ids=range(14),
)
def test_q30_what_breaks_off_is_a_fault_that_keeps_what_came(
    script: Script, expected: FaultKind, has_body: bool | None
) -> None:
    """Closed or reset connections, wrong lengths, broken chunks, broken encodings, too much."""
    with serving(script) as server:
        got = _get(server)
    assert isinstance(got, Fault)
    assert got.kind is expected
    if has_body is not None:
        assert bool(got.body) is has_body


def test_a_length_that_is_too_short_cuts_the_body_and_poisons_nothing() -> None:
    """The rest is not taken for the next answer."""
    with serving((http(BODY, length=20),)) as server:
        transport = Transport(QUICK, home=server.url, user_agent="x")
        first, second = transport.get(server.url), transport.get(server.url)
        transport.close()
    assert isinstance(first, Reply)
    assert first.body == BODY[:20]
    assert isinstance(second, Fault) or second.body == BODY[:20]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ((2.0,), FaultKind.READ_TIMEOUT),
        ((http(BODY)[:30], 2.0), FaultKind.READ_TIMEOUT),
        (sum(((b"H", 0.1) for _ in range(40)), ()), FaultKind.TOTAL_TIMEOUT),
        ((b"HTTP/1.1 200 OK\r\n", *sum(((b"X: y\r\n", 0.1) for _ in range(40)), ())), FaultKind.TOTAL_TIMEOUT),
        ((http(length=900), *sum(((b" ", 0.1) for _ in range(40)), ())), FaultKind.TOTAL_TIMEOUT),
    ],
    ids=["silent", "silent in the head", "drips a status line", "drips headers", "drips a body"],
)
def test_q35_silence_and_trickles_end_in_time(script: Script, expected: FaultKind) -> None:
    """The total bound covers the headers too."""
    drips = expected is FaultKind.TOTAL_TIMEOUT
    policy = QUICK._replace(read_timeout_s=10.0) if drips else QUICK  # on a busy machine a drip may be late
    start = time.monotonic()
    with serving(script) as server:
        got = _get(server, policy=policy)
        took_s = time.monotonic() - start
    assert _kind(got) is expected
    assert took_s < 20.0


def test_q35_patience_widens_the_silence_that_is_allowed() -> None:
    """The same slow first byte, asked with twice the patience, is an answer."""
    policy = QUICK._replace(read_timeout_s=1.0, total_timeout_s=20.0)
    with serving((2.0, http(BODY))) as server:
        got = _get(server, policy=policy), _get(server, Asked(patience=10.0), policy=policy)
    assert [_kind(one) for one in got] == [FaultKind.READ_TIMEOUT, 200]


def test_hosts_that_are_not_there() -> None:
    """Refused connections and names that lead nowhere."""
    with serving(http()) as server:
        port = socket.create_server(("127.0.0.1", 0))
        free = port.getsockname()[1]
        port.close()
        refused = _get(server, url=f"http://127.0.0.1:{free}/oai")
        nowhere = _get(server, url="http://no-such-host.invalid/oai")
        no_address = _get(server, url="http://")
    assert (_kind(refused), _kind(no_address)) == (FaultKind.REFUSED, FaultKind.BAD_REDIRECT)
    assert _kind(nowhere) in {FaultKind.NO_HOST, FaultKind.DNS}


CA = """
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
policy = any
default_md = sha256
[any]
commonName = supplied
"""
DATES = {
    "self-signed": ("20200101000000Z", "20990101000000Z"),
    "expired": ("20200101000000Z", "20200201000000Z"),
}


@pytest.fixture(scope="module", params=DATES)
def bad_certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Make a certificate with OpenSSL's command: one that signed itself, one that has expired besides."""
    if which("openssl") is None:
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("tls")
    (folder / "index.txt").touch()
    (folder / "ca.cnf").write_text(CA.format(folder=folder))
    begin, end = DATES[request.param]
    for command in (
        "req -newkey rsa:2048 -nodes -keyout key.pem -out csr.pem -subj /CN=127.0.0.1",
        f"ca -batch -selfsign -config ca.cnf -keyfile key.pem -in csr.pem -out crt.pem -startdate {begin} -enddate {end}",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, capture_output=True, check=True)
    return _context(folder / "crt.pem", folder / "key.pem")


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_q39_bad_certificates_are_refused_unless_the_source_says_otherwise(bad_certificate: ssl.SSLContext) -> None:
    """Self-signed and expired: a fault in one clear sentence; verify_tls = false is per source."""
    with serving(http(BODY), context=bad_certificate) as server:
        refused, taken = _get(server), _get(server, verify=False)
    assert isinstance(refused, Fault)
    assert (refused.kind, refused.detail.partition(": ")[0]) == (
        FaultKind.TLS,
        f"the certificate of 127.0.0.1:{server.port} is not trusted",
    )
    assert _kind(taken) == 200


def test_an_address_without_tls_needs_nobody_whom_to_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the certificates takes 20 ms; where a redirect leads to TLS they are read, and so is what the server shows."""
    read: list[str] = []
    monkeypatch.setattr(transport_module, "_trust", lambda: read.append("certificates") or ssl.create_default_context())
    with serving(http(BODY)) as server:
        assert (_kind(_get(server)), read) == (200, [])


def test_a_redirect_to_tls_is_checked_and_brings_the_cookies(bad_certificate: ssl.SSLContext) -> None:
    """The client for TLS is another one; the session is the same."""
    with serving(http(BODY), context=bad_certificate) as safe:
        there = {"Location": safe.url, "Set-Cookie": "session=1"}
        with serving(http(status=302, headers=there)) as server:
            refused, taken = _get(server), _get(server, verify=False)
    assert (_kind(refused), _kind(taken)) == (FaultKind.TLS, 200)
    assert safe.seen[-1].headers.get("cookie") == "session=1"


def test_a_server_that_speaks_no_tls_is_not_taken_for_a_bad_certificate() -> None:
    """It may pass, so it is asked again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        connection.recv(9999)
        connection.sendall(http(status=400))
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/oai"
    transport = Transport(QUICK, home=url, user_agent="x")
    got = transport.get(url)
    transport.close()
    listener.close()
    assert _kind(got) is FaultKind.TLS_BROKEN
