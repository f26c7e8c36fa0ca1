"""One repository as agreed: its address, its quirks, its manners and how its records are read.

Built from the configuration by `harvester.config.sources`, or here from a bare URL. Nothing below
knows settings: a Source holds plain values and may cross to another process.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harvester.reading.profile import DEFAULT, Profile

_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)\Z")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OAI_ARGUMENTS = frozenset(
    ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
)  # OAI-PMH 2.0, section 4
_LONGEST_ID = 80


class Hours(NamedTuple):
    """A daily span in minutes after midnight; `closes` before `opens` runs over midnight."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class SecretHeader:
    """A request header whose value never shows in a representation, a log or an error."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Manners:
    """How a host is asked: plain numbers; seconds, bytes and counts as named."""

    contact: str = ""
    min_interval_s: float = 1.0
    at_once: int = 1  # requests at the same time
    timeout_s: float = 60.0  # for the next bytes
    connect_timeout_s: float = 15.0
    max_response_s: float = 600.0
    max_attempts: int = 6
    max_retry_after_s: float = 120.0
    max_redirects: int = 5
    max_page_bytes: int = 67_108_864
    identity_encoding: bool | None = None  # None: as learnt
    post: bool = False
    verify_tls: bool = True
    allowed_hours: tuple[Hours, ...] = ()  # empty: always
    timezone: str = "UTC"  # of allowed_hours


@dataclass(frozen=True, slots=True)
class Pages:
    """Whether and how landing pages of items may be read."""

    enabled: bool = False
    per_day: int = 200
    interval_s: float = 10.0
    allowed_hosts: tuple[str, ...] = ()  # empty: the base URL's host alone
    again_days: int = 180  # until a page that was read is visited again


@dataclass(frozen=True, slots=True)
class Source:
    """One repository: everything that a run needs to know about it beforehand."""

    id: str
    name: str
    base_url: str
    country: str | None = None
    configured: bool = True  # False: named after a URL of the command line; the name may turn out to be taken
    prefixes: tuple[str, ...] = ("oai_dc",)  # the first is harvested, the others next to it where offered
    choose_prefixes: bool = False  # take the best for rights of those offered next to the first
    sets: tuple[str, ...] = ()  # empty: everything
    cron: str | None = None  # None: only on demand
    granularity: str | None = None  # day or seconds; None: as Identify says
    token_with_prefix: bool | None = None  # None: as learnt
    token_verbatim: bool | None = None
    ignore_from: bool | None = None  # None: as learnt
    ignore_size: bool | None = None
    max_window_days: int | None = None
    deletions: str = "sweep"  # or announced
    expected_failures: int = 1
    manners: Manners = Manners()
    profile: Profile = DEFAULT
    pages: Pages = Pages()
    secret_headers: tuple[SecretHeader, ...] = ()


def source_from_url(url: str, taken_ids: Mapping[str, str], *, manners: Manners | None = None) -> Source:
    """Make a repository of a base URL that nobody configured.

    `taken_ids` maps every id in use to its base URL: an id whose URL is the same repository is used again,
    any other is avoided. A user name or password in the URL and OAI-PMH arguments behind it are dropped.
    Raises ValueError where the text is no http(s) address.
    """
    base_url = clean_url(url)
    manners = manners or Manners()
    source_id = _id_of(base_url, taken_ids)
    host = urlsplit(base_url).hostname or source_id
    return Source(
        id=source_id,
        name=host,
        base_url=base_url,
        configured=False,
        manners=unpaced(manners) if is_loopback(base_url) else manners,
    )


def clean_url(url: str) -> str:
    """Give the base URL alone: scheme and host in lower case, without credentials, fragment or OAI-PMH arguments.

    Raises ValueError where it is not an http(s) address with a host and a valid port.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("an address must begin with http:// or https:// and name a host")
    arguments = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in arguments if name not in _OAI_ARGUMENTS]
    query = parts.query if len(kept) == len(arguments) else urlencode(kept)
    return urlunsplit(
        (parts.scheme.lower(), _netloc(parts.scheme.lower(), parts.hostname, parts.port), parts.path, query, "")
    )


@lru_cache(maxsize=16_384)
def repository_key(url: str) -> tuple[str, str]:
    """Give what two base URLs of one repository have in common: see `same_repository`.

    Remembered: a command with a thousand addresses compares each with all others.
    """
    parts = urlsplit(clean_url(url))
    return parts.netloc, parts.path.rstrip("/") + ("?" + parts.query if parts.query else "")


def same_repository(one: str, other: str) -> bool:
    """Tell whether two base URLs mean one repository: http or https and a slash at the end make no difference."""
    return repository_key(one) == repository_key(other)


def is_loopback(url: str) -> bool:
    """Tell whether the URL's host is this machine itself, by its name or number; nothing is looked up."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def unpaced(manners: Manners) -> Manners:
    """Give the same manners without a pause between requests: the loopback is nobody's guest."""
    return replace(manners, min_interval_s=0.0)


def read_hours(text: str) -> Hours:
    """Read `22:00-06:00` as minutes after midnight; raises ValueError where it is not a span of hours."""
    match = _HOURS.match(text)
    if match is None:
        raise ValueError("must be a span of hours such as 22:00-06:00")
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if opens == closes or max(opens, closes) > 24 * 60:
        raise ValueError("must be a span of hours such as 22:00-06:00 that is neither empty nor beyond 24:00")
    return Hours(opens, closes)


def is_open(hours: tuple[Hours, ...], minute: int) -> bool:
    """Tell whether a repository may be asked at this minute of the day (0 to 1439); no hours: always."""
    return not hours or any(_within(span, minute) for span in hours)


def _within(span: Hours, minute: int) -> bool:
    if span.opens < span.closes:
        return span.opens <= minute < span.closes
    return minute >= span.opens or minute < span.closes


def _netloc(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, _DEFAULT_PORTS[scheme]) else f"{shown}:{port}"


def _id_of(base_url: str, taken: Mapping[str, str]) -> str:
    for known, known_url in taken.items():
        if same_repository(known_url, base_url):
            return known
    return next(name for name in _candidates(base_url) if name not in taken)


def _candidates(base_url: str) -> Iterator[str]:
    """Yield ids from the plainest on: host, host and path, host and port, all three, then numbered."""
    parts = urlsplit(base_url)
    host = _host_slug(parts.hostname or "")
    path = _slug(f"{parts.path}-{parts.query}")
    with_port = f"{host}-{parts.port}" if parts.port else host
    named = [host, f"{host}-{path}", with_port, f"{with_port}-{path}"]
    plain = [name.strip("-")[:_LONGEST_ID] for name in named]
    yield from plain
    yield from (f"{plain[-1][: _LONGEST_ID - 6]}-{number}" for number in range(2, 10_000))


def _host_slug(host: str) -> str:
    if ":" in host:
        return "ipv6-" + _slug(host)
    try:
        return _slug(host.encode("idna").decode("ascii"))
    except UnicodeError:
        return _slug(host)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")
