"""Licences and files by link: the Link header (signposting), `rel="license"`, and addresses of Creative Commons."""

import re
from urllib.parse import urljoin, urlsplit

from harvester.reading.pages.document import Document
from harvester.reading.pages.found import Found

_LINK = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[\w*!#$&.+^-]{1,40}\s*=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{1,500})){0,20})"
)
_PARAMETER = re.compile(r"([\w*!#$&.+^-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")
_LONGEST_HEADER = 16_384
_LICENCE_HOSTS = frozenset({"creativecommons.org", "rightsstatements.org"})


def read_header(found: Found, header: str, base: str) -> None:
    """Read a Link header (RFC 8288): `license` speaks of the item itself, `item` is its file."""
    for match in _LINK.finditer(header[:_LONGEST_HEADER]):
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])}
        if "anchor" in parameters:  # speaks of another resource
            continue
        relations = parameters.get("rel", "").lower().split()
        if "license" in relations:
            found.add("header.license", match[1])
        if "item" in relations and (address := web(base, match[1])):
            found.add("header.item", address)


def read_links(found: Found, document: Document) -> None:
    """Read link and a elements; one in the site's furniture is kept with the reason why it does not count."""
    for relations, target in document.head_links:
        if "license" in relations:
            found.add("link.license", target)
    for anchor in document.anchors:
        why = f"it stands in {anchor.furniture}" if anchor.furniture else None
        if "license" in anchor.rel:
            found.add("a.license", anchor.href, unused=why)
        elif urlsplit_host(anchor.href) in _LICENCE_HOSTS:
            found.add("a.creativecommons", anchor.href, unused=why)


def web(base: str, target: str) -> str | None:
    """Give the absolute address of a link if it is http or https."""
    try:
        address = urljoin(base, target.strip())
        return address if urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None


def urlsplit_host(href: str) -> str:
    """Give the host of an address in lower case without `www.`; empty where there is none."""
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
