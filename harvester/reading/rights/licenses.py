"""What a licence is here: an SPDX-like id with its family, version, port, SPDX id and canonical URL (rights.md section 3)."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from harvester.reading.rights.tables import table

VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
# Creative Commons' own order, most open first; the least open of several wins (rights.md section 5).
OPENNESS = (
    "pdm",
    "cc0",
    "public-domain",
    "odc",
    "software",
    "ogl",
    "by",
    "by-sa",
    "by-nc",
    "by-nc-sa",
    "by-nd",
    "by-nc-nd",
    "cc-other",
    "publisher",
    "rights-statement",
    "all-rights-reserved",
)
CREATIVE_COMMONS = frozenset({"pdm", "cc0", "by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd", "cc-other"})
NC_FAMILIES = frozenset({"by-nc", "by-nc-sa", "by-nc-nd"})


class License(NamedTuple):
    """One licence; `issue` is a code where the statement was odd, `nc` whether it forbids commercial use."""

    id: str
    family: str
    version: str | None = None
    jurisdiction: str | None = None
    spdx_id: str | None = None
    url: str | None = None
    hint: str | None = None
    nc: bool = False
    issue: str | None = None


@cache
def ports(version: str) -> frozenset[str]:
    """Give the jurisdictions that a version was ported to."""
    return frozenset(str(table("ports").get(version, "")).split())


@cache
def _spdx_ports() -> frozenset[str]:
    return frozenset(str(table("ports")["spdx"]).split())


UNSPECIFIED = License("LicenseRef-CC-unspecified", "cc-other", issue="cc_unspecified")
IMPOSSIBLE = License("LicenseRef-CC-unspecified", "cc-other", issue="cc_impossible")
NC_UNSPECIFIED = License("LicenseRef-CC-NC-unspecified", "cc-other", nc=True, issue="cc_unspecified")


def creative_commons(elements: Iterable[str], version: str | None = None, port: str | None = None) -> License:
    """Give the licence of a set of elements; ND with SA does not exist, and without BY only NC is known."""
    chosen = frozenset(elements)
    if {"nd", "sa"} <= chosen:
        return IMPOSSIBLE
    if "by" not in chosen:
        return NC_UNSPECIFIED if "nc" in chosen else UNSPECIFIED
    family = "-".join(name for name in ("by", "nc", "nd", "sa") if name in chosen)
    version = version if version in VERSIONS else None
    port, issue = _port(port, version)
    parts = ["CC", family.upper(), *([version] if version else []), *([port.upper()] if port else [])]
    name = "-".join(parts)
    spdx = None
    if version and ((port is None and version != "2.1") or name in _spdx_ports()):
        spdx = name
    return License(name, family, version, port, spdx, _url(family, version, port), None, "nc" in chosen, issue)


def _port(port: str | None, version: str | None) -> tuple[str | None, str | None]:
    """A port that the version never had is dropped and said (4.0 has none); an unknown two letters is kept for none."""
    if port is None:
        return None, None
    if version is None or port not in ports(version):
        return None, "unknown_port"
    return port, None


def _url(family: str, version: str | None, port: str | None) -> str | None:
    if version is None:
        return None
    path = {"by-nc-nd": "by-nd-nc"}.get(family, family) if version == "1.0" else family
    return f"https://creativecommons.org/licenses/{path}/{version}/" + (f"{port}/" if port else "")


@cache
def others() -> dict[str, License]:
    """Give every licence outside the six of Creative Commons, by id, from the table."""
    found = {name: License(name, "software", None, None, name) for name in table("software")}
    for name, row in table("licenses").items():
        found[name] = License(
            name,
            row["family"],
            row.get("version"),
            None,
            row.get("spdx"),
            row.get("url"),
            None,
            bool(row.get("nc", False)),
        )
    return found


_NOISE = re.compile(r"\b(?:the|license|licence|version|only)\b|[,\-\"()]")


def plain(name: str) -> str:
    """Give a licence's name without what its spellings differ in."""
    return " ".join(_NOISE.sub(" ", name).replace(" v ", " ").split())


@cache
def software() -> dict[str, str]:
    """Give the SPDX id by plain name."""
    found: dict[str, str] = {}
    for spdx, names in table("software").items():
        for name in (spdx.casefold(), *names):
            found.setdefault(plain(name), spdx)
    return found
