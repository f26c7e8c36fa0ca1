"""The tables that hold for the whole machine: http, schedule, harvest, server, logging, alerts, rights.

Each setting stands here once: its name with the unit, default, bounds, and in the description what it is and why.
"""

from typing import Literal

from harvester.config.tables import Contact, CronLine, HttpUrl, Listen, Table, Words, ZoneName, setting


class Http(Table):
    """How any server is asked."""

    contact: Contact = setting(
        default="",
        description="E-mail or web address of whoever runs this harvester; goes into User-Agent and From, so that a "
        "repository can write instead of blocking. A one-off harvest works without it, the daemon asks for it.",
    )
    timeout_seconds: float = setting(
        default=60.0,
        gt=0,
        le=3600,
        description="How long to wait for the next bytes of an answer; large lists start slowly.",
    )
    connect_timeout_seconds: float = setting(
        default=15.0,
        gt=0,
        le=600,
        description="How long to wait for a connection; a host that is down should be known soon.",
    )
    max_response_seconds: float = setting(
        default=600.0,
        gt=0,
        le=86_400,
        description="Longest time for one whole answer, so that a trickle cannot hold a run.",
    )
    max_attempts: int = setting(
        default=6,
        ge=1,
        le=50,
        description="Attempts at one request after 429, 5xx or a broken connection, with back-off.",
    )
    max_retry_after_seconds: float = setting(
        default=120.0,
        ge=0,
        le=86_400,
        description="Longest wait that a server's Retry-After may impose on a running harvest; beyond it the run is "
        "deferred and no worker sleeps on it.",
    )
    min_interval_seconds: float = setting(
        default=1.0, ge=0, le=3600, description="Pause between two requests to one host; the loopback needs none."
    )
    max_redirects: int = setting(
        default=5, ge=0, le=20, description="Redirects followed for one request; http and https only."
    )
    max_page_bytes: int = setting(
        default=67_108_864,
        ge=65_536,
        le=2_147_483_647,
        description="Largest answer read, after decompression: a memory bound.",
    )
    keep_raw: Literal[True] = setting(
        default=True,
        description="Each record is kept exactly as received (compressed). Embargoes that end and renormalise read it again, "
        "so that nothing else than true is possible.",
    )


class Schedule(Table):
    """When the daemon harvests, and what it asks again."""

    timezone: ZoneName = setting(default="UTC", description="The time zone of every cron line and of allowed_hours.")
    cron: CronLine = setting(
        default="17 2 * * *",
        description="When repositories without their own cron line are harvested: minute hour day month weekday.",
    )
    jitter_seconds: int = setting(
        default=900,
        ge=0,
        le=86_400,
        description="Start later by up to this, at random, so that not all harvesters knock at once.",
    )
    max_parallel_repositories: int = setting(
        default=4,
        ge=1,
        le=64,
        description="Repositories harvested at the same time; one host still gets one request at a time.",
    )
    catch_up: bool = setting(
        default=True, description="Harvest on start when the last good run is older than one period."
    )
    overlap_seconds: int | None = setting(
        default=None,
        ge=0,
        le=31_536_000,
        description="How far before the last proven list the next one starts. Unset: one day where the server counts "
        "days, five minutes where it counts seconds.",
    )
    full_resync_days: int = setting(
        default=90,
        ge=0,
        le=3650,
        description="Days between full lists, which find records that vanished silently; 0 never.",
    )
    verify_days: int = setting(
        default=30, ge=0, le=3650, description="Days between comparisons with the server's identifiers; 0 never."
    )
    retry_seconds: int = setting(
        default=900,
        ge=1,
        le=86_400,
        description="Wait after a failed run; doubles with every further one, up to a day.",
    )
    stall_seconds: int = setting(
        default=3600,
        ge=60,
        le=604_800,
        description="A run of the daemon without a page for this long is ended and reported.",
    )


