"""Faults of HTTP: Q25 to Q43."""

import gzip
import random
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl

from harvester.demo.document import instant
from harvester.demo.model import Repository
from harvester.demo.protocol import answer
from tests.faults.fault import Fault, Moment, Refuse, Sent, a_fault, quirk

__all__ = [
    "ban_after",
    "base_query",
    "challenge403",
    "closed_hours",
    "delay_first_byte",
    "empty200",
    "flaky",
    "gzip_bomb",
    "gzip_broken",
    "gzip_twice",
    "gzip_unlabelled",
    "html200",
    "label_no_gzip",
    "max_window_records",
    "oai_error_status",
    "poison_record",
    "redirect",
    "require_header",
    "require_ua",
    "reset_after",
    "retry_after",
    "server_header",
    "session_tokens",
    "short_length",
    "status",
    "tls",
    "trickle",
    "truncate",
    "truncate_document",
]

_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body><p>Back soon.</p></body></html>"
)
_CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
)


@quirk("Q25")
def oai_error_status(code: int) -> Fault:
    """OAI errors come under this HTTP status, with their body."""

    def change(moment: Moment, sent: Sent) -> Sent:
        return sent._replace(status=code) if b"<error " in sent.body else sent

    return a_fault(verbs=(), sent=change)


@quirk("Q26")
def retry_after(how: str | None, *, status: int = 503) -> Fault:
    """503 or 429 with Retry-After: seconds as text, `date` (a minute from now), or None for no header."""

    def refuse(moment: Moment) -> Sent:
        value = how or ""
        if how == "date":
            value = format_datetime(moment.server.clock.now() + timedelta(seconds=60), usegmt=True)
        return Sent(status, b"Please come back later", (("Content-Type", "text/plain"), ("Retry-After", value)))

    return a_fault(call=refuse)


@quirk("Q33")
def status(code: int, body: bytes = b"<html><title>Error</title></html>") -> Fault:
    """Lists are answered with this HTTP status."""
    return a_fault(call=lambda moment: Sent(code, body, _HTML))


@quirk("Q27")
def redirect(how: str) -> Fault:
    """301, 302 or 307 to another path that answers; `loop`; or to what must not be followed: `file`, `ftp`, `private`."""
    targets = {"file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/x", "private": "http://10.0.0.1/oai", "loop": ""}

    def move(moment: Moment) -> Sent | None:
        query = f"?{moment.call.query}" if moment.call.query else ""
        if moment.call.path == "/moved/oai":
            return None if how != "loop" else Sent(302, b"", (("Location", "/oai" + query),))
        target = targets.get(how) or "/moved/oai"
        return Sent(int(how) if how.isdecimal() else 302, b"", (("Location", target + query),))

    return a_fault(verbs=(), call=move)


@quirk("Q28")
def html200() -> Fault:
    """A page for people with status 200."""
    return a_fault(call=lambda moment: Sent(200, _MAINTENANCE, _HTML))


@quirk("Q28")
def challenge403(code: int = 403) -> Fault:
    """A page that wants a browser."""
    return a_fault(verbs=(), call=lambda moment: Sent(code, _CHALLENGE, (*_HTML, ("cf-mitigated", "challenge"))))


@quirk("Q29")
def empty200() -> Fault:
    """Nothing at all with status 200."""
    return a_fault(call=lambda moment: Sent(200, b"", (("Content-Type", "text/xml"),)))


@quirk("Q30")
def truncate(n: int) -> Fault:
    """The connection breaks after n bytes of the body."""
    return a_fault(sent=lambda moment, sent: sent._replace(cut_after=n).with_header("Content-Encoding", ""))


@quirk("Q30")
def truncate_document(share: float = 0.5) -> Fault:
    """The document breaks off, and HTTP knows nothing of it."""
    return a_fault(body=lambda moment, body: body[: int(len(body) * share)])


@quirk("Q30")
def short_length(more: int = 100) -> Fault:
    """Content-Length promises more than comes."""
    return a_fault(
        sent=lambda moment, sent: sent._replace(length=len(sent.body) + more).with_header("Content-Encoding", "")
    )


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)


@quirk("Q31")
def gzip_unlabelled() -> Fault:
    """The body is gzip and nothing says so."""
    return a_fault(sent=lambda moment, sent: sent._replace(body=_packed(sent.body)).with_header("Content-Encoding", ""))


@quirk("Q31")
def label_no_gzip() -> Fault:
    """Content-Encoding says gzip and the body is plain."""
    return a_fault(sent=lambda moment, sent: sent.with_header("Content-Encoding", "gzip"))


@quirk("Q31")
def gzip_twice() -> Fault:
    """The body is packed twice and labelled once."""
    return a_fault(
        sent=lambda moment, sent: sent._replace(body=_packed(_packed(sent.body))).with_header(
            "Content-Encoding", "gzip"
        )
    )


@quirk("Q31")
def gzip_bomb(size: int = 400_000_000) -> Fault:
    """A small body that unpacks to a huge one."""
    made: list[bytes] = []

    def bomb(moment: Moment, sent: Sent) -> Sent:
        made[:] = made or [_packed(b" " * size)]
        return sent._replace(body=made[0]).with_header("Content-Encoding", "gzip")

    return a_fault(sent=bomb)


