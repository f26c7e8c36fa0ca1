"""The files that pages need: our styles and script, and Vega from the package that brings it."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

KEPT = "public, max-age=86400"  # addresses carry the version, so that a new one is fetched at once
_CSS, _JS = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
_OURS = {"site.css": _CSS, "tables.css": _CSS, "charts.js": _JS, "tables.js": _JS, "icon.svg": "image/svg+xml"}
_VEGA = ("vega5.js", "vega-lite5.js", "vega-embed6.js")


class Asset(NamedTuple):
    """One file with its media type."""

    body: bytes
    kind: str


@cache
def find(name: str) -> Asset | None:
    """Give the file of that name; None for any other."""
    if name in _OURS:
        return Asset(files(__package__).joinpath("static", name).read_bytes(), _OURS[name])
    if name in _VEGA:
        return Asset(files("js_lib_vega_embed").joinpath("static", "js_lib_vega_embed", name).read_bytes(), _JS)
    return None


@cache
def version() -> str:
    """Give a mark that changes with any of our files."""
    bodies = b"".join(files(__package__).joinpath("static", name).read_bytes() for name in _OURS)
    return hashlib.blake2b(bodies, digest_size=6).hexdigest()
