"""Credentials: from the environment or a folder of files, never from TOML.

Environment: OAI_MIRROR_SECRETS__NEWCASTLE__BEARER, ...__BASIC (user:password), ...__HEADER_X_API_KEY.
Folder: files `newcastle.bearer`, `newcastle.basic`, `newcastle.header_x_api_key` in `secrets_dir` or in systemd's
$CREDENTIALS_DIRECTORY. Alerts have two: `alerts.smtp_password` and `alerts.webhook`.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harvester.config.faults import Fault
from harvester.source import SecretHeader

ENVIRONMENT_PREFIX = "OAI_MIRROR_SECRETS__"
ALERTS = "alerts"
# Patterns are compiled where they are first asked: most commands meet no secret.
_KIND = r"(bearer|basic|header_[a-z0-9_]+|smtp_password|webhook)\Z"
_CREDENTIAL_NAME = (
    r"(?i)(pass(word|wd|phrase)?|secrets?|bearer|basic|credentials?|authori[sz]ation|headers?|header_\w+|cookie"
    r"|(api|access|auth|private)_?key|(access|auth|api|bearer)_?token|token|smtp_password)\Z"
)
MASK = "********"


class Secret:
    """A credential: its value never shows in a representation, a log or an error."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Give the value in clear."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({MASK})"

    def __str__(self) -> str:
        return MASK


Secrets = dict[str, dict[str, Secret]]  # folded repository id -> kind -> value


def fold(repository_id: str) -> str:
    """Give an id as it is written in the environment: lower case, every other sign an underscore."""
    return re.sub(r"[^a-z0-9]+", "_", repository_id.lower()).strip("_")


def read_secrets(environ: Mapping[str, str], folder: Path | None) -> tuple[Secrets, tuple[Fault, ...]]:
    """Gather every secret; the environment wins over `folder`, that over systemd's credentials folder."""
    secrets: Secrets = {}
    faults: list[Fault] = []
    systemd = environ.get("CREDENTIALS_DIRECTORY")
    places = [*_from_folder(Path(systemd), faults)] if systemd else []
    places += [*_from_folder(folder, faults)] if folder else []
    for place, owner, kind, value in [*places, *_from_environment(environ, faults)]:
        if problem := _problem(kind, value):
            faults.append(Fault(place, f"{owner}.{kind}", problem))
            continue
        secrets.setdefault(fold(owner), {})[kind] = Secret(value)
    return secrets, tuple(faults)


def secret_headers(secrets: Secrets, repository_id: str) -> tuple[SecretHeader, ...]:
    """Give the request headers that carry a repository's credentials."""
    return tuple(
        _header(kind, secret.get_secret_value()) for kind, secret in secrets.get(fold(repository_id), {}).items()
    )


def refused_keys(place: str, tables: Mapping[str, Any], known: frozenset[str]) -> tuple[Fault, ...]:
    """Give a fault for every key of a TOML file that looks like a credential; its value is never repeated."""
    return tuple(
        Fault(place, ".".join(path), "credentials do not belong in TOML", _instead(path))
        for path in _paths(tables)
        if path[-1] not in known and re.match(_CREDENTIAL_NAME, path[-1]) and not _is_name(path)
    )


def _is_name(path: tuple[str, ...]) -> bool:
    """Tell whether the last word is a name given by the user rather than a key of ours."""
    return len(path) > 1 and (
        path[-2] in ("access_terms", "set_map") or path[:-1] in (("repositories",), ("profiles",))
    )


def _instead(path: tuple[str, ...]) -> str:
    owner = fold(path[1]) if len(path) > 2 and path[0] == "repositories" else "NAME"
    if path[0] == ALERTS:
        return f"set {ENVIRONMENT_PREFIX}ALERTS__SMTP_PASSWORD or a file alerts.smtp_password in secrets_dir"
    return f"set {ENVIRONMENT_PREFIX}{owner.upper()}__BEARER, __BASIC or __HEADER_X, or a file in secrets_dir"


def _paths(tables: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in tables.items():
        yield (*above, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*above, key))


_Found = tuple[str, str, str, str]  # place, owner, kind, value


def _from_environment(environ: Mapping[str, str], faults: list[Fault]) -> Iterator[_Found]:
    for name, value in environ.items():
        if not name.upper().startswith(ENVIRONMENT_PREFIX):
            continue
        owner, _, kind = name[len(ENVIRONMENT_PREFIX) :].lower().partition("__")
        if owner and re.match(_KIND, kind):
            yield "environment", owner, kind, value
            continue
        faults.append(
            Fault("environment", name, "is not a secret's name", "it ends in __BEARER, __BASIC or __HEADER_X")
        )


def _from_folder(folder: Path, faults: list[Fault]) -> Iterator[_Found]:
    """Read the files whose names end like a secret's; others belong to someone else."""
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        faults.append(Fault(str(folder), "", f"the secrets folder cannot be read: {error.strerror}"))
        return
    for path in files:
        owner, _, kind = path.name.rpartition(".")
        if not owner or not re.match(_KIND, kind.lower()):
            continue
        try:
            yield str(path), owner, kind.lower(), path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(Fault(str(path), "", "the secret cannot be read"))


def _problem(kind: str, value: str) -> str | None:
    if not value:
        return "is empty"
    if not value.isprintable() or (not value.isascii() and kind.startswith(("bearer", "header_"))):
        return "goes into an HTTP header: it must be printable ASCII on one line"
    if kind == "basic" and ":" not in value:
        return "must be user:password"
    return None


def _header(kind: str, value: str) -> SecretHeader:
    if kind == "bearer":
        return SecretHeader("Authorization", f"Bearer {value}")
    if kind == "basic":
        return SecretHeader("Authorization", "Basic " + base64.b64encode(value.encode()).decode("ascii"))
    return SecretHeader(kind.removeprefix("header_").replace("_", "-").title(), value)
