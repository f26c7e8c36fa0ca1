"""SQL functions for people who query a mirror: `raw_record(id[, prefix])` and `dublin_core(id)`."""

import json
import re
import sqlite3
from xml.etree import ElementTree as Tree

from mirror_db.raw import Opener

_DC = "{http://purl.org/dc/elements/1.1/}"
_FIRST_TAG = re.compile(r"<[^\s/>]+")
_PREFIX = re.compile(r"\b(xmlns(?::[\w.-]+)?)\s*=\s*(\"[^\"]*\"|'[^']*')")
_QUERY = (
    "SELECT w.body, w.tombstone, c.declarations FROM raw_records AS w LEFT JOIN contexts AS c ON c.id = w.context "
    "WHERE w.record = ? AND (w.prefix = ?2 OR ?2 IS NULL) ORDER BY w.prefix <> 'oai_dc', w.id LIMIT 1"
)


def register(conn: sqlite3.Connection) -> None:
    """Give the connection both functions; each looks up the mirror that the connection has open."""
    opener = Opener(conn)  # keeps the dictionaries between rows
    conn.create_function("raw_record", 1, lambda number: raw_record(conn, number, opener=opener))
    conn.create_function("raw_record", 2, lambda number, prefix: raw_record(conn, number, prefix, opener=opener))
    conn.create_function("dublin_core", 1, lambda number: dublin_core(conn, number, opener=opener))


def raw_record(
    conn: sqlite3.Connection, number: int, prefix: str | None = None, *, opener: Opener | None = None
) -> str | None:
    """Give the newest record as received, as XML text that stands alone; None when there is none.

    The tombstone comes when no live version was ever seen; `prefix` None: oai_dc before any other. Bytes that are not UTF-8 show as
    replacement characters.
    """
    row = conn.execute(_QUERY, (number, prefix)).fetchone()
    if row is None or (row[0] is None and row[1] is None):
        return None
    text = (opener or Opener(conn)).unpack(row[0] if row[0] is not None else row[1]).decode("utf-8", "replace")
    return stand_alone(text, row[2] or "")


def stand_alone(text: str, declarations: str) -> str:
    """Write into the first tag those namespace declarations that it inherited and does not make itself."""
    first = _FIRST_TAG.search(text)
    if first is None:
        return text
    own = {match[1] for match in _PREFIX.finditer(text[: text.find(">") + 1])}
    missing = [f"{name}={uri}" for name, uri in _PREFIX.findall(declarations) if name not in own]
    return text[: first.end()] + "".join(f" {one}" for one in missing) + text[first.end() :]


def dublin_core(conn: sqlite3.Connection, number: int, *, opener: Opener | None = None) -> str | None:
    """Give the Dublin Core of a record as JSON, element by element in order: {"title": ["..."], "rights": [...]}.

    None when the mirror holds no live oai_dc record of it, or one that does not parse.
    """
    text = raw_record(conn, number, "oai_dc", opener=opener)
    return None if text is None else elements(text)


def elements(text: str) -> str | None:
    """Read the Dublin Core elements of an XML text as JSON; None when it does not parse or declares a DTD."""
    if "<!DOCTYPE" in text:
        return None
    try:
        root = Tree.fromstring(text)  # noqa: S314 - a slice of a page that was read strictly: no DTD, no entities
    except (Tree.ParseError, ValueError):
        return None
    found: dict[str, list[str]] = {}
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(_DC):
            found.setdefault(node.tag.removeprefix(_DC), []).append("".join(node.itertext()).strip())
    return json.dumps(found, ensure_ascii=False)
