"""What was asked of the search, as conditions of SQL: constants of ours and named values, nothing of the question itself."""

from typing import Any, NamedTuple

from mirror_db.site import asked as reading
from mirror_db.site.asked import Asked

LIVE = "deleted = 0"


class Terms(NamedTuple):
    """Conditions on `records`, their values, and the expression for the full-text index (None: no text, "": nothing can match)."""

    where: str
    values: dict[str, Any]
    match: str | None

    @property
    def narrowed(self) -> bool:
        """Whether there is any condition but that the record is live."""
        return self.where != LIVE

    @property
    def covered(self) -> bool:
        """Whether the index over the facets answers the conditions by itself."""
        return not {"doi", "oai"} & set(self.values)

    def with_match(self, **more: Any) -> dict[str, Any]:
        """Give all values, those of a full-text query among them."""
        return {**self.values, "match": self.match, **more}


def terms(asked: Asked) -> Terms:
    """Give the terms of a search; a DOI or an OAI identifier as the whole text is looked up, not searched for."""
    parts, values = [LIVE], dict[str, Any]()
    for name, value in asked.chosen.items():
        parts.append(f"{name} IS NULL" if value == "" else f"{name} = :{name}")
        values[name] = int(value) if name == "year" and value.lstrip("-").isdecimal() else value
    parts += ["is_open_access = 1"] if asked.open else []
    parts += ["is_cc_by_nc = 1"] if asked.cc_by_nc else []
    match = None
    if doi := reading.doi_in(asked.text):
        parts, values = [*parts, "doi = :doi"], {**values, "doi": doi}
    elif identifier := reading.oai_identifier_in(asked.text):
        parts, values = [*parts, "oai_identifier = :oai"], {**values, "oai": identifier}
    elif asked.text:
        match = reading.match(asked.text)
    return Terms(" AND ".join(parts), values, match)
