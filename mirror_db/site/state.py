"""What the plugin knows of one Datasette: its mirrors, found when it is first asked."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from mirror_db.site import mirrors

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "oai-mirror"
_KNOWN: WeakKeyDictionary[Datasette, State] = (
    WeakKeyDictionary()
)  # a cache: Datasette has no place for plugins' own values


@dataclass(frozen=True, slots=True)
class State:
    """The names of the databases that are mirrors, and Datasette's metadata for them."""

    mirrors: tuple[str, ...]
    metadata: dict[str, Any]

    @property
    def first(self) -> str | None:
        """The mirror that home, search and record pages show."""
        return self.mirrors[0] if self.mirrors else None

    def tables(self, database: str) -> dict[str, Any]:
        """Give the metadata of a mirror's tables by name; nothing for a database that is no mirror."""
        if database not in self.mirrors:
            return {}
        tables: dict[str, Any] = self.metadata["databases"][database]["tables"]
        return tables


def of(datasette: Datasette) -> State:
    """Give what is known of this Datasette; a file is looked at once."""
    known = _KNOWN.get(datasette)
    if known is None:
        known = _look(datasette)
        _KNOWN[datasette] = known
    return known


def robots_welcome(datasette: Datasette) -> bool:
    """Tell whether the operator lets search engines in: `{"plugins": {"oai-mirror": {"robots": true}}}`."""
    plugins = datasette._metadata_local.get("plugins") or {}
    return bool((plugins.get(PLUGIN) or {}).get("robots"))


def _look(datasette: Datasette) -> State:
    found = {
        name: mirrors.mirror_at(str(db.path), immutable=not db.is_mutable)
        for name, db in datasette.databases.items()
        if db.path
    }
    described = {name: one for name, one in found.items() if one is not None}
    databases = {name: mirrors.database_metadata(one) for name, one in described.items()}
    return State(tuple(described), {"databases": databases} if databases else {})
