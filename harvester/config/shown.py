"""The effective settings as lines that may be shown: each key, its value in words, and where it came from; secrets masked."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from harvester.config.load import Loaded
from harvester.config.repository import Repository, RepositoryKeys
from harvester.config.secrets import MASK, Secret
from harvester.config.settings import ENVIRONMENT_ONLY
from harvester.config.sources import Agreed, source_of
from harvester.config.tables import KeyPath, Table

_TABLES_OF_NAMES = ("secrets", "profiles", "repositories", "defaults")


class Shown(NamedTuple):
    """One setting: its dotted key, its value as JSON has it, and its origin (a file, environment, default)."""

    key: str
    value: Any
    origin: str


def shown_settings(loaded: Loaded) -> tuple[Shown, ...]:
    """Give every key of the machine's tables, and of defaults, profiles and repositories those that somebody wrote."""
    settings = loaded.settings
    return (
        Shown("database", str(loaded.database()), _origin(loaded, ("database",))),
        *_machine(loaded, settings, ()),
        *_written(loaded, ("defaults",), settings.defaults),
        *(line for name, table in settings.profiles.items() for line in _written(loaded, ("profiles", name), table)),
        *(
            line
            for name, table in settings.repositories.items()
            for line in _written(loaded, ("repositories", name), table)
        ),
        *_secrets(loaded),
    )


def shown_repository(loaded: Loaded, name: str) -> tuple[Shown, ...]:
    """Give every key that holds for one repository, whoever set it: itself, its profile, the defaults, the program.

    Raises ConfigError with the nearest names where there is no such repository.
    """
    source_of(loaded.settings, name)
    repository = loaded.settings.repositories[name]
    agreed = Agreed(loaded.settings, repository)
    own = tuple(key for key in Repository.declared if key not in RepositoryKeys.declared)
    return (
        *(Shown(key, plain(getattr(repository, key)), _origin(loaded, ("repositories", name, key))) for key in own),
        *(
            Shown(key, plain(agreed(key)), _home(loaded, agreed, name, key))
            for key in RepositoryKeys.declared
            if key != "profile" or agreed("profile")
        ),
    )


def plain(value: Any) -> Any:
    """Give a value in JSON's kinds; a secret as a mask."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Table):
        return {key: plain(inner) for key, inner in value}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _machine(loaded: Loaded, table: Table, above: KeyPath) -> Iterator[Shown]:
    for key, value in table:
        path = (*above, key)
        if not above and (key in _TABLES_OF_NAMES or key == "database"):
            continue
        if isinstance(value, Table):
            yield from _machine(loaded, value, path)
        elif value is not None or path[0] not in ENVIRONMENT_ONLY:
            shown = _without_path(value) if path == ("alerts", "webhook") else plain(value)
            yield Shown(".".join(path), shown, _origin(loaded, path))


def _without_path(webhook: str | None) -> str | None:
    """Give the host alone: chat services put the key into the path."""
    if webhook is None:
        return None
    parts = urlsplit(webhook)
    return f"{parts.scheme}://{parts.netloc}/{MASK}"


def _written(loaded: Loaded, path: KeyPath, table: Table) -> Iterator[Shown]:
    for key in table.declared:
        if key in table.stated:
            yield Shown(".".join((*path, key)), plain(getattr(table, key)), _origin(loaded, (*path, key)))


def _secrets(loaded: Loaded) -> Iterator[Shown]:
    for owner, kinds in loaded.settings.secrets.items():
        for kind in kinds:
            yield Shown(f"secrets.{owner}.{kind}", MASK, "environment or secrets folder")


def _home(loaded: Loaded, agreed: Agreed, name: str, key: str) -> str:
    home = agreed.home(key)
    if home == "repository":
        return _origin(loaded, ("repositories", name, key))
    if home == "profile":
        return f"profile {agreed('profile')}"
    return "[defaults]" if home == "defaults" else "default"


def _origin(loaded: Loaded, path: KeyPath) -> str:
    for known, place in loaded.origins.items():
        if known[: len(path)] == path:
            return place
    return "default"
