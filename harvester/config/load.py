"""From files and environment to settings, every fault at once.

locate -> read the files -> merge them -> lay the environment over -> validate -> Loaded | ConfigError
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from harvester.config.checks import Finding, find_contradictions, find_doubts
from harvester.config.faults import ENVIRONMENT, ConfigError, Fault
from harvester.config.files import TomlFile, locate, misplaced, read_toml
from harvester.config.plain import plainly_valid
from harvester.config.secrets import ENVIRONMENT_PREFIX, fold, read_secrets, refused_keys
from harvester.config.settings import ENVIRONMENT_ONLY, PREFIX, Settings
from harvester.config.tables import KeyPath, tables_of

_PATH_KEYS = ("database", "secrets_dir")
_SHARED_TABLES = ("defaults", "profiles", "repositories")
_UNSET_WHEN_EMPTY = frozenset(f"{PREFIX}{key.upper()}" for key in (*_PATH_KEYS, "today"))  # as compose files pass them
_DEFAULT_DATABASE = "mirror.db"

Tree = dict[str, Any]
Origins = dict[KeyPath, str]


class Loaded(NamedTuple):
    """Settings that are valid, and where they came from."""

    settings: Settings
    files: tuple[Path, ...]  # none: defaults and environment only
    origins: Mapping[KeyPath, str]  # key -> file or "environment"; a key that is not here has its default
    doubts: tuple[Fault, ...]  # works, but is probably not meant
    folder: Path  # the current folder, for paths that nobody configured

    def database(self, flag: Path | None = None) -> Path:
        """Give the mirror's file: `flag` (--db), OAI_MIRROR_DATABASE, the file's `database`, else mirror.db here."""
        return flag or self.settings.database or self.folder / _DEFAULT_DATABASE


def load(config: Path | None = None, *, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Loaded:
    """Load the settings; `config` is --config, `folder` the current one.

    Raises ConfigError with every fault found; without any file the defaults hold.
    """
    environ = os.environ if environ is None else environ
    folder = Path.cwd() if folder is None else folder
    faults: list[Fault] = []
    files = _read_all(locate(config, environ, folder), faults)
    tree, origins = _merge_files(files, faults)
    _lay_over(tree, origins, _environment(environ, tree, folder, faults))
    tree["secrets"], secret_faults = read_secrets(environ, _as_path(tree.get("secrets_dir")))
    faults += [*secret_faults, *_placed(find_contradictions(tree), origins)]
    settings = _validate(tree, origins, faults)
    if settings is None or faults:
        raise ConfigError(dict.fromkeys(faults))
    doubts = _placed(find_doubts(settings), origins)
    return Loaded(settings, tuple(file.path for file in files), origins, tuple(doubts), folder)


def _read_all(paths: tuple[Path, ...], faults: list[Fault]) -> list[TomlFile]:
    files = []
    for path in paths:
        try:
            files.append(read_toml(path))
        except ConfigError as error:
            faults += error.faults
    return files


def _merge_files(files: list[TomlFile], faults: list[Fault]) -> tuple[Tree, Origins]:
    """Lay the files together; a credential, a key in two files and a key of the environment alone are faults."""
    tree: Tree = {}
    origins: Origins = {}
    for file in files:
        place = str(file.path)
        refused = refused_keys(place, file.tables, _known_keys())
        faults += [*refused, *misplaced(file), *_environment_only(place, file.tables)]
        tables = _without({fault.key for fault in (*refused, *misplaced(file))}, file.tables)
        for key in ENVIRONMENT_ONLY:
            tables.pop(key, None)
        _resolve_paths(tables, file.path.parent)
        for path, value in _leaves(tables):
            if path in origins and value != {} and path != ("schema_version",):
                faults.append(Fault(place, ".".join(path), f"is also given in {origins[path]}", "keep one of the two"))
        _lay_over(tree, origins, (tables, dict.fromkeys((path for path, _ in _leaves(tables)), place)))
    return tree, origins


def _known_keys() -> frozenset[str]:
    known = {key for _, table in tables_of(Settings) for key in table.declared}
    return frozenset(known - {"secrets"})


def _environment_only(place: str, tables: Tree) -> list[Fault]:
    return [
        Fault(place, key, "is read from the environment only", f"set {PREFIX}{key.upper()}")
        for key in ENVIRONMENT_ONLY
        if key in tables and key != "secrets"
    ]


def _environment(environ: Mapping[str, str], tree: Tree, folder: Path, faults: list[Fault]) -> tuple[Tree, Origins]:
    """Give the environment's settings; names of repositories are matched without regard to `-` and `.`."""
    ours = {name: value for name, value in environ.items() if _is_setting(name, value)}
    if not ours:
        return {}, {}
    from harvester.config.environment import Environment, unknown_names  # pydantic-settings takes 15 ms

    faults += unknown_names(ours)
    found = Environment(ours)()
    for key in ("repositories", "profiles"):
        names = {fold(name): name for name in _table(tree, key)}
        if isinstance(found.get(key), dict):
            found[key] = {names.get(fold(name), name): table for name, table in found[key].items()}
    _resolve_paths(found, folder)
    return found, dict.fromkeys((path for path, _ in _leaves(found)), ENVIRONMENT)


def _is_setting(name: str, value: str) -> bool:
    upper = name.upper()
    if not upper.startswith(PREFIX) or upper.startswith(ENVIRONMENT_PREFIX) or upper == f"{PREFIX}CONFIG":
        return False
    return bool(value) or upper not in _UNSET_WHEN_EMPTY


def _validate(tree: Tree, origins: Origins, faults: list[Fault]) -> Settings | None:
    if (plain := plainly_valid(Settings, tree)) is not None:
        return plain
    from harvester.config.validation import validated  # pydantic takes 75 ms

    found = validated(Settings, tree, lambda path: place_of(path, origins))
    if isinstance(found, Settings):
        return found
    faults += found
    return None


def place_of(path: KeyPath, origins: Mapping[KeyPath, str]) -> str:
    """Give the file or source in which a key stands, or else the one that holds its nearest table."""
    for length in range(len(path), -1, -1):
        for known, place in origins.items():
            if known[:length] == path[:length]:
                return place
    return ENVIRONMENT


def _placed(findings: tuple[Finding, ...], origins: Origins) -> list[Fault]:
    return [
        Fault(place_of(finding.path, origins), ".".join(finding.path), finding.problem, finding.hint)
        for finding in findings
    ]


def _lay_over(tree: Tree, origins: Origins, above: tuple[Tree, Origins]) -> None:
    tables, places = above
    _merge(tree, tables)
    origins.update(places)


def _merge(below: Tree, above: Tree) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _merge(below[key], value)
        else:
            below[key] = value


def _resolve_paths(tables: Tree, folder: Path) -> None:
    for key in _PATH_KEYS:
        if isinstance(tables.get(key), str):
            tables[key] = (folder / Path(tables[key]).expanduser()).resolve()


def _leaves(tables: Tree, above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in tables.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _without(dotted: set[str], tables: Tree, above: KeyPath = ()) -> Tree:
    kept = {key: value for key, value in tables.items() if ".".join((*above, key)) not in dotted}
    return {
        key: _without(dotted, value, (*above, key)) if isinstance(value, dict) else value for key, value in kept.items()
    }


def _table(tree: Tree, key: str) -> Tree:
    value = tree.get(key)
    return value if isinstance(value, dict) else {}


def _as_path(value: Any) -> Path | None:
    return value if isinstance(value, Path) else None
