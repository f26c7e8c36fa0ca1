"""Debian's chromium on a mirror that `oai-mirror serve` shows; every page is watched for errors and for requests to other hosts."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mirror_db.site.known import make_known

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the known mirror by the real command on a free port; gives its address."""
    folder = tmp_path_factory.mktemp("browser")
    mirror = make_known(folder / "mirror.db")
    yield from served(mirror, folder)


def served(mirror: Path, folder: Path) -> Iterator[str]:
    """Run `serve` in a process of its own until the caller is done."""
    command = [sys.executable, "-m", "harvester", "--db", str(mirror), "serve", "--port", "0"]
    environment = {**os.environ, "OAI_MIRROR_TODAY": "2026-11-23", "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"http://\S+/", line)
            assert found, line
            yield found[0].rstrip("/")
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the browser once."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra browser")
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Open a page and wait for its charts; at the end nothing may have gone wrong on any page that was open."""
    wrong: list[str] = []
    contexts = []

    def watch(page: Any) -> None:
        page.on(
            "console",
            lambda said: wrong.append(f"{said.text} {said.location}") if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else wrong.append(asked.url))

    def go(path: str, *, width: int = 1280, theme: str = "light", scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(site + path)
        if scripts:
            page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(e => 'drawn' in e.dataset)")
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []
