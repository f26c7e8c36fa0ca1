"""Find the configuration's files and read them: TOML, UTF-8, every fault with its place."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from harvester.config.faults import ConfigError, Fault

MACHINE_FILE = "harvester.toml"
REPOSITORIES_FILE = "repositories.toml"
_REPOSITORIES_KEYS = ("schema_version", "defaults", "profiles", "repositories")
_POSITION = r"\(at (?:line (\d+), column (\d+)|end of document)\)"


class TomlFile(NamedTuple):
    """One file as read: its path and its tables."""

    path: Path
    tables: dict[str, Any]


def locate(flag: Path | None, environ: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Give the files that hold the configuration, none when there is none.

    Order: `flag` (--config), OAI_MIRROR_CONFIG, config/harvester.toml under `folder`, the user's config folder.
    The first two may name a folder and must exist: raises ConfigError otherwise. repositories.toml is
    taken from beside harvester.toml.
    """
    if flag is not None:
        return _named(flag, "command line", "--config")
    if environ.get("OAI_MIRROR_CONFIG"):
        return _named(_absolute(environ["OAI_MIRROR_CONFIG"], folder), "environment", "OAI_MIRROR_CONFIG")
    for candidate in (folder / "config", user_folder(environ)):
        if found := _beside(candidate / MACHINE_FILE):
            return found
    return ()


def user_folder(environ: Mapping[str, str]) -> Path:
    """Give the user's folder for this program: %APPDATA% on Windows, else $XDG_CONFIG_HOME or ~/.config."""
    base = environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME") or ""
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".config") / "oai-mirror"


def read_toml(path: Path) -> TomlFile:
    """Read one TOML file; a byte order mark is let pass. Raises ConfigError with line and column."""
    import tomllib  # takes 2 ms, and there may be no file

    try:
        return TomlFile(path, tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise ConfigError([Fault(str(path), "", f"cannot be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start + 1})"
        raise ConfigError([Fault(str(path), "", problem, "save the file as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_fault(path, str(error))]) from error


def misplaced(file: TomlFile) -> tuple[Fault, ...]:
    """Give a fault for every table that does not belong in repositories.toml."""
    if file.path.name != REPOSITORIES_FILE:
        return ()
    return tuple(
        Fault(str(file.path), key, "does not belong in this file", f"move it to {MACHINE_FILE} beside it")
        for key in file.tables
        if key not in _REPOSITORIES_KEYS
    )


def _named(path: Path, place: str, key: str) -> tuple[Path, ...]:
    target = path.expanduser()
    found = _beside(target / MACHINE_FILE if target.is_dir() else target)
    if not found:
        raise ConfigError([Fault(place, key, f"there is no configuration at {target}")])
    return found


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(file for file in (path, path.parent / REPOSITORIES_FILE) if file.is_file()))


def _absolute(text: str, folder: Path) -> Path:
    return folder / Path(text).expanduser()


def _syntax_fault(path: Path, message: str) -> Fault:
    match = re.search(_POSITION, message)
    where = f"line {match[1]}, column {match[2]}" if match and match[1] else "the end of the file"
    return Fault(str(path), "", f"is not valid TOML at {where}: {re.sub(_POSITION, '', message).strip()}")