@quirk("Q32")
def gzip_broken() -> Fault:
    """Whoever accepts gzip gets rubbish; without it all is well."""

    def rubbish(moment: Moment, sent: Sent) -> Sent:
        if "gzip" not in moment.call.headers.get("accept-encoding", ""):
            return sent
        return sent._replace(body=b"\x1f\x8b\x08\x00rubbish").with_header("Content-Encoding", "gzip")

    return a_fault(sent=rubbish)


@quirk("Q33")
def poison_record(identifier: str, code: int = 500) -> Fault:
    """Every page that holds this record fails, and so does the record alone; its header can be listed."""

    def fail(moment: Moment, sent: Sent) -> Sent:
        marked = f"<identifier>{identifier}</identifier>".encode()
        return Sent(code, b"Internal Server Error") if marked in sent.body else sent

    return a_fault(verbs=("ListRecords", "GetRecord"), sent=fail)


@quirk("Q33")
def flaky(share: float, seed: int = 1) -> Fault:
    """This share of the list requests fails with 500, 502 or 504, at random but always the same."""
    chance = random.Random(seed)

    def fail(moment: Moment) -> Sent | None:
        return Sent(chance.choice((500, 502, 504)), b"oops") if chance.random() < share else None

    return a_fault(call=fail)


@quirk("Q34")
def max_window_records(n: int) -> Fault:
    """A list of more than n records is refused with 413, in a sentence."""

    def refuse(moment: Moment) -> Sent | None:
        if moment.token is not None:
            return None
        server = moment.server
        got = answer(_whole(server.repository), moment.pairs, server.clock.now())
        if len(got.records) <= n:
            return None
        return Sent(413, f"The query matches too many records (>{n})".encode(), (("Content-Type", "text/plain"),))

    return a_fault(call=refuse)


def _whole(repository: Repository) -> Repository:
    return replace(repository, page_size=10**9)


@quirk("Q35")
def delay_first_byte(seconds: float) -> Fault:
    """Nothing comes for so many real seconds."""
    return a_fault(sent=lambda moment, sent: sent._replace(delay_s=seconds))


@quirk("Q35")
def trickle(size: int, pause_s: float) -> Fault:
    """The body drips."""
    return a_fault(sent=lambda moment, sent: sent._replace(drip=(size, pause_s)))


@quirk("Q36")
def reset_after(n: int) -> Fault:
    """Every n-th request finds its connection reset."""
    return a_fault(verbs=(), call=lambda moment: Sent(0, reset=True) if moment.number % n == 0 else None)


@quirk("Q37")
def ban_after(n: int, pause_s: float = 600, ban_s: float = 86_400) -> Fault:
    """After n requests 429 without a header for a while; who asks again too early is banned for long."""
    state = {"count": 0.0, "until": 0.0}

    def limit(moment: Moment) -> Sent | None:
        now = moment.server.clock.now().timestamp()
        state["count"] += 1
        if now < state["until"]:
            state["until"] = now + ban_s
        elif state["count"] > n:
            state["count"], state["until"] = 0.0, now + pause_s
        else:
            return None
        return Sent(429, b"Too many requests")

    return a_fault(verbs=(), call=limit)


@quirk("Q38")
def require_ua(words: str = "oai-mirror/") -> Fault:
    """Only a User-Agent with these words is let in."""

    def check(moment: Moment) -> Sent | None:
        return None if words in moment.call.headers.get("user-agent", "") else Sent(403, b"Forbidden")

    return a_fault(verbs=(), call=check)


@quirk("Q39")
def tls(kind: str) -> Fault:
    """The server speaks https with a certificate that is `selfsigned` or `expired`."""
    return a_fault(tls=kind)


@quirk("Q40")
def require_header(name: str, value: str) -> Fault:
    """401 without this header."""

    def check(moment: Moment) -> Sent | None:
        return None if moment.call.headers.get(name.lower()) == value else Sent(401, b"Who are you?")

    return a_fault(verbs=(), call=check)


@quirk("Q41")
def base_query(query: str = "mode=oaipmh") -> Fault:
    """The base URL has a query of its own that must stand beside every request, once."""
    own = parse_qsl(query)

    def check(moment: Moment) -> Sent | None:
        named = [pair for pair in parse_qsl(moment.call.query) if pair[0] == own[0][0]]
        return None if named == own else Sent(404, b"<html><title>No such page</title></html>", _HTML)

    return a_fault(
        verbs=(),
        call=check,
        base_query=query,
        arguments=lambda moment, pairs: [pair for pair in pairs if pair not in own],
    )


@quirk("Q42")
def session_tokens() -> Fault:
    """A token is good only with the cookie that came with the first page."""

    def check(moment: Moment, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        if moment.token is not None and "session=s1" not in moment.call.headers.get("cookie", ""):
            raise Refuse("badResumptionToken", "the token belongs to another session")
        return pairs

    return a_fault(
        arguments=check, sent=lambda moment, sent: sent.with_header("Set-Cookie", "session=s1; Path=/; HttpOnly")
    )


@quirk("Q43")
def closed_hours(opens: int, closes: int) -> Fault:
    """Between these hours (UTC) of the virtual day nobody is let in."""

    def check(moment: Moment) -> Sent | None:
        hour = moment.server.clock.now().hour
        closed = opens <= hour < closes if opens < closes else hour >= opens or hour < closes
        return Sent(503, f"Closed, it is {instant(moment.server.clock.now())}".encode()) if closed else None

    return a_fault(verbs=(), call=check)


@quirk("Q27")
def server_header(value: str) -> Fault:
    """Answers name this server software."""
    return a_fault(verbs=(), sent=lambda moment, sent: sent.with_header("X-Powered-By", value))
