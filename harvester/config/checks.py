"""Rules between keys, looked up in the tables as written, so that what breaks them is reported with the rest."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from harvester.config.secrets import ALERTS, fold
from harvester.config.settings import Settings
from harvester.config.tables import KeyPath
from harvester.source import is_loopback, repository_key

_RIGHTS_CHANGED_BY_CONTEXT = ("driver", "openaire")  # DSpace contexts rewrite dc:rights: rights.md 1.5


class Finding(NamedTuple):
    """One broken rule and the key at which it shows."""

    path: KeyPath
    problem: str
    hint: str = ""


def find_contradictions(tree: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Give what cannot hold together in the merged tables; shapes that are wrong altogether are left to the types."""
    repositories = _tables(tree.get("repositories"))
    profiles = _tables(tree.get("profiles"))
    owners: dict[KeyPath, Mapping[str, Any]] = {("defaults",): _table(tree.get("defaults"))}
    owners |= {("repositories", name): table for name, table in repositories.items()}
    profile_tables: dict[KeyPath, Mapping[str, Any]] = {("profiles", name): table for name, table in profiles.items()}
    return (
        *_unknown_profiles(owners, profiles),
        *_two_defaults(owners | profile_tables),
        *_clashing_ids(repositories),
        *_mail(_table(_table(tree.get("alerts")).get("smtp"))),
    )


def find_doubts(settings: Settings) -> tuple[Finding, ...]:
    """Give what works but is probably not meant: shown by `config check`, never an error."""
    return (
        *_doubtful_urls(settings),
        *_doubled_urls(settings),
        *_orphan_secrets(settings),
        *_missing_contact(settings),
    )


def _unknown_profiles(owners: Mapping[KeyPath, Mapping[str, Any]], profiles: Mapping[str, Any]) -> Iterator[Finding]:
    for path, table in owners.items():
        name = table.get("profile")
        if isinstance(name, str) and name not in profiles:
            known = ", ".join(sorted(profiles)) or "none"
            yield Finding((*path, "profile"), f"there is no [profiles.{name}]", f"known: {known}")


def _two_defaults(owners: Mapping[KeyPath, Mapping[str, Any]]) -> Iterator[Finding]:
    for path, table in owners.items():
        older, newer = table.get("rights_default"), table.get("default_access")
        if older is not None and newer is not None and older != newer:
            yield Finding((*path, "rights_default"), "says something else than default_access", "keep one of the two")


def _clashing_ids(repositories: Mapping[str, Any]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in repositories:
        folded = fold(name)
        if folded == ALERTS:
            yield Finding(("repositories", name), "this id is taken: it names the secrets of the alerts")
        if folded in seen:
            yield Finding(("repositories", name), f"in the environment it is the same as {seen[folded]}", "rename one")
        seen.setdefault(folded, name)


def _mail(smtp: Mapping[str, Any]) -> Iterator[Finding]:
    if not smtp.get("host"):
        return
    for key in ("sender", "to"):
        if not smtp.get(key):
            yield Finding(("alerts", "smtp", key), "is missing: alerts.smtp.host is set")


def _doubtful_urls(settings: Settings) -> Iterator[Finding]:
    for name, repository in settings.repositories.items():
        path = ("repositories", name, "base_url")
        parts = urlsplit(repository.base_url)
        if parts.path.rstrip("/").rpartition("/")[2] in _RIGHTS_CHANGED_BY_CONTEXT:
            yield Finding(path, "this DSpace context rewrites dc:rights", "use the context /request")
        if parts.scheme == "http" and fold(name) in settings.secrets and not is_loopback(repository.base_url):
            yield Finding(path, "its credentials would travel unencrypted", "use https")


def _doubled_urls(settings: Settings) -> Iterator[Finding]:
    first: dict[Hashable, str] = {}
    for name, repository in settings.repositories.items():
        earlier = first.setdefault(repository_key(repository.base_url), name)
        if earlier != name:
            yield Finding(("repositories", name, "base_url"), f"is also the address of {earlier}")


def _orphan_secrets(settings: Settings) -> Iterator[Finding]:
    known = {fold(name) for name in settings.repositories} | {ALERTS}
    for owner in settings.secrets:
        if owner not in known:
            yield Finding(("secrets", owner), "no repository has this id", "only a harvest by URL would use it")


def _missing_contact(settings: Settings) -> Iterator[Finding]:
    if not settings.http.contact and settings.repositories:
        yield Finding(("http", "contact"), "is not set", "the daemon needs it: an e-mail or web address")


def _tables(value: Any) -> dict[str, Mapping[str, Any]]:
    return {name: _table(table) for name, table in _table(value).items()}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
