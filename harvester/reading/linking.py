"""The identifiers of a record with their roles, the one DOI, the landing page and the file (dublin-core.md sections 3 and 8)."""

from harvester.reading.assemble import Draft
from harvester.reading.fields import Field
from harvester.reading.values import containers, identifiers, text
from harvester.reading.values.identifiers import Found
from mirror_db.model import Identifier

_SHORT_TITLE = 15  # letters: what is shorter may stand in any text
_OWN = frozenset({"self", "version_of_record"})
_ROLE_AT = Identifier._fields.index("role")
_DOI_HOSTS = frozenset({"doi.org", "www.doi.org", "dx.doi.org", "dx.www.doi.org"})
_ELEMENTS = (
    "dc:identifier",
    "dc:relation",
    "dc:source",
    "dcterms:bibliographicCitation",
    "dcterms:isPartOf",
    "dcterms:isReferencedBy",
)


def read_identifiers(draft: Draft) -> None:
    """Read identifiers, relations and sources: parts, roles, then the columns that hang on them."""
    for element in _ELEMENTS:
        for field, value in draft.texts(element):
            _read(draft, element, field, value)
    _settle_dois(draft)
    _settle_links(draft)


def _read(draft: Draft, element: str, field: Field, value: str) -> None:
    found = identifiers.find(value)
    is_citation = (
        element in {"dc:identifier", "dcterms:bibliographicCitation"}
        and not _only_identifier(found, value)
        and (containers.is_citation(value) or _holds_title(draft, value))
    )
    for one in found:
        if one.issue:
            draft.issue(field.element, field.ordinal, one.issue, value)
        role = _role(draft, element, one, value, is_citation)
        draft.identifiers.append(
            Identifier(
                field.element,
                field.ordinal,
                one.scheme,
                one.identifier,
                role,
                one.qualifier,
                one.url,
                int(one.valid),
                field.value,
            )
        )
    if is_citation:
        _keep_citation(draft, value)
    elif element in {"dc:source", "dcterms:bibliographicCitation", "dcterms:isPartOf"} or (
        element == "dc:relation" and not found
    ):
        _keep_source(draft, element, value, bool(found))
    elif not found and element == "dc:identifier":
        container = containers.read(value)
        if container is not None:
            _fill_container(draft, container)
        draft.identifiers.append(
            Identifier(field.element, field.ordinal, "other", value[:500], "other", None, None, 1, field.value)
        )


def _holds_title(draft: Draft, value: str) -> bool:
    """A long value around the record's own title is the citation of the item."""
    title = draft.columns.get("title")
    if title is None or len(title) < _SHORT_TITLE or len(value) < len(title) + _SHORT_TITLE:
        return False
    return text.match_key(title) in text.match_key(value)


def _only_identifier(found: tuple[Found, ...], value: str) -> bool:
    return bool(found) and " " not in value.strip() and any(one.bare for one in found)


def _role(draft: Draft, element: str, one: Found, value: str, is_citation: bool) -> str:
    if one.scheme == "issn":
        return "journal"
    if one.scheme == "funding":
        return "funding"
    if one.scheme == "orcid":
        return "other"
    if one.scheme == "url":
        if element == "dc:identifier" and one.bare:
            return one.kind or "landing"
        return "related"
    lower = value.lower()
    if one.scheme == "doi":
        return _doi_role(draft, element, one, lower, is_citation)
    if "altidentifier" in lower:
        return "version_of_record"
    if element == "dc:identifier" and not is_citation:
        return "self"
    return "related"


def _doi_role(draft: Draft, element: str, one: Found, lower: str, is_citation: bool) -> str:
    prefixes = draft.profile.doi_prefixes
    if prefixes and any(one.identifier.startswith(f"{prefix}/") for prefix in prefixes):
        return "self"
    if "/reference/" in lower:
        return "related"
    if "altidentifier" in lower:
        return "version_of_record"
    if element != "dc:identifier":
        return "related"
    if not is_citation:
        return "version_of_record" if one.bare or lower.startswith("doi") else "related"
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
    dois = [(at, row) for at, row in enumerate(rows) if row.scheme == "doi" and row.valid]
    if len(dois) < 2:  # one DOI can neither contradict nor be part of another
        for _, row in dois:
            if row.role in _OWN:
                draft.columns["doi"] = row.identifier
        return
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
    rows = draft.identifiers
    files = [row for row in rows if row.role == "file"]
    if files:
        draft.columns["file_url"] = files[0].url
    landing = [row for row in rows if row.role == "landing"]
    draft.columns["has_fulltext_link"] = int(bool(files) or (bool(landing) and _is_pdf(draft)))
    landing = [row for row in landing if not _is_doi_url(row.url)]
    if not landing:
        landing = _landing_in_relation(draft, files)
    if not landing:
        landing = [row for row in rows if row.scheme == "handle" and row.role == "self" and row.url]
    if landing:
        draft.columns["landing_url"] = landing[0].url


def _is_pdf(draft: Draft) -> bool:
    return any("pdf" in field.value.lower() for field in draft.of("dc:format"))


def _landing_in_relation(draft: Draft, files: list[Identifier]) -> list[Identifier]:
    hosts = {_host(row.url) for row in files}
    for at, row in enumerate(draft.identifiers):
        is_link = row.scheme == "url" and row.element == "dc:relation" and row.value.strip().startswith("http")
        if (
            is_link
            and not _is_doi_url(row.url)
            and (_host(row.url) in hosts if hosts else row.ordinal == 1 and not draft.columns.get("doi"))
        ):
            landing = draft.identifiers[at] = _with_role(row, "landing")
            return [landing]
    return []


def _with_role(row: Identifier, role: str) -> Identifier:
    """Give the row with another role, by position: `_replace` takes thrice as long."""
    return Identifier._make((*row[:_ROLE_AT], role, *row[_ROLE_AT + 1 :]))


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
    if draft.columns.get("container"):
        return
    draft.columns["container"] = found.title
    draft.columns["container_volume"] = found.volume
    draft.columns["container_issue"] = found.issue
    draft.columns["first_page"] = found.first_page
    draft.columns["last_page"] = found.last_page
