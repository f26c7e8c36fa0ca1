"""Licences stated by address: Creative Commons by host and path, everything else by the table (rights.md section 4.2)."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from harvester.reading.rights.codes import of_code
from harvester.reading.rights.licenses import License, creative_commons, others, plain, software
from harvester.reading.rights.tables import table

_CC_HOSTS = frozenset({"creativecommons.org", "www.creativecommons.org"})
_BUTTON_HOSTS = frozenset(
    {"i.creativecommons.org", "licensebuttons.net", "www.licensebuttons.net", "mirrors.creativecommons.org"}
)
# An address with or without its scheme; the path may hold the single spaces of `by -nc-nd/3.0`, which are settled below.
_URL = re.compile(
    r"(?<![\w.@-])(?:https?\s?:\s?/{1,3}\s?|//)?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})(?::\d{1,5})?(/[^\s<>\"']{0,500})?"
)
_CC_PATH = re.compile(r"/+licen[sc]es?[/?]+(.{1,120})", re.IGNORECASE)
_BUTTON_PATH = re.compile(r"/l/+(.{1,80})")
_VERSION = re.compile(r"[/ ]*(\d)(?:\.(\d))?(?=[/ ).,;:?#]|\Z)")
# Behind the elements: an element that does not exist, or one that no address has in this form.
_BROKEN = re.compile(r"[+-]|(?!\d\.\d)[^\W_]|[^\s/?#]{1,3}(?:by|nc|nd|sa)(?![a-z])")
_NAMES = frozenset({"by", "nc", "nd", "sa"})


class Found(NamedTuple):
    """A licence by its address: `start` and `end` are the place in the cleaned text."""

    license: License
    rule: str
    start: int
    end: int


def find(text: str) -> Iterator[Found]:
    """Yield licences whose addresses stand in a cleaned text."""
    if "." not in text:
        return
    for match in _URL.finditer(text):
        host = match[1].removeprefix("www.")
        path = match[2] or ""
        found = None
        if match[1] in _CC_HOSTS:
            found = _creative_commons(text, match, _CC_PATH) or _by_table(host, path)
        elif match[1] in _BUTTON_HOSTS:
            found = _creative_commons(text, match, _BUTTON_PATH)
        elif path:
            found = _by_registry(host, path, text[match.end() : match.end() + 12]) or _by_table(host, path)
        if found is not None:
            yield Found(
                found,
                "cc-url" if "creativecommons" in host or "licensebuttons" in host else "license-url",
                match.start(),
                match.end(),
            )


def is_address(text: str) -> bool:
    """Tell whether a cleaned value is one address and nothing else."""
    return _URL.fullmatch(text) is not None and ("/" in text or text.startswith("www."))


def _creative_commons(text: str, match: re.Match[str], shape: re.Pattern[str]) -> License | None:
    start = match.start(2)
    if start < 0:
        return None
    path = shape.match(text, start, min(len(text), start + 200))
    if path is None:
        return None
    inside = _folded(unquote(text[path.start(1) : match.end()]))
    return _of_path(inside + text[match.end() : path.end(1)], len(inside))


def _folded(path: str) -> str:
    return re.sub(r"/{2,}", "/", path).lstrip("/")


def _of_path(rest: str, inside: int) -> License | None:
    """Read ELEMENTS[/VERSION][/PORT]: a set of elements over the longest run, also across a space or a slash.

    `inside` is the length of the address itself; what follows it counts only where it is glued on by elements.
    """
    at = 0
    elements: list[str] = []
    while True:
        word = re.compile(r"[ /+_-]*([a-z]+)").match(rest, at)
        if word is None or word[1] not in _NAMES:
            break
        if (
            word.start() != at
            and " " in rest[at : word.start(1)]
            and word.start(1) > inside
            and not _glued(rest, word.end())
        ):
            break
        elements.append(word[1])
        at = word.end()
    if not elements or "by" not in elements:
        return None
    if _BROKEN.match(rest, at):
        return None
    version = _VERSION.match(rest, at)
    if version is None:
        return creative_commons(elements)
    number = f"{version[1]}.{version[2] or '0'}"
    port = re.compile(r"/([a-z]{2,8})(?=[/ ).,;:?#]|\Z)").match(rest, version.end())
    code = port[1] if port else None
    if code is not None and (
        code in {"deed", "legalcode", "rdf"} or (len(code) > 2 and code not in {"scotland", "igo"})
    ):
        code = None
    return creative_commons(elements, number, code)


def _glued(rest: str, end: int) -> bool:
    return re.compile(r"[ /-]*(?:by|nc|nd|sa|\d\.\d)").match(rest, end) is not None


@cache
def _prefixes() -> dict[str, tuple[tuple[str, str], ...]]:
    """Give (path prefix, licence id) by host, longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, row in table("licenses").items():
        for url in row.get("urls", ()):
            host, _, path = url.partition("/")
            found.setdefault(host, []).append((f"/{path}", name))
    return {host: tuple(sorted(rows, key=lambda row: -len(row[0]))) for host, rows in found.items()}


def _by_table(host: str, path: str) -> License | None:
    rows = _prefixes().get(host)
    if rows is None:
        return None
    folded = re.sub(r"/{2,}", "/", path)
    for prefix, name in rows:
        bare = prefix.rstrip("/")
        if folded == bare or (
            folded.startswith(prefix) and (prefix.endswith("/") or not folded[len(prefix) : len(prefix) + 1].isalpha())
        ):
            return others()[name]
    return None


_ACS = re.compile(r"/page/policy/authorchoice_(cc[a-z]+)_termsofuse")
_REGISTERED = re.compile(r"/licen[sc]es/([^/?#]+)(?:/(\d\.\d)(?=/|\Z))?")
_DOI_POLICY = re.compile(r"/10\.15223/policy-(\d{3})")


_PATH_ID = re.compile(
    r"/(?:licen[sc]es?|mpl)/(?:old-licenses/)?([a-z0-9.-]+?)(?:-standalone)?(?:\.html|\.txt|\.php)?/?\Z"
)


def _by_registry(host: str, path: str, behind: str) -> License | None:
    """Addresses that carry a licence's id: SPDX pages, Open Definition, publishers that name a Creative Commons code."""
    if host in {"spdx.org", "opendefinition.org"} and (match := _REGISTERED.match(path)):
        code = re.sub(r"\.(?:html|json|txt)\Z", "", match[1]) + (f"-{match[2]}" if match[2] else "")
        if code == "cc":
            code = f"cc{behind}".strip()
        return of_code(code.replace("cc-zero", "cc0")) or _by_id(code)
    if host == "pubs.acs.org" and (match := _ACS.match(path)):
        return of_code(match[1])
    if host in {"opensource.org", "gnu.org", "apache.org", "mozilla.org"} and (match := _PATH_ID.search(path)):
        name = software().get(plain(re.sub(r"\.(?:html|php|txt|en)\Z", "", match[1])))
        return others()[name] if name else None
    if host in {"doi.org", "dx.doi.org"} and (match := _DOI_POLICY.match(path)):
        return License(f"LicenseRef-STM-policy-{match[1]}", "publisher")
    return None


def _by_id(code: str) -> License | None:
    return next((one for name, one in others().items() if name.casefold() == code), None)
