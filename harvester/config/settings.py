"""All settings together, and the source that reads them from the environment (OAI_MIRROR_..., `__` for nesting)."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo

from harvester.config.machine import Alerts, Enrich, Harvest, Http, Logging, Rights, Schedule, Server
from harvester.config.repository import ProfileTable, Repository, RepositoryId, RepositoryKeys
from harvester.postponed import postponed

with postponed("asyncio"):  # for commands written as coroutines: 20 ms of every start
    from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "OAI_MIRROR_"
ENVIRONMENT_ONLY = ("today", "secrets")


class Settings(BaseSettings):
    """Everything that was agreed: the machine's tables, the repositories, their defaults and profiles."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=False
    )

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
    http: Http = Field(default=Http(), description="How any server is asked.")
    schedule: Schedule = Field(default=Schedule(), description="When the daemon harvests.")
    harvest: Harvest = Field(default=Harvest(), description="The bounds of one run.")
    server: Server = Field(default=Server(), description="What the daemon offers to others.")
    logging: Logging = Field(default=Logging(), description="What is written to stderr.")
    alerts: Alerts = Field(default=Alerts(), description="Who is told when a repository fails.")
    rights: Rights = Field(default=Rights(), description="When a flag is set.")
    enrich: Enrich = Field(default=Enrich(), description="What outside witnesses are asked.")
    defaults: RepositoryKeys = Field(
        default=RepositoryKeys(), description="Keys that hold for every repository unless it has its own."
    )
    profiles: dict[RepositoryId, ProfileTable] = Field(
        default={}, description="Reading profiles that repositories share."
    )
    repositories: dict[RepositoryId, Repository] = Field(
        default={}, description="One table per repository; its name is the id."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load` hands over: it has laid the environment over the files, and knows which is which."""
        return (init_settings,)


class Environment(EnvSettingsSource):
    """The environment as a tree of settings, read from the mapping that is handed in."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(Settings)
        self.env_vars = {name.lower(): value for name, value in environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Read JSON where it is JSON; any other text is left to the setting's own type, which names the key."""
        try:
            return json.loads(value)
        except ValueError:
            return value
