"""All settings together. `load` takes them from files, and from the environment by `harvester.config.environment`."""

from datetime import date
from pathlib import Path
from typing import Literal

from harvester.config.machine import Alerts, Enrich, Harvest, Http, Logging, Rights, Schedule, Server
from harvester.config.repository import ProfileTable, Repository, RepositoryId, RepositoryKeys
from harvester.config.secrets import Secret
from harvester.config.tables import Table, setting

PREFIX = "OAI_MIRROR_"
ENVIRONMENT_ONLY = ("today", "secrets")


class Settings(Table):
    """Everything that was agreed: the machine's tables, the repositories, their defaults and profiles."""

    schema_version: Literal[1] = setting(default=1, description="The version of this file's layout.")
    database: Path | None = setting(
        default=None,
        description="The mirror's file, relative to the file that says so; unset: mirror.db in the current folder.",
    )
    secrets_dir: Path | None = setting(
        default=None, description="Folder of files with credentials, relative to the file that says so; see Secrets."
    )
    today: date | None = setting(
        default=None,
        description="The day on which access is judged, for reports that can be repeated; environment only.",
    )
    secrets: dict[str, dict[str, Secret]] = setting(
        default={},
        description="Credentials per repository and kind, from the environment or a secrets folder only; see Secrets.",
    )
    http: Http = setting(default=Http(), description="How any server is asked.")
    schedule: Schedule = setting(default=Schedule(), description="When the daemon harvests.")
    harvest: Harvest = setting(default=Harvest(), description="The bounds of one run.")
    server: Server = setting(default=Server(), description="What the daemon offers to others.")
    logging: Logging = setting(default=Logging(), description="What is written to stderr.")
    alerts: Alerts = setting(default=Alerts(), description="Who is told when a repository fails.")
    rights: Rights = setting(default=Rights(), description="When a flag is set.")
    enrich: Enrich = setting(default=Enrich(), description="What outside witnesses are asked.")
    defaults: RepositoryKeys = setting(
        default=RepositoryKeys(),
        description="Keys that hold for every repository unless it has its own.",
    )
    profiles: dict[RepositoryId, ProfileTable] = setting(
        default={}, description="Reading profiles that repositories share."
    )
    repositories: dict[RepositoryId, Repository] = setting(
        default={}, description="One table per repository; its name is the id."
    )
