"""All settings together. `load` takes them from files, and from the environment by `harvester.config.environment`."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from harvester.config.machine import Alerts, Enrich, Harvest, Http, Logging, Rights, Schedule, Server
from harvester.config.repository import ProfileTable, Repository, RepositoryId, RepositoryKeys
from harvester.config.tables import Table

PREFIX = "OAI_MIRROR_"
ENVIRONMENT_ONLY = ("today", "secrets")


class Settings(Table):
    """Everything that was agreed: the machine's tables, the repositories, their defaults and profiles."""

    schema_version: Literal[1] = Field(default=1, description="The version of this file's layout.")
    database: Path | None = Field(
        default=None,
        description="The mirror's file, relative to the file that says so; unset: mirror.db in the current folder.",
    )
    secrets_dir: Path | None = Field(
        default=None, description="Folder of files with credentials, relative to the file that says so; see Secrets."
    )
    today: date | None = Field(
        default=None,
        description="The day on which access is judged, for reports that can be repeated; environment only.",
    )
    secrets: dict[str, dict[str, SecretStr]] = Field(
        default={},
        description="Credentials per repository and kind, from the environment or a secrets folder only; see Secrets.",
    )
    http: Http = Field(default=Http.model_construct(), description="How any server is asked.")
    schedule: Schedule = Field(default=Schedule.model_construct(), description="When the daemon harvests.")
    harvest: Harvest = Field(default=Harvest.model_construct(), description="The bounds of one run.")
    server: Server = Field(default=Server.model_construct(), description="What the daemon offers to others.")
    logging: Logging = Field(default=Logging.model_construct(), description="What is written to stderr.")
    alerts: Alerts = Field(default=Alerts.model_construct(), description="Who is told when a repository fails.")
    rights: Rights = Field(default=Rights.model_construct(), description="When a flag is set.")
    enrich: Enrich = Field(default=Enrich.model_construct(), description="What outside witnesses are asked.")
    defaults: RepositoryKeys = Field(
        default=RepositoryKeys.model_construct(),
        description="Keys that hold for every repository unless it has its own.",
    )
    profiles: dict[RepositoryId, ProfileTable] = Field(
        default={}, description="Reading profiles that repositories share."
    )
    repositories: dict[RepositoryId, Repository] = Field(
        default={}, description="One table per repository; its name is the id."
    )
