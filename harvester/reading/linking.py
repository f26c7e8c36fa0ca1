"""The identifiers of a record with their roles, the one DOI, the landing page and the file (dublin-core.md sections 3 and 8)."""

from collections.abc import Sequence

from harvester.reading.assemble import Draft
from harvester.reading.fields import Field
from harvester.reading.values import containers, identifiers, text
from harvester.reading.values.identifiers import Found
from mirror_db.model import Identifier

_SHORT_TITLE = 15  # letters: what is shorter may stand in any text
_OWN = frozenset({"self", "version_of_record"})
_SCHEME_AT, _ROLE_AT = map(Identifier._fields.index, ("scheme", "role"))
_DOI_HOSTS = frozenset({"doi.org", "www.doi.org", "dx.doi.org", "dx.www.doi.org"})
_CITING = frozenset({"dc:identifier", "dcterms:bibliographicCitation"})
_MOSTLY_ADDRESSES = frozenset({"dc:identifier", "dc:relation"})
_TELLING_WHERE = frozenset({"dc:source", "dcterms:bibliographicCitation", "dcterms:isPartOf"})
_ALWAYS = {"issn": "journal", "funding": "funding", "orcid": "other"}
_new = tuple.__new__
_ELEMENTS = (
    "dc:identifier",
    "dc:relation",
    "dc:source",
    "dcterms:bibliographicCitation",
    "dcterms:isPartOf",
    "dcterms:isReferencedBy",
)


def read_identifiers(draft: Draft) -> None:
    """Read identifiers, relations and sources: parts and roles."""
    named = draft.named
    for element in _ELEMENTS:
        if element in named:
            _read_element(draft, element, named[element])


def settle_identifiers(draft: Draft) -> None:
    """Settle roles among all identifiers, and the columns that hang on them."""
    if draft.identifiers:
        _settle_dois(draft)
        _settle_links(draft)


def _read_element(draft: Draft, element: str, fields: Sequence[Field]) -> None:
    met: set[str] = set()  # texts: each once
    odd: list[tuple[str, int, str, str]] = []  # told behind what was odd in the texts themselves
    are_addresses = element in _MOSTLY_ADDRESSES
    for field in fields:
        value = field.value
        address = identifiers.plain_address(value) if are_addresses else None
        if address is None:
            value = draft.said(field)
        if not value or value in met:
            continue
        met.add(value)
        if address is None:
            odd += _read(draft, element, field, value)
        else:
            _take_address(draft, element, field, *address)
    for issue in odd:
        draft.issue(*issue)


def _take_address(draft: Draft, element: str, field: Field, kind: str, doi: str | None) -> None:
    """Take an address that is the whole value, and the DOI in it."""
    at, ordinal, value = field[:3]
    if doi is not None:
        lower = doi.lower()
        role = _doi_role(draft, element, lower, value.lower(), is_bare=True, is_citation=False)
        row = (at, ordinal, "doi", lower, role, None, f"https://doi.org/{doi}", 1, value)
        draft.identifiers.append(_new(Identifier, row))
    role = kind if element == "dc:identifier" else "related"
    draft.identifiers.append(_new(Identifier, (at, ordinal, "url", value, role, None, value, 1, value)))


def _read(draft: Draft, element: str, field: Field, value: str) -> list[tuple[str, int, str, str]]:
    """Read a value that is no plain address, and give the issues of the identifiers in it."""
    found = identifiers.find_any(value)
    is_citation = (
        element in _CITING
        and not _only_identifier(found, value)
        and (containers.is_citation(value) or _holds_title(draft, value))
    )
    at, ordinal, raw = field[:3]
    for one in found:
        scheme, identifier, url, valid, qualifier, _, _, _ = one
        role = _role(draft, element, one, value, is_citation)
        row = (at, ordinal, scheme, identifier, role, qualifier, url, int(valid), raw)
        draft.identifiers.append(_new(Identifier, row))
    if is_citation:
        _keep_citation(draft, value)
    elif element in _TELLING_WHERE or (not found and element == "dc:relation"):
        _keep_source(draft, element, value, bool(found))
    elif not found and element == "dc:identifier":
        container = containers.read(value)
        if container is not None:
            _fill_container(draft, container)
        draft.identifiers.append(Identifier(at, ordinal, "other", value[:500], "other", None, None, 1, raw))
    return [(at, ordinal, one.issue, value) for one in found if one.issue]


def _holds_title(draft: Draft, value: str) -> bool:
    """A long value around the record's own title is the citation of the item."""
    title = draft.columns.get("title")
    if title is None or len(title) < _SHORT_TITLE or len(value) < len(title) + _SHORT_TITLE:
        return False
    return text.match_key(title) in text.match_key(value)


def _only_identifier(found: tuple[Found, ...], value: str) -> bool:
    return bool(found) and " " not in value and (found[0].bare or any(one.bare for one in found))


def _role(draft: Draft, element: str, one: Found, value: str, is_citation: bool) -> str:
    scheme = one.scheme
    if scheme == "url":
        if element == "dc:identifier" and one.bare:
            return one.kind or "landing"
        return "related"
    if scheme in _ALWAYS:
        return _ALWAYS[scheme]
    lower = value.lower()
    if scheme == "doi":
        return _doi_role(draft, element, one.identifier, lower, is_bare=one.bare, is_citation=is_citation)
    if "altidentifier" in lower:
        return "version_of_record"
    if element == "dc:identifier" and not is_citation:
        return "self"
    return "related"


