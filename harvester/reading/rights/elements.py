"""Which elements of a record are read for its rights, and as what (rights.md section 2). Titles and abstracts are never read."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from harvester.reading.fields import Field
from harvester.reading.rights import embargo, terms
from harvester.reading.rights.clean import fold
from harvester.reading.rights.value import Reading, Said, read_address, read_value

_RIGHTS = (
    "dc:rights",
    "dcterms:rights",
    "edm:rights",
    "mods:accessCondition",
    "xoai:rights",
    "etdms:rights",
    "marc:540",
    "marc:542",
)
_LICENSE = (
    "dc:license",
    "dcterms:license",
    "oaire:licenseCondition",
    "ali:license_ref",
    "arxiv:license",
    "cc:license",
    "dc:rights.license",
    "dc:rights.uri",
    "dc:relation.license_ref",
    "xoai:rights.uri",
    "xoai:rights.license",
)
_ACCESS = (
    "dcterms:accessRights",
    "dc:accessRights",
    "dc:rights.accessRights",
    "datacite:rights",
    "xoai:access-status",
    "oaire:file",
    "dc:relation.access_rights",
    "marc:506",
    "marc:856.7",
)
# The item's page (harvester.reading.pages): what it says ranks below the record's own statements (level `ON_PAGE`).
_PAGE = {
    **dict.fromkeys(("page:meta.rights", "page:label.rights", "page:sentence"), "R"),
    **dict.fromkeys(
        (
            "page:header.license",
            "page:link.license",
            "page:a.license",
            "page:a.creativecommons",
            "page:meta.license",
            "page:jsonld.license",
            "page:label.license",
        ),
        "L",
    ),
    **dict.fromkeys(
        ("page:meta.access", "page:jsonld.conditionsOfAccess", "page:label.access", "page:badge"),
        "A",
    ),
    "page:jsonld.isAccessibleForFree": "J",
    "page:meta.full_text_status": "E",
    "page:embargo.first_day": "D",
    "page:embargo.last_day": "D",
}
ON_PAGE = 5
_MOST_ON_PAGE = 0.8  # confidence: a page is written for people, and may be a template's
KINDS = {
    **_PAGE,
    **dict.fromkeys(_RIGHTS, "R"),
    **dict.fromkeys(_LICENSE, "L"),
    **dict.fromkeys(_ACCESS, "A"),
    "ali:free_to_read": "F",
    "uketdterms:embargodate": "D",
    "dc:date": "D",
    "dc:date.available": "D",
    "dcterms:available": "D",
    "datacite:date": "D",
    "dc:relation.resource_exposed_date": "D",
    "xoai:access-status.embargo": "D",
    "xoai:bitstream.embargo": "D",
    "xoai:date.embargo": "D",
    "xoai:embargo.lift": "D",
    "setSpec": "S",
    "dc:relation": "X",
    "dc:identifier": "X",
    "dc:source": "X",
    "dc:type": "T",
}
_URI_ATTRIBUTES = ("rdf:resource", "rightsURI", "accessRightsURI", "uri", "rightsIdentifier", "xlink:href", "href")
_START_ATTRIBUTES = ("start_date", "startDate")
_END_ATTRIBUTES = ("end_date", "endDate")
_READ_ATTRIBUTES = frozenset(
    name.rpartition(":")[2] for name in (*_URI_ATTRIBUTES, *_START_ATTRIBUTES, *_END_ATTRIBUTES, "dateType")
)
_FIRST_OPEN_DAY = frozenset(
    {
        "dc:relation.resource_exposed_date",
        "xoai:access-status.embargo",
        "xoai:bitstream.embargo",
        "xoai:date.embargo",
        "xoai:embargo.lift",
        "page:embargo.first_day",
    }
)
# EPrints: whether anybody may read the files of an item, some people, or there are none.
_FULL_TEXT = {"public": "open", "restricted": "restricted", "none": "metadata-only"}
_DIGITS = frozenset("0123456789")
_Test = Callable[[str], bool]  # of a value
SETS = {"driver": "open", "open_access": "open", "openaccess": "open", "pmc-open": "open"}


class Read(NamedTuple):
    """A value of a record with what it said; `level` is the level of access evidence (rights.md section 5)."""

    field: Field
    said: Said
    level: int
    start: str | None = None  # licence in force, or free to read, from this day
    end: str | None = None


class Everything(NamedTuple):
    """All that the record's values say, in order."""

    reads: tuple[Read, ...]
    issues: tuple[tuple[Field, str], ...]
    nc_terms: bool


