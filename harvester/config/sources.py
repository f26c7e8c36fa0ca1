"""From settings to sources: what a run needs to know about each repository, by name, by URL, or all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harvester.config.faults import ConfigError, Fault
from harvester.config.repository import ProfileTable, Repository, RepositoryKeys
from harvester.config.secrets import secret_headers
from harvester.config.settings import Settings
from harvester.reading.profile import Profile
from harvester.source import Manners, Pages, Source, is_loopback, read_hours, same_repository, source_from_url, unpaced

_COMMAND_LINE = "command line"
_STRICT_CONFIDENCE = 0.8  # rights.md section 5, thresholds


def select(
    settings: Settings, names_or_urls: Sequence[str] = (), *, known: Mapping[str, str] | None = None
) -> tuple[Source, ...]:
    """Give the repositories meant, each once, in the order asked; nothing asked: all that are enabled.

    `known` maps the ids the mirror already holds to their base URLs, so that a URL finds its repository again.
    Raises ConfigError with a fault for every name that is not configured and every URL that is none.
    """
    if not names_or_urls:
        return tuple(source_of(settings, name) for name in settings.repositories if _is_enabled(settings, name))
    chosen: dict[str, Source] = {}
    faults: list[Fault] = []
    for text in names_or_urls:
        found = _find(settings, text, {**(known or {}), **{one.id: one.base_url for one in chosen.values()}})
        if isinstance(found, Fault):
            faults.append(found)
        else:
            chosen.setdefault(found.id, found)
    if faults:
        raise ConfigError(faults)
    return tuple(chosen.values())


def source_of(settings: Settings, name: str) -> Source:
    """Give one configured repository as agreed; raises ConfigError with the nearest names where there is none."""
    if name not in settings.repositories:
        raise ConfigError([_unknown_name(settings, name)])
    repository = settings.repositories[name]
    agreed = Agreed(settings, repository)
    return Source(
        id=name,
        name=repository.name or name,
        base_url=repository.base_url,
        country=agreed("country"),
        prefixes=tuple(dict.fromkeys((agreed("metadata_prefix"), *_further(agreed("prefixes"))))),
        choose_prefixes=agreed("prefixes") == "auto",
        sets=agreed("sets"),
        cron=agreed("cron") or settings.schedule.cron,
        granularity=agreed("granularity"),
        token_with_prefix=agreed("token_with_prefix"),
        token_verbatim=agreed("token_verbatim"),
        ignore_from=agreed("ignore_from"),
        ignore_size=agreed("ignore_size"),
        max_window_days=agreed("max_window_days"),
        deletions=agreed("deletions"),
        expected_failures=_first(agreed("expected_failures"), settings.alerts.expected_failures),
        manners=_manners_of(settings, agreed, repository),
        profile=_profile_of(settings, agreed, repository.name or name),
        pages=_pages_of(agreed),
        secret_headers=secret_headers(settings.secrets, name),
    )


def manners_of_url(settings: Settings) -> Manners:
    """Give the manners towards a host that nobody configured: the machine's settings alone."""
    http = settings.http
    return Manners(
        contact=http.contact,
        min_interval_s=http.min_interval_seconds,
        timeout_s=http.timeout_seconds,
        connect_timeout_s=http.connect_timeout_seconds,
        max_response_s=http.max_response_seconds,
        max_attempts=http.max_attempts,
        max_retry_after_s=http.max_retry_after_seconds,
        max_redirects=http.max_redirects,
        max_page_bytes=http.max_page_bytes,
        timezone=settings.schedule.timezone,
    )


def minimum_confidence(settings: Settings) -> float:
    """Give the confidence below which a flag stays 0: the setting, or at least 0.8 when strict."""
    chosen = settings.rights.minimum_confidence
    return max(chosen, _STRICT_CONFIDENCE) if settings.rights.strict else chosen


def profile_of(settings: Settings, name: str, base_url: str) -> Profile:
    """Give how a repository of the mirror is read, configured or not: what a reading without a harvest needs."""
    if name in settings.repositories:
        return source_of(settings, name).profile
    return _with_machine_settings(settings, source_from_url(base_url, {name: base_url})).profile