def _doi_role(draft: Draft, element: str, doi: str, lower: str, *, is_bare: bool, is_citation: bool) -> str:
    prefixes = draft.profile.doi_prefixes
    if prefixes and any(doi.startswith(f"{prefix}/") for prefix in prefixes):
        return "self"
    if "/reference/" in lower:
        return "related"
    if "altidentifier" in lower:
        return "version_of_record"
    if element != "dc:identifier":
        return "related"
    if not is_citation:
        return "version_of_record" if is_bare or lower.startswith("doi") else "related"
    return "version_of_record" if _is_own_citation(draft, lower) else "related"


def _is_own_citation(draft: Draft, lower: str) -> bool:
    """A citation is the item's own if it begins with one of its creators or its title."""
    start = text.match_key(lower[:200])
    title = draft.columns.get("title")
    if title and start.startswith(text.match_key(title)[:40]):
        return True
    families = (text.match_key(one.family or one.name) for one in draft.creators[:10])
    return any(family and start.startswith(family) for family in families)


def _settle_dois(draft: Draft) -> None:
    """One DOI is the record's only when no other could be: several leave the column empty (never guessed)."""
    rows = draft.identifiers
    schemes = [row[_SCHEME_AT] for row in rows]
    if "doi" not in schemes:
        return
    if schemes.count("doi") == 1:  # one DOI can neither contradict nor be part of another
        row = rows[schemes.index("doi")]
        if row.valid and row.role in _OWN:
            draft.columns["doi"] = row.identifier
        return
    dois = [(at, row) for at, row in enumerate(rows) if row.scheme == "doi" and row.valid]
    stated = {row.identifier for _, row in dois if row.element == "dc:identifier"}
    related = {row.identifier for _, row in dois if row.element == "dc:relation"}
    for at, row in dois:
        if row.role == "related" and row.identifier in stated & related:  # EPrints prints id_number in both
            rows[at] = _with_role(row, "version_of_record")
        if any(other != row.identifier and row.identifier.startswith(f"{other}/") for other in stated):
            rows[at] = _with_role(row, "part")
    own = {rows[at].identifier for at, _ in dois if rows[at].role in _OWN}
    selves = {rows[at].identifier for at, _ in dois if rows[at].role == "self"}
    chosen = selves if len(selves) == 1 else own
    if len(chosen) == 1:
        draft.columns["doi"] = chosen.pop()
    elif len(own) > 1:
        draft.issue("dc:identifier", 0, "doi_several", ", ".join(sorted(own)))


def _settle_links(draft: Draft) -> None:
    """The landing page: an address of the item, else its handle, else (as EPrints prints it) the first relation."""
    rows, columns = draft.identifiers, draft.columns
    roles = [row[_ROLE_AT] for row in rows]
    has_file, has_landing = "file" in roles, "landing" in roles
    if has_file:
        columns["file_url"] = rows[roles.index("file")].url
    columns["has_fulltext_link"] = int(has_file or (has_landing and _is_pdf(draft)))
    landing = None
    if has_landing:
        landing = next((row.url for row in rows if row.role == "landing" and not _is_doi_url(row.url)), None)
    if landing is None and "self" in roles:
        landing = next((row.url for row in rows if row.scheme == "handle" and row.role == "self" and row.url), None)
    if landing is None:
        landing = _landing_in_relation(draft)
    if landing is not None:
        columns["landing_url"] = landing


def _is_pdf(draft: Draft) -> bool:
    return any("pdf" in field.value.lower() for field in draft.of("dc:format"))


def _landing_in_relation(draft: Draft) -> str | None:
    """Find the address that EPrints prints as a relation: on the host of the item's files, or the first; no DOI's."""
    if "dc:relation" not in draft.groups:
        return None
    hosts = {_host(row.url) for row in draft.identifiers if row.role == "file"}
    if not hosts and draft.columns.get("doi"):
        return None
    for at, row in enumerate(draft.identifiers):
        if row.scheme != "url" or row.element != "dc:relation":
            continue
        host = _host(row.url)
        is_his = host in hosts if hosts else row.ordinal == 1
        if is_his and host not in _DOI_HOSTS and row.value.lstrip().startswith("http"):
            draft.identifiers[at] = _with_role(row, "landing")
            return row.url
    return None


def _with_role(row: Identifier, role: str) -> Identifier:
    """Give the row with another role, by position: `_replace` takes thrice as long."""
    changed: Identifier = _new(Identifier, row[:_ROLE_AT] + (role,) + row[_ROLE_AT + 1 :])  # noqa: RUF005 - half the cost
    return changed


def _host(url: str | None) -> str:
    parts = url.split("/", 3) if url else ()
    return parts[2] if len(parts) > 2 else ""


def _is_doi_url(url: str | None) -> bool:
    return url is not None and "doi.org" in url and _host(url) in _DOI_HOSTS


def _keep_citation(draft: Draft, value: str) -> None:
    draft.columns.setdefault("citation", value)
    container = containers.of_citation(value)
    if container is not None:
        _fill_container(draft, container)


def _keep_source(draft: Draft, element: str, value: str, has_identifier: bool) -> None:
    container = containers.read(value)
    if container is not None:
        _fill_container(draft, container)
    elif element == "dc:source" and not has_identifier:
        draft.columns.setdefault("source_text", value)
    elif element == "dcterms:bibliographicCitation":
        draft.columns.setdefault("citation", value)


def _fill_container(draft: Draft, found: containers.Container) -> None:
    columns = draft.columns
    if columns.get("container"):
        return
    columns["container"] = found.title
    columns["container_volume"] = found.volume
    columns["container_issue"] = found.issue
    columns["first_page"] = found.first_page
    columns["last_page"] = found.last_page
