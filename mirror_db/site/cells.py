"""How values of a mirror are shown in Datasette's tables: record numbers and DOIs as links, web addresses only as such."""

import re
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

_WEB = re.compile(r"https?://[^\s\"'<>\x00-\x1f]+", re.IGNORECASE)
_RECORD_VIEWS = frozenset({"records", "items", "live_records", "open_access", "cc_by_nc", "cc_by_nc_open"})
MAX_SHOWN = 300  # characters of a long text in a table's cell


def web(url: object) -> str | None:
    """Give an address that may stand in a link: http or https, nothing else."""
    text = str(url).strip() if url is not None else ""
    return text if _WEB.fullmatch(text) and len(text) <= 4096 else None


def doi_url(doi: str) -> str:
    """Give the address at which a DOI resolves."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def cell(value: Any, column: str, table: str | None, base: str) -> Markup | None:
    """Give the HTML of one cell, or None where Datasette's own way is right; `base` is the site's path, ending in a slash."""
    match column, value:
        case "id", int() if table in _RECORD_VIEWS or table is None:
            return _link(f"{base}record/{value}", str(value))
        case "record", dict():  # a foreign key with its label, which may be a title of a megabyte
            return _link(f"{base}record/{int(value['value'])}", shortened(str(value["label"] or value["value"])))
        case "doi", str():
            return _link(doi_url(value), value)
        case "id" | "repository", str() if table == "repositories" or (
            table is None and re.fullmatch(r"[\w.-]+", value)
        ):
            return _link(f"{base}repository/{quote(value, safe='')}", value)
        case _, str() if value.lower().startswith("http"):
            url = web(value)
            return _link(url, shortened(value)) if url else escape(shortened(value))
        case _:
            return None


def shortened(text: str, limit: int = MAX_SHOWN) -> str:
    """Cut a text at `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _link(url: str, text: str) -> Markup:
    return Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(url, text)
