"""The environment as settings: OAI_MIRROR_..., `__` for nesting. Imported only where it sets something."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from harvester.config.settings import PREFIX, Settings
from harvester.postponed import postponed

with postponed("asyncio"):  # for commands written as coroutines: 20 ms
    from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict


class _Named(BaseSettings, Settings):
    """The settings with the names that they have in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")


class Environment(EnvSettingsSource):
    """The environment as a tree of settings, read from the mapping that is handed in."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(_Named)
        self.env_vars = {name.lower(): value for name, value in environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Read JSON where it is JSON; any other text is left to the setting's own type, which names the key."""
        try:
            return json.loads(value)
        except ValueError:
            return value