class Agreed:
    """One repository's keys: its own, else its profile's, else the defaults', else the built-in value."""

    def __init__(self, settings: Settings, repository: Repository) -> None:
        self.layers: tuple[ProfileTable, ...] = (repository, settings.defaults)
        name = self("profile")
        if name is not None:
            self.layers = (repository, settings.profiles[name], settings.defaults)

    def __call__(self, key: str) -> Any:
        """Give the value of the first layer that states the key."""
        for layer in self.layers:
            if key in layer.stated:
                return getattr(layer, key)
        return RepositoryKeys.declared[key].default

    def home(self, key: str) -> str:
        """Tell whose value it is: repository, profile, defaults, or default for the built-in one."""
        names = ("repository", "profile", "defaults") if len(self.layers) == 3 else ("repository", "defaults")
        found = (name for name, layer in zip(names, self.layers, strict=True) if key in layer.stated)
        return next(found, "default")

    def joined(self, key: str) -> dict[str, Any]:
        """Give a table or list of values of all layers together; the first layer wins where two name one value."""
        joined: dict[str, Any] = {}
        for layer in reversed(self.layers):
            value = getattr(layer, key)
            folded = value.items() if isinstance(value, dict) else dict.fromkeys(value).items()
            joined.update(folded)
        return joined


def _find(settings: Settings, text: str, known: Mapping[str, str]) -> Source | Fault:
    if text in settings.repositories:
        return source_of(settings, text)
    if "://" not in text:
        return _unknown_name(settings, text)
    taken = {**known, **{name: repository.base_url for name, repository in settings.repositories.items()}}
    try:
        same = [
            name for name, repository in settings.repositories.items() if same_repository(repository.base_url, text)
        ]
        if len(same) > 1:
            return Fault(_COMMAND_LINE, text, "is the address of several repositories", f"name one: {', '.join(same)}")
        if same:
            return source_of(settings, same[0])
        source = source_from_url(text, taken, manners=manners_of_url(settings))
    except ValueError as error:
        return Fault(_COMMAND_LINE, "", f"not an address: {error}")
    return _with_machine_settings(settings, source)


def _with_machine_settings(settings: Settings, source: Source) -> Source:
    return replace(
        source,
        expected_failures=settings.alerts.expected_failures,
        profile=Profile(minimum_confidence=minimum_confidence(settings), repository_name=source.name),
        secret_headers=secret_headers(settings.secrets, source.id),
    )


def _unknown_name(settings: Settings, name: str) -> Fault:
    from difflib import get_close_matches  # takes 1 ms, for names that do not exist

    close = get_close_matches(name, settings.repositories, n=3, cutoff=0.5)
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    elif "." in name or "/" in name:
        hint = "an address begins with https://"
    else:
        hint = (
            f"known: {', '.join(settings.repositories)}" if settings.repositories else "none is configured: give a URL"
        )
    return Fault(_COMMAND_LINE, "", f"no repository is called {name!r}", hint)


def _is_enabled(settings: Settings, name: str) -> bool:
    return bool(Agreed(settings, settings.repositories[name])("enabled"))


def _manners_of(settings: Settings, agreed: Agreed, repository: Repository) -> Manners:
    machine = manners_of_url(settings)
    if is_loopback(repository.base_url):
        machine = unpaced(machine)
    return replace(
        machine,
        min_interval_s=_first(agreed("min_interval_seconds"), machine.min_interval_s),
        timeout_s=_first(agreed("timeout_seconds"), machine.timeout_s),
        at_once=agreed("windows_in_parallel"),
        identity_encoding=agreed("identity_encoding"),
        post=agreed("post"),
        verify_tls=agreed("verify_tls"),
        allowed_hours=tuple(read_hours(span) for span in agreed("allowed_hours")),
    )


def _profile_of(settings: Settings, agreed: Agreed, name: str) -> Profile:
    access = agreed("default_access") or agreed("rights_default")
    return Profile(
        default_access=None if access == "unknown" else access,
        default_license=agreed("default_license"),
        ignore_values=frozenset(_folded(agreed.joined("ignore_values"))),
        access_terms=_folded(agreed.joined("access_terms")),
        set_map=_folded(agreed.joined("set_map")),
        licence_is_journal_level=agreed("licence_is_journal_level"),
        partial_open_is_open=agreed("partial_open_is_open"),
        minimum_confidence=minimum_confidence(settings),
        date_order=agreed("date_order"),
        subject_comma=agreed("subject_comma"),
        doi_prefixes=tuple(agreed.joined("doi_prefixes")),
        repository_name=name,
    )


def _further(prefixes: tuple[str, ...] | str) -> tuple[str, ...]:
    return () if isinstance(prefixes, str) else prefixes


def _folded(values: dict[str, Any]) -> dict[str, Any]:
    return {value.casefold(): meaning for value, meaning in values.items()}


def _pages_of(agreed: Agreed) -> Pages:
    pages = agreed("pages")
    return Pages(pages.enabled, pages.per_day, pages.interval_seconds, pages.allowed_hosts, pages.again_days)


def _first(own: Any, common: Any) -> Any:
    return common if own is None else own
