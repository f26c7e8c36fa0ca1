"""Records in the forms of reference managers (RIS and BibTeX), pure: a row of `records` in, text out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mirror_db.site.cells import web
from mirror_db.site.text import plain

Record = Mapping[str, Any]
_RIS = {
    "journal article": "JOUR",
    "research article": "JOUR",
    "review article": "JOUR",
    "conference paper": "CPAPER",
    "conference proceedings": "CONF",
    "book": "BOOK",
    "book part": "CHAP",
    "doctoral thesis": "THES",
    "master thesis": "THES",
    "bachelor thesis": "THES",
    "thesis": "THES",
    "report": "RPRT",
    "technical report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "patent": "PAT",
    "preprint": "UNPB",
}
_BIBTEX = {"JOUR": "article", "CPAPER": "inproceedings", "CONF": "proceedings", "BOOK": "book", "CHAP": "incollection"}
_BIBTEX |= {"RPRT": "techreport", "UNPB": "unpublished"}
_THESES = {"doctoral thesis": "phdthesis", "master thesis": "mastersthesis"}
_HOLDER = {"JOUR": "journal", "CPAPER": "booktitle", "CHAP": "booktitle"}
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_SPACE = re.compile(r"\s+")


def ris(record: Record) -> str:
    """Give one record as RIS: a tag a line, lines ending in CR LF."""
    kind = _RIS.get(record["type"] or "", "GEN")
    pairs = [("TY", kind), ("TI", record["title"]), *(("AU", name) for name in _split(record["creators"]))]
    pairs += [("PY", record["year"]), ("T2", record["container"]), ("VL", record["container_volume"])]
    pairs += [("IS", record["container_issue"]), ("SP", record["first_page"]), ("EP", record["last_page"])]
    pairs += [
        ("PB", record["publisher"]),
        ("DO", record["doi"]),
        ("UR", web(record["landing_url"])),
        ("LA", record["language"]),
    ]
    pairs += [("KW", term) for term in _split(record["subjects"])]
    pairs += [("AB", record["description"]), ("N1", _rights(record)), ("ID", record["oai_identifier"])]
    lines = [f"{tag}  - {_one_line(value)}\r\n" for tag, value in pairs if value not in (None, "")]
    return "".join(lines) + "ER  - \r\n\r\n"


def bibtex(record: Record) -> str:
    """Give one record as a BibTeX entry; its key is the record's number, unique in this mirror."""
    kind = _RIS.get(record["type"] or "", "GEN")
    entry = _THESES.get(record["type"] or "", "misc") if kind == "THES" else _BIBTEX.get(kind, "misc")
    lines = [f"  {name} = {{{value}}},\n" for name, value in _bibtex_fields(record, kind) if value]
    return f"@{entry}{{record{record['id']},\n{''.join(lines)}}}\n\n"


def _bibtex_fields(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the fields with their values in TeX; a name's own "and" is braced, so that it does not part two people."""
    people = (_tex(name).replace(" and ", " {and} ") for name in _split(record["creators"]))
    pages = "--".join(part for part in (record["first_page"], record["last_page"]) if part)
    yield from (("title", _tex(record["title"])), ("author", " and ".join(people)), ("year", _tex(record["year"])))
    yield from (
        (_HOLDER.get(kind, "howpublished"), _tex(record["container"])),
        ("volume", _tex(record["container_volume"])),
    )
    yield from (
        ("number", _tex(record["container_issue"])),
        ("pages", _tex(pages)),
        ("publisher", _tex(record["publisher"])),
    )
    yield from (("doi", _verbatim(record["doi"])), ("url", _verbatim(web(record["landing_url"]))))
    yield from (("language", _tex(record["language"])), ("note", _tex(_rights(record))))


def _rights(record: Record) -> str:
    licence = record["license"] or "no licence stated"
    return f"Access: {record['access']}; licence: {licence} (judged {record['evaluated_on']} by rules {record['rules_version']})"


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split("; ") if part)


def _one_line(value: object) -> str:
    return _SPACE.sub(" ", plain(str(value))).strip()


def _tex(value: object) -> str:
    """Give a value with TeX's own signs escaped; nothing for None."""
    return (
        "" if value is None else _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\\" + found[0]), _one_line(value))
    )


def _verbatim(value: str | None) -> str:
    """Give an address or DOI as BibTeX keeps it, its braces and backslashes in the form of addresses."""
    return quote(value, safe="/:;,.?&=#@!$'()*+~%-_") if value else ""