class Harvest(Table):
    """The bounds of one run."""

    commit_records: int = setting(
        default=1000,
        ge=1,
        le=10_000,
        description="Records per transaction: fewer rewrite index pages, more lose more on a kill.",
    )
    commit_seconds: float = setting(
        default=1.0, gt=0, le=60, description="Work per transaction, whichever bound comes first."
    )
    max_restarts: int = setting(
        default=3, ge=0, le=20, description="Times one list is begun again after badResumptionToken."
    )
    narrowing_requests: int = setting(
        default=20,
        ge=0,
        le=100_000,
        description="Requests that a list with pages that fail may cost beside twice its pages, to go round them: what is "
        "left then is partial, and the next run goes on.",
    )
    max_empty_pages: int = setting(
        default=10,
        ge=1,
        le=10_000,
        description="Pages in a row without a record but with a token, before the list is given up.",
    )
    deletion_brake: float = setting(
        default=0.10,
        ge=0,
        le=1,
        description="Largest share of a repository that a full list may retire without --accept-deletions: a server "
        "that wiped itself must not wipe the mirror.",
    )
    size_tolerance: float = setting(
        default=0.001,
        ge=0,
        le=1,
        description="Share of completeListSize that a list may lack; one that lacks more is asked again in two halves, "
        "and is partial unless these show that the announcement was wrong.",
    )
    processes: int = setting(
        default=0,
        ge=0,
        le=64,
        description="Processes that a harvest uses: one writes, the others read pages beside it; 1 does everything in one, "
        "0 chooses by the machine's cores.",
    )


class Server(Table):
    """What the daemon offers to others."""

    metrics: Listen = setting(
        default="127.0.0.1:9183", description="HOST:PORT of /metrics and /healthz; empty switches them off."
    )


class Logging(Table):
    """What is written to stderr, and how."""

    format: Literal["auto", "human", "json"] = setting(
        default="auto", description="auto is human on a terminal and JSON lines otherwise."
    )
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        default="INFO", description="The least important line written."
    )


class Smtp(Table):
    """Alerts by mail; the password is the secret `alerts.smtp_password`."""

    host: str = setting(default="", description="Mail server; empty: no mail.")
    port: int = setting(default=587, ge=1, le=65_535, description="Port of the mail server.")
    starttls: bool = setting(default=True, description="Encrypt the connection; without it a password is never sent.")
    user: str = setting(default="", description="User name at the mail server; empty: no login.")
    sender: str = setting(default="", description="Address in From.")
    to: Words = setting(default=(), description="Addresses that receive the alerts.")


class Alerts(Table):
    """Who is told when a repository fails or recovers."""

    command: Words = setting(
        default=(),
        description="Program and its arguments, run without a shell; the alert comes as JSON on its standard input.",
    )
    webhook: HttpUrl | None = setting(
        default=None,
        description="Address that receives the alert as JSON by POST; one with a key in it is a secret instead.",
    )
    smtp: Smtp = setting(default=Smtp(), description="Alerts by mail.")
    expected_failures: int = setting(
        default=1,
        ge=0,
        le=1000,
        description="Failed runs in a row that are no news; the next one alerts. 0: the first alerts.",
    )
    digest_cron: CronLine | None = setting(
        default=None,
        description="When the report of what changed since the last one goes out by the same ways; unset: never.",
    )


class Rights(Table):
    """When a flag is set."""

    minimum_confidence: float = setting(
        default=0.5, ge=0, le=1, description="A flag whose evidence is weaker than this stays 0."
    )
    strict: bool = setting(
        default=False,
        description="Raise the bound to 0.8: openness that is only implied by a licence no longer counts.",
    )


class Enrich(Table):
    """Outside witnesses: what Unpaywall and Crossref say of the DOIs in the mirror. They never change a record."""

    enabled: bool = setting(default=False, description="Allow the command enrich to ask them; needs http.contact.")
    unpaywall: HttpUrl | Literal[""] = setting(
        default="https://api.unpaywall.org/v2", description="Base address of Unpaywall; empty: it is not asked."
    )
    crossref: HttpUrl | Literal[""] = setting(
        default="https://api.crossref.org", description="Base address of Crossref; empty: it is not asked."
    )
    cron: CronLine | None = setting(
        default=None,
        description="When the daemon asks them, in schedule.timezone; unset: never, only the command enrich does.",
    )
    per_day: int = setting(default=5000, ge=0, le=100_000, description="DOIs per day that each is asked about.")
    interval_seconds: float = setting(
        default=0.5, ge=0.1, le=3600, description="Pause between two requests to one of them."
    )
    expires_days: int = setting(default=60, ge=1, le=3650, description="Days until an answer is asked for again.")
