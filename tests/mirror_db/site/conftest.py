"""A small mirror with known rows, open in Datasette with the plugin."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from datasette.app import Datasette
from datasette.plugins import get_plugins, pm

import mirror_db.site
from tests.mirror_db.site.known import make_known


@pytest.fixture(scope="session", autouse=True)
def plugin() -> None:
    """Register the plugin where the package is not installed."""
    if not {one["name"] for one in get_plugins()} & {"oai-mirror", "mirror_db.site"}:
        pm.register(mirror_db.site)


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of the known mirror."""
    return make_known(tmp_path_factory.mktemp("site") / "mirror.db")


@pytest.fixture(scope="session")
def datasette(mirror: Path, plugin: None) -> Datasette:
    """Open Datasette on the known mirror."""
    return Datasette([str(mirror)])


@pytest.fixture
def get(datasette: Datasette) -> Callable[..., httpx.Response]:
    """Ask Datasette for a page, in process."""

    def ask(path: str) -> httpx.Response:
        return asyncio.run(datasette.client.get(path))

    return ask