@lru_cache(maxsize=4_096)
def kind_of(element: str) -> str | None:
    """Give the kind of an element: R, L, A, F, D, S, X, T, or None where it is never read."""
    kind = KINDS.get(element)
    if kind is None and element.startswith(("dc:rights", "xoai:rights", "dcterms:rights")):
        return "R"
    return kind


def shown(field: Field) -> str:
    """Give a value with those of its attributes that were read, as `[uri=https://…]text`."""
    read = [f"{name}={value}" for name, value in field.attributes if name.rpartition(":")[2] in _READ_ATTRIBUTES]
    return f"[{' '.join(read)}]{field.value.strip()}" if read else field.value


@lru_cache(maxsize=4_096)
def _kind_at(place: str) -> str | None:
    """Give the kind of a field's element, whichever format it came from."""
    return kind_of(Field(place, 1, "").name)


def speaking(fields: Sequence[Field]) -> list[Field]:
    """Give the fields that may speak of rights: one or two of a record's twenty, and all that its verdict rests on."""
    found = []
    for field in fields:
        place = field.element
        if _kind_at(place) is not None and ((speaks := _test_at(place)) is None or speaks(field.value)):
            found.append(field)
    return found


def speaking_of(groups: Mapping[str, list[Field]]) -> list[Field] | None:
    """Give the same from fields by element; None where several elements speak, whose order is that of the record."""
    found: list[Field] = []
    for place, speaks in _tests_at(tuple(groups)):
        group = groups[place]
        some = group if speaks is None else [one for one in group if speaks(one.value)]
        if some and found:
            return None
        found = some or found
    return found


@lru_cache(maxsize=1_024)
def _tests_at(places: tuple[str, ...]) -> tuple[tuple[str, _Test | None], ...]:
    """Give those places whose fields may speak of rights, each with the test of its values."""
    return tuple((place, _test_at(place)) for place in places if _kind_at(place) is not None)


@lru_cache(maxsize=1_024)
def speaking_sets(sets: tuple[str, ...]) -> tuple[Field, ...]:
    """Give those of a record's sets that may speak of rights."""
    return tuple(speaking([Field("setSpec", n, spec) for n, spec in enumerate(sets, 1)]))


def read_all(fields: Sequence[Field], *, ignore: frozenset[str]) -> Everything:
    """Read every value that may speak of rights; `ignore` are values that say nothing in this repository."""
    reads: list[Read] = []
    issues: list[tuple[Field, str]] = []
    nc_terms = False
    for field in speaking(fields):
        kind = _kind_at(field.element) or ""
        if ignore and kind in "RLA" and field.value.strip().casefold() in ignore:
            reads.append(
                Read(
                    field,
                    Said("license", "ignored", 0.0, void="the repository's profile says that it means nothing"),
                    9,
                )
            )
            continue
        reading, start, end = _read(kind, field)
        if field.format == "page":
            reads += [Read(field, one, ON_PAGE, start, end) for one in _on_page(field, reading)]
            continue
        level = 4 if kind == "S" else 2
        reads += [Read(field, one, level, start or one.start, end) for one in reading.said]
        issues += [(field, code) for code in reading.issues]
        nc_terms = nc_terms or reading.nc_terms
    return Everything(tuple(reads), tuple(issues), nc_terms)


@lru_cache(maxsize=4_096)
def _test_at(place: str) -> _Test | None:
    """Give what tells cheaply whether a link, a date, a set or a type may speak of rights: nearly all do not. None: it may."""
    match _kind_at(place):
        case "X":
            return _may_be_licence
        case "T":
            return _has_bracket
        case "S":
            return _is_named_set
        case "D" if place == "dc:date":
            return _is_no_plain_date
    return None


def _on_page(field: Field, reading: Reading) -> list[Said]:
    """What a page says is trusted less; what stands in the site's furniture, and prose that says nothing, not at all."""
    why = dict(field.attributes).get("unused")
    said = [one._replace(confidence=min(one.confidence, _MOST_ON_PAGE)) for one in reading.said if one.rule != "unread"]
    return [one._replace(void=why) for one in said] if why else said


def _has_bracket(value: str) -> bool:
    return "(" in value


def _is_named_set(value: str) -> bool:
    return value.casefold() in SETS


def _is_no_plain_date(value: str) -> bool:
    return value[:1] not in _DIGITS or "/" in value[:12]


