"""The environment as settings: OAI_MIRROR_..., `__` for nesting. Imported only where it sets something."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import create_model
from pydantic.fields import FieldInfo

from harvester.config.faults import ENVIRONMENT, Fault
from harvester.config.messages import unknown_key
from harvester.config.settings import PREFIX, Settings
from harvester.config.validation import model_of
from harvester.postponed import postponed

with postponed("asyncio"):  # for commands written as coroutines: 20 ms
    from pydantic_settings import BaseSettings, EnvSettingsSource


class Environment(EnvSettingsSource):
    """The environment as a tree of settings, read from the mapping that is handed in."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        named = create_model("Settings", __base__=(BaseSettings, model_of(Settings)))
        super().__init__(cast("type[BaseSettings]", named), env_prefix=PREFIX, env_nested_delimiter="__")
        self.env_vars = {name.lower(): value for name, value in environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Read JSON where it is JSON; any other text is left to the setting's own type, which names the key."""
        try:
            return json.loads(value)
        except ValueError:
            return value


def unknown_names(environ: Mapping[str, str]) -> Iterator[Fault]:
    """Give a fault for every name that is no setting, with the nearest one that is."""
    for name in environ:
        first, nested, rest = name[len(PREFIX) :].partition("__")
        if first.lower() not in Settings.declared:
            fault = unknown_key(ENVIRONMENT, (first.lower(),), Settings)
            yield fault._replace(key=name, hint=_as_name(fault.hint, nested + rest))


def _as_name(hint: str, rest: str) -> str:
    word = hint.removeprefix("did you mean ").removesuffix("?")
    return f"did you mean {PREFIX}{word.upper()}{rest}?" if word != hint else hint
