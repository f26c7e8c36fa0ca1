"""Addresses: parameters put behind a base URL and taken off again, and where a redirect may lead."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from harvester.net.types import Hop, masked_url

Params = Sequence[tuple[str, str]]
_SAFE = "!$&'()*+,-./:;=?@_~%|[]{}^`\\\""
_IN_PATH = "/%:@!$&'()*+,;=~-._"


def merge(base_url: str, params: Params, *, verbatim: bool = False) -> str:
    """Put parameters behind a base URL that may have a query of its own (Q41); `verbatim` leaves the token as it is (Q14)."""
    parts = urlsplit(base_url)
    encoded = urlencode([(n, v) for n, v in params if not (verbatim and n == "resumptionToken")], quote_via=quote)
    raw = "".join(f"&{n}={quote(v, safe=_SAFE)}" for n, v in params if n == "resumptionToken") if verbatim else ""
    own = quote(parts.query, safe=_SAFE).strip("&")
    query = "&".join(part for part in (own, encoded) if part) + raw
    path = quote(parts.path, safe=_IN_PATH)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query.lstrip("&"), ""))


def base_of(url: str, params: Params) -> str:
    """Take parameters off an address again: gives the base URL that was asked."""
    parts = urlsplit(url)
    mine = {name for name, _ in params}
    own = [part for part in parts.query.split("&") if part and unquote(part.partition("=")[0]) not in mine]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(own), ""))


def target_of(url: str, location: str) -> str:
    """Give the address that a redirect means; one that drops the query gets it back (Q27). Raises ValueError."""
    target = urlsplit(urljoin(url, location.strip()))
    query = target.query or urlsplit(url).query
    return urlunsplit((target.scheme, target.netloc, target.path, query, ""))


def refusal(
    url: str, target: str, hops: Sequence[Hop], *, max_redirects: int, has_secrets: bool, sets_cookie: bool = False
) -> str | None:
    """Say why a redirect is not followed, or give None (Q27, design rule 9). Raises ValueError for what is no address.

    One that sets a cookie may lead back: the next answer may be another (Q42).
    """
    old, new = urlsplit(url), urlsplit(target)
    if new.scheme not in {"http", "https"} or not new.hostname:
        return f"redirects to something that is no http(s) address ({new.scheme or 'nothing'})"
    if len(hops) >= max_redirects:
        return f"redirects more than {max_redirects} times"
    been_there = {masked_url(url), *(hop.from_url for hop in hops)}
    if masked_url(target) in been_there and not sets_cookie:
        return "redirects in a circle"
    if has_secrets and old.scheme == "https" and new.scheme == "http":
        return "redirects from https to http, where credentials would be readable"
    if is_private(new.hostname) and not is_private(old.hostname or ""):
        return "redirects from a public address into a private network"
    return None


def is_home(url: str, home: str) -> bool:
    """Tell whether credentials for `home` may go to `url`: the same host, never from https back to http."""
    here, there = urlsplit(url), urlsplit(home)
    if here.hostname != there.hostname:
        return False
    if here.scheme == there.scheme:
        return _port(url) == _port(home)
    return here.scheme == "https" and here.port in {None, 443} and there.port in {None, 80}


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def is_private(host: str) -> bool:
    """Tell whether a host name or address means this machine or a private network; nothing is looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return _is_odd_address(name)
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


def _is_odd_address(name: str) -> bool:
    """Addresses in shapes that resolvers still take, 2130706433 or 0x7f.1, hide where they lead: never followed."""
    return bool(name) and all(part.isdigit() or part.startswith("0x") for part in name.split("."))