def _may_be_licence(value: str) -> bool:
    return (
        "licen" in value
        or "creativecommons" in value
        or "rightsstatements" in value
        or "LICEN" in value
        or "Licen" in value
    )


def _read(kind: str, field: Field) -> tuple[Reading, str | None, str | None]:
    match kind:
        case "X":
            return read_address(field.value), None, None
        case "D":
            return _read_date(field), None, None
        case "S":
            return _read_set(field.value), None, None
        case "E":
            status = _FULL_TEXT.get(field.value.strip().casefold())
            return Reading((Said("access", "full-text-status", 0.8, access=status),) if status else ()), None, None
        case "J":
            access = "open" if field.value == "true" else "restricted"
            return Reading((Said("access", "accessible-for-free", 0.8, access=access),)), None, None
        case "T":
            return _read_type(field.value), None, None
        case "F":
            start = _day(field, _START_ATTRIBUTES)
            said = Said("access", "free-to-read", 0.95, access="open")
            return Reading((said,)), start, _day(field, _END_ATTRIBUTES)
    attributes = dict(field.attributes)
    if attributes.get("licenseType") == "metadata":
        return (
            Reading((Said("license", "metadata-licence", 0.0, void="it is the licence of the metadata"),)),
            None,
            None,
        )
    start = _day(field, _START_ATTRIBUTES)
    return _with_attributes(field, attributes), start, None


def _with_attributes(field: Field, attributes: dict[str, str]) -> Reading:
    """Attributes and text are read alike; where they name one licence in two versions the address counts."""
    uris = [attributes[name] for name in _URI_ATTRIBUTES if attributes.get(name)]
    if _names_a_licence(attributes.get("rightsURI")):
        uris = [uri for uri in uris if uri != attributes.get("rightsIdentifier")]
    if not uris:
        return read_value(field.value)
    readings = [read_value(uri) for uri in uris]
    text = read_value(field.value)
    said = [one for reading in readings for one in reading.said if one.rule != "unread"]
    said += [one for one in text.said if one.rule != "unread" or not said]
    issues = tuple(
        dict.fromkeys(code for reading in (*readings, text) for code in reading.issues if code != "unknown_license_url")
    )
    return Reading(tuple(dict.fromkeys(said)), issues, text.nc_terms)


def _names_a_licence(uri: str | None) -> bool:
    return uri is not None and any(one.license is not None and one.void is None for one in read_value(uri).said)


def _day(field: Field, names: tuple[str, ...]) -> str | None:
    for name, value in field.attributes:
        if name.rpartition(":")[2] in names:
            return embargo.plain_date(value, last_closed=False)
    return None


def _read_date(field: Field) -> Reading:
    value = field.value
    if field.name in _FIRST_OPEN_DAY:
        return _open_from(value)
    if field.name in {"uketdterms:embargodate", "page:embargo.last_day"}:
        day = embargo.plain_date(value, last_closed=True)
        return Reading((Said("embargo", "embargo-date", 0.9, first_open_day=day),) if day else ())
    if field.name == "datacite:date":
        kind = dict(field.attributes).get("dateType", "").lower()
        day = embargo.plain_date(value, last_closed=False) if kind == "available" else None
        return Reading((Said("embargo", "available-date", 0.8, first_open_day=day),) if day else ())
    if value[:1] in "0123456789" and "/" not in value[:12]:
        return Reading(())
    text = fold(value)
    if text.startswith("no_restriction"):
        return Reading((Said("access", "no-restriction", 0.9, access="open"),))
    end = embargo.of_date(text)
    return Reading((Said("embargo", end.rule, end.confidence, first_open_day=end.first_open_day),) if end else ())


def _open_from(value: str) -> Reading:
    """The first open day as such; DSpace writes `forever` for a file that nobody may open."""
    if value.strip().casefold() == "forever":
        return Reading((Said("access", "embargo-forever", 0.9, access="restricted"),))
    day = embargo.plain_date(value, last_closed=False)
    return Reading((Said("embargo", "embargo-date", 0.9, first_open_day=day),) if day else ())


def _read_set(spec: str) -> Reading:
    access = SETS.get(spec.casefold())
    return Reading((Said("access", "named-set", 0.85, access=access),) if access else ())


def _read_type(value: str) -> Reading:
    if "(" not in value:
        return Reading(())
    term = terms.whole(fold(value))
    return Reading((Said("access", "type-term", 0.85, access=term.access),) if term else ())
