"""dc:type to three facts: COAR resource type, version, peer review (dublin-core.md section 5)."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_HEAD = re.compile(
    r"(?:info:[a-z]{2}-?repo/semantics?/|https?://purl\.org/(?:coar/resource_type/|eprint/type/|dc/dcmitype/)|info:eurepo/semantics/|doc-type:)",
    re.IGNORECASE,
)
_VERSIONS = {
    "draft": "AO",
    "submittedversion": "SMUR",
    "acceptedversion": "AM",
    "publishedversion": "VoR",
    "updatedversion": "EVoR",
    "c_b1a7d7d4d402bcce": "AO",
    "c_71e4c1898caa6e32": "SMUR",
    "c_ab4af688f83e57aa": "AM",
    "c_e19f295774971610": "P",
    "c_970fb48d4fbd8a85": "VoR",
    "c_fa2ee174bc00049f": "CVoR",
    "c_dc82b40f9837b551": "EVoR",
    "c_be7fb7dd8ff6fe43": "NA",
    "ao": "AO",
    "smur": "SMUR",
    "am": "AM",
    "vor": "VoR",
    "cvor": "CVoR",
    "evor": "EVoR",
    "author version": "AM",
    "author's version": "AM",
    "authors version": "AM",
    "accepted version": "AM",
    "publisher version": "VoR",
    "publisher's version": "VoR",
    "publishers version": "VoR",
    "submitted version": "SMUR",
    "postprint": "AM",
    "post-print": "AM",
    "accepted manuscript": "AM",
    "author accepted manuscript": "AM",
    "version of record": "VoR",
    "published version": "VoR",
    "publisher's pdf": "VoR",
    "publisher pdf": "VoR",
    "version publiée": "VoR",
    "versión publicada": "VoR",
    "versão publicada": "VoR",
    "veröffentlichte version": "VoR",
    "submitted manuscript": "SMUR",
    "author's accepted manuscript": "AM",
    "accepted author manuscript": "AM",
    "author's final draft": "AM",
    "aam": "AM",
    "version acceptée": "AM",
    "versión aceptada": "AM",
    "versão aceita": "AM",
    "akzeptierte version": "AM",
}
_VERSION_HEAD = re.compile(
    r"https?://purl\.org/(?:coar/version/|eprint/status/)|info:eu-?repo/semantics?/", re.IGNORECASE
)
_PEER = frozenset(
    {
        "peerreviewed",
        "peer reviewed",
        "peer-reviewed",
        "refereed",
        "peer-reviewed article",
        "evaluado por pares",
        "artículo revisado por pares",
        "avaliado pelos pares",
        "peer reviewed article",
        "artículo evaluado por pares",
        "revisado por pares",
        "artigo avaliado pelos pares",
        "article évalué par les pares",
        "begutachtet",
        "refereegranskat",
        "fagfellevurdert",
        "vertaisarvioitu",
    }
)
_MIME = re.compile(r"(?:application|audio|image|text|video)/[a-z0-9.+-]+")
_NOT_PEER = frozenset({"nonpeerreviewed", "non peer reviewed", "notpeerreviewed"})
COAR = "http://purl.org/coar/resource_type/"


class Kind(NamedTuple):
    """What one value says; all None with `known` false for a value that is no type."""

    label: str | None = None
    uri: str | None = None
    weight: int = -1
    version: str | None = None
    peer_reviewed: bool | None = None
    known: bool = True


@cache
def _spellings() -> dict[str, tuple[str, str, int]]:
    table = tomllib.loads((files(__package__) / "tables" / "types.toml").read_text(encoding="utf-8"))
    found: dict[str, tuple[str, str, int]] = {}
    for concept, (label, weight, spellings) in table.items():
        for spelling in (concept, label, *spellings):
            found.setdefault(_HEAD.sub("", spelling.casefold()), (label, COAR + concept, weight))
    return found


@lru_cache(maxsize=16_384)
def read(text: str) -> Kind:
    """Read one dc:type value."""
    folded = text.strip(" .").casefold()
    version = _VERSIONS.get(_VERSION_HEAD.sub("", folded))
    if version is not None:
        return Kind(version=version)
    if folded in _PEER or folded == "http://purl.org/eprint/status/peerreviewed":
        return Kind(peer_reviewed=True)
    if folded in _NOT_PEER or folded == "http://purl.org/eprint/status/nonpeerreviewed":
        return Kind()
    found = _spellings().get(_HEAD.sub("", folded)) or _spellings().get(
        re.sub(r"\s*\((?:open access|campus access only|restricted)\)\Z", "", folded)
    )
    if found is not None:
        return Kind(*found)
    return Kind(known=False) if _MIME.fullmatch(folded) else _parts(folded)


def _parts(folded: str) -> Kind:
    """`Article, scholarly/refereed, author accepted manuscript` says three things; `Text; Thesis` two."""
    kind = Kind(known=False)
    for part in re.split(r"\s*[;,/]\s*|\s+(?:--|[-–])\s+|\s*[(\[]|[)\]]", folded):
        found = _spellings().get(part)
        if found is not None and found[2] > kind.weight:
            kind = kind._replace(label=found[0], uri=found[1], weight=found[2], known=True)
        if part in _PEER:
            kind = kind._replace(peer_reviewed=True, known=True)
        if part in _VERSIONS:
            kind = kind._replace(version=_VERSIONS[part], known=True)
    return kind
