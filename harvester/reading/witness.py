"""What outside witnesses answer about a DOI, read by our own rules: Unpaywall (version 2) and Crossref (REST). Pure.

A witness is another opinion: it never becomes evidence of a record.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harvester.reading.rights.value import read_value

_LONGEST = 2_000  # characters of a text that is kept
_NO_LICENCE_OF_ACCESS = "tdm"  # Crossref: terms for text mining say nothing of reading


class Opinion(NamedTuple):
    """One witness on one DOI; None where it says nothing."""

    doi: str
    found: bool
    is_open_access: bool | None = None
    route: str | None = None
    license: str | None = None  # as our rules name it
    license_text: str | None = None
    url: str | None = None
    answer: str = "{}"  # as received, this DOI's part of it


def of_unpaywall(doi: str, status: int, body: bytes) -> Opinion | None:
    """Read an answer of /v2/DOI; None where it is no answer about a DOI at all."""
    answer = _object(body)
    if status in {404, 422} or answer.get("error"):
        return Opinion(doi, found=False)
    if status != 200 or not isinstance(answer.get("is_oa"), bool):
        return None
    place = answer.get("best_oa_location")
    place = place if isinstance(place, dict) else {}
    text = _text(place.get("license"))
    return Opinion(
        doi,
        True,
        answer["is_oa"],
        _text(answer.get("oa_status")),
        _license_of(text),
        text,
        _web(place.get("url")),
        _kept({"is_oa": answer["is_oa"], "oa_status": answer.get("oa_status"), "best_oa_location": place}),
    )


def of_crossref(dois: tuple[str, ...], status: int, body: bytes, *, today: str) -> tuple[Opinion, ...] | None:
    """Read an answer of /works?filter=doi:...; DOIs that it leaves out are unknown to Crossref. None: no answer."""
    message = _object(body).get("message")
    if status != 200 or not isinstance(message, dict) or not isinstance(message.get("items"), list):
        return None
    works = {str(one.get("DOI", "")).lower(): one for one in message["items"] if isinstance(one, dict)}
    return tuple(_of_work(doi, works[doi], today) if doi in works else Opinion(doi, found=False) for doi in dois)


def _of_work(doi: str, work: Mapping[str, Any], today: str) -> Opinion:
    """The licence in force of the version of record, else of another version; only a licence that opens says anything of access."""
    stated = sorted(_licenses(work, today), key=lambda pair: pair[0] != "vor")
    text = stated[0][1] if stated else None
    opens = text is not None and any(one.opens for one in read_value(text).said if one.void is None)
    return Opinion(
        doi,
        True,
        True if opens else None,
        None,
        _license_of(text),
        text,
        _web(work.get("URL")),
        _kept({"license": work.get("license"), "URL": work.get("URL"), "type": work.get("type")}),
    )


def _licenses(work: Mapping[str, Any], today: str) -> Iterator[tuple[str, str]]:
    """Yield (version, address) of licences that have begun."""
    found = work.get("license")
    for one in found[:20] if isinstance(found, list) else ():
        version, url = str(one.get("content-version", "")), _text(one.get("URL"))
        if url and version != _NO_LICENCE_OF_ACCESS and _day(one.get("start")) <= today:
            yield version, url


def _day(start: Any) -> str:
    """Give the day of Crossref's date-parts; an unknown one has begun."""
    try:
        year, month, day = ([*start["date-parts"][0], 1, 1])[:3]
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    except (TypeError, KeyError, IndexError, ValueError):
        return ""


def _license_of(text: str | None) -> str | None:
    said = [one.license.id for one in read_value(text).said if one.license and not one.void] if text else []
    return said[0] if said else None


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    return value.strip()[:_LONGEST] or None if isinstance(value, str) else None


def _web(value: Any) -> str | None:
    text = _text(value)
    return text if text and text.startswith(("http://", "https://")) else None


def _kept(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, sort_keys=True)[:20_000]
