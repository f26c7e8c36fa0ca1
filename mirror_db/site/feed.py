"""An Atom feed of a search: records that are new in the mirror, and those whose flags changed so that the search finds them now."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Tree

from mirror_db.site.asked import Asked
from mirror_db.site.cells import shortened
from mirror_db.site.picking import live_rows, matching, newest_ids
from mirror_db.site.text import plain

ENTRIES = 50
_RECENT_CHANGES = 800  # changes of flags that are looked through: `matching` takes 900 numbers at most
_ATOM = "http://www.w3.org/2005/Atom"
_XML_FORBIDS = dict.fromkeys((0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))

Record = Mapping[str, Any]


def newest(conn: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    """Give the records of the feed, the newest event first."""
    recent = "SELECT DISTINCT record FROM (SELECT record FROM flag_changes ORDER BY id DESC LIMIT ?)"
    changed = tuple(row[0] for row in conn.execute(recent, (_RECENT_CHANGES,)))
    ids = {*newest_ids(conn, asked, ENTRIES), *(matching(conn, asked, changed) if changed else ())}
    found = live_rows(conn, sorted(ids))
    return sorted(found, key=lambda row: (updated(row), row["id"]), reverse=True)[:ENTRIES]


def updated(record: Record) -> str:
    """Give when a record last became news: first seen, or its flags changed."""
    return max(str(record["first_seen_at"]), str(record["flags_changed_at"] or ""))


def atom(records: Sequence[Record], *, title: str, here: str, link: Callable[[int], str]) -> str:
    """Give the feed as text; `here` is its own address, `link` gives that of a record's page."""
    feed = Tree.Element("feed", {"xmlns": _ATOM})
    _put(feed, "title", title)
    _put(feed, "id", here)
    Tree.SubElement(feed, "link", {"rel": "self", "href": here})
    _put(feed, "updated", updated(records[0]) if records else "1970-01-01T00:00:00Z")
    for record in records:
        _entry(feed, record, link(record["id"]))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Tree.tostring(feed, encoding="unicode") + "\n"


def _entry(feed: Tree.Element, record: Record, address: str) -> None:
    entry = Tree.SubElement(feed, "entry")
    _put(entry, "title", shortened(record["title"] or "No title"))
    _put(entry, "id", address)
    Tree.SubElement(entry, "link", {"rel": "alternate", "href": address})
    _put(entry, "updated", updated(record))
    _put(Tree.SubElement(entry, "author"), "name", shortened(record["creators"] or record["repository"]))
    _put(
        entry,
        "summary",
        f"Access: {record['access']}; licence: {record['license'] or 'none stated'}; {record['oai_identifier']}",
    )


def _put(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = plain(text).translate(_XML_FORBIDS)
