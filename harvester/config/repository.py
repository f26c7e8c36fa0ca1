"""The tables about repositories: one table each, their common defaults, and profiles shared by a platform."""

from typing import Annotated, Literal

from harvester.config.tables import AtMost, BaseUrl, CronLine, Hours, Matches, Table, Words, setting

AccessWord = Literal["open", "embargoed", "restricted", "metadata-only"]
DefaultAccess = Literal["open", "embargoed", "restricted", "metadata-only", "unknown"]
Prefix = Annotated[str, Matches(r"^[A-Za-z0-9\-_.!~*'()]+$")]  # OAI-PMH 2.0, metadataPrefixType
RepositoryId = Annotated[str, Matches(r"^[a-z0-9][a-z0-9._-]{0,79}$")]


class ProfileTable(Table):
    """How rights, dates and subjects are read where they differ from the common rules."""

    rights_default: DefaultAccess | None = setting(
        default=None, description="The same as default_access, under its older name."
    )
    default_access: DefaultAccess | None = setting(
        default=None, description="Access assumed where a record says nothing at all; the weakest evidence there is."
    )
    default_license: str | None = setting(
        default=None,
        max_length=500,
        description="Licence assumed where a record states none: an id, a name or an address.",
    )
    ignore_values: Words = setting(
        default=(), description="Rights values that say nothing here, as whole values, any case."
    )
    access_terms: dict[str, AccessWord] = setting(
        default={}, description="Rights values that are codes here: value = access word, as whole values, any case."
    )
    set_map: dict[str, AccessWord] = setting(
        default={}, description="Sets whose members share an access status: setSpec = access word."
    )
    licence_is_journal_level: bool = setting(
        default=False, description="dc:rights is the journal's licence, not the article's: weaker evidence."
    )
    partial_open_is_open: bool = setting(
        default=False,
        description="Count an item as open when only some of its files are; the common rule takes the more closed.",
    )
    date_order: Literal["dmy", "mdy"] | None = setting(
        default=None, description="How 03/04/2011 is meant here; unset keeps the year alone, never a guess."
    )
    subject_comma: bool = setting(default=False, description="Subjects are lists split by commas.")
    doi_prefixes: Words = setting(
        default=(), description="DOI prefixes this repository registers itself, e.g. 10.5281."
    )


class Pages(Table):
    """Reading the landing pages of items for a licence that the records leave out."""

    enabled: bool = setting(default=False, description="Read landing pages at all; ask the repository first.")
    per_day: int = setting(default=200, ge=0, le=100_000, description="Pages per day.")
    interval_seconds: float = setting(default=10.0, ge=1, le=3600, description="Pause between two pages.")
    allowed_hosts: Words = setting(
        default=(), description="Hosts whose pages may be read; empty: the base URL's host alone."
    )
    again_days: int = setting(
        default=180, ge=1, le=3650, description="Days until a page that was read is visited again."
    )


class RepositoryKeys(ProfileTable):
    """Every key that a repository may have and `[defaults]` may set for all."""

    country: Annotated[str, Matches(r"^[A-Z]{2}$")] | None = setting(
        default=None, description="Two capital letters (ISO 3166-1), for reports."
    )
    enabled: bool = setting(default=True, description="Harvest it when no name is given, and by the daemon.")
    profile: str | None = setting(
        default=None, description="Name of a [profiles.NAME] table whose keys hold unless given here."
    )
    metadata_prefix: Prefix = setting(default="oai_dc", description="The metadata format that is harvested.")
    prefixes: Annotated[Words, AtMost(10)] | Literal["auto"] = setting(
        default=(),
        description="Further formats harvested next to it where the server offers them, e.g. rioxx for its rights; "
        '"auto" takes the best two for rights of those offered.',
    )
    sets: Words = setting(default=(), description="Harvest these sets only (setSpec); empty: everything.")
    cron: CronLine | None = setting(default=None, description="Its own time; unset: schedule.cron.")
    pace: Literal["fixed", "adaptive"] = setting(
        default="fixed",
        description="adaptive: the daemon asks it more often while it changes and less while it is quiet; its cron line "
        "is where that begins.",
    )
    pace_min_hours: float = setting(
        default=1.0, gt=0, le=8760, description="Adaptive pace: never more often than this."
    )
    pace_max_hours: float = setting(
        default=168.0, gt=0, le=8760, description="Adaptive pace: never less often than this."
    )
    min_interval_seconds: float | None = setting(
        default=None, ge=0, le=3600, description="Its own pause between requests; unset: http.min_interval_seconds."
    )
    timeout_seconds: float | None = setting(
        default=None, gt=0, le=3600, description="Its own wait for the next bytes; unset: http.timeout_seconds."
    )
    allowed_hours: Hours = setting(
        default=(), description='Hours in which it may be asked, in schedule.timezone: ["22:00-06:00"]; empty: always.'
    )
    windows_in_parallel: int = setting(
        default=1,
        ge=1,
        le=8,
        description="Requests at the same time, for windows of one list side by side; more than one only with the repository's consent.",
    )
    max_window_days: int | None = setting(
        default=None,
        ge=1,
        le=36_500,
        description="Ask for at most this many days in one list, for servers that refuse long lists.",
    )
    granularity: Literal["day", "seconds"] | None = setting(
        default=None, description="How it writes dates, where Identify is wrong about it."
    )
    token_with_prefix: bool | None = setting(
        default=None,
        description="Send metadataPrefix beside the resumptionToken, for servers that wrongly need it. Unset: as learnt.",
    )
    token_verbatim: bool | None = setting(
        default=None,
        description="Send the resumptionToken without URL encoding, for servers that decode it wrongly. Unset: as learnt.",
    )
    identity_encoding: bool | None = setting(
        default=None,
        description="Ask for uncompressed answers, for servers that break on gzip. Unset: as learnt.",
    )
    post: bool = setting(default=False, description="Send requests by POST, for servers that refuse GET.")
    verify_tls: bool = setting(
        default=True, description="Check the server's certificate; false is shown in every status until it is mended."
    )
    ignore_from: bool | None = setting(
        default=None,
        description="It ignores from and until: list everything each time and compare by content. Unset: as learnt.",
    )
    ignore_size: bool | None = setting(
        default=None,
        description="Its completeListSize is wrong: do not compare lists with it. Unset: as learnt, after a list was "
        "asked twice in different parts.",
    )
    deletions: Literal["sweep", "announced"] = setting(
        default="sweep",
        description="sweep: what a proven full list no longer holds is marked deleted; announced: only what the server "
        "itself reports as deleted.",
    )
    expected_failures: int | None = setting(
        default=None,
        ge=0,
        le=1000,
        description="Its own number of failed runs that are no news; unset: alerts.expected_failures.",
    )
    pages: Pages = setting(default=Pages(), description="Reading landing pages.")


class Repository(RepositoryKeys):
    """One repository: its key in the file is its id, used on the command line."""

    name: str | None = setting(default=None, max_length=300, description="The name shown; unset: the id.")
    base_url: BaseUrl = setting(description="The OAI-PMH base URL, without verb and without a user name or password.")
