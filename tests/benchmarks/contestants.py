"""Who runs in a race, as commands: this project as it is installed here, the others in an environment of their own."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.corpus import folder

RIVALS = ("sickle==0.7.0", "oaipmh-scythe==0.16.0", "sqlite-utils==4.2.1", "lxml==6.1.3")
_SCRIPTS = Path(__file__).with_name("rivals")


def rivals_python() -> str:
    """Give the Python of the others' environment, made outside the repository if it is not there yet."""
    place = folder() / "rivals"
    python = place / "bin" / "python"
    mark = place / "installed.txt"
    wanted = "\n".join(RIVALS)
    if not mark.exists() or mark.read_text(encoding="ascii") != wanted:
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *RIVALS], check=True)
        mark.write_text(wanted, encoding="ascii")
    return str(python)


def sickle_loop(urls: Sequence[str]) -> list[str]:
    """Meet every record with sickle and keep nothing."""
    return [rivals_python(), str(_SCRIPTS / "sickle_loop.py"), *urls]


def scythe_loop(urls: Sequence[str]) -> list[str]:
    """Meet every record with oaipmh-scythe and keep nothing."""
    return [rivals_python(), str(_SCRIPTS / "scythe_loop.py"), *urls]


def by_hand(db: Path, urls: Sequence[str]) -> list[str]:
    """Keep the records with sickle, sqlite-utils and full text."""
    return [rivals_python(), str(_SCRIPTS / "by_hand.py"), str(db), *urls]


def mirror(db: Path, urls: Sequence[str], *options: str) -> list[str]:
    """Harvest with this project."""
    return [sys.executable, "-m", "harvester", "-q", "--db", str(db), "harvest", *options, *urls]
