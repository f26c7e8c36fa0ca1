"""A folder with configuration files, and loading from it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harvester.config import ConfigError, Loaded, load

Write = Callable[..., Loaded]


@pytest.fixture
def loading(tmp_path: Path) -> Write:
    """Write harvester.toml and repositories.toml below config/ and load them."""

    def loading(
        machine: str | None = None, repositories: str | None = None, environ: Mapping[str, str] | None = None
    ) -> Loaded:
        folder = tmp_path / "config"
        folder.mkdir(exist_ok=True)
        for name, text in (("harvester.toml", machine), ("repositories.toml", repositories)):
            if text is not None:
                (folder / name).write_text(text, "utf-8")
        return load(environ={"XDG_CONFIG_HOME": str(tmp_path / "home"), **(environ or {})}, folder=tmp_path)

    return loading


@pytest.fixture
def faults(loading: Write, tmp_path: Path) -> Callable[..., list[str]]:
    """Give the faults of a configuration as lines, the folder left out."""

    def faults(
        machine: str | None = None, repositories: str | None = None, environ: Mapping[str, str] | None = None
    ) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loading(machine, repositories, environ)
        return [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]

    return faults
