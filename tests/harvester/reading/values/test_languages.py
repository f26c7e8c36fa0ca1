"""Common languages need no library, and the library says the same of them."""

import subprocess
import sys
import tomllib
from importlib.resources import files

import langcodes

_TABLES = files("harvester.reading.values") / "tables"


def _table(name: str) -> dict:
    return tomllib.loads((_TABLES / name).read_text("utf-8"))


def test_the_table_of_codes_says_what_langcodes_says():
    """Every language that has spellings of its own has its ISO 639-3 code, the one of the registry."""
    tags = {tag.split("-")[0] for tag in _table("languages.toml")} - {"mul", "zxx", "und"}
    assert _table("iso639_3.toml") == {tag: langcodes.Language.get(tag).to_alpha3() for tag in tags}


def test_a_common_language_does_not_load_the_library():
    """Reading `en` leaves a tenth of a second unspent."""
    script = "from harvester.reading.values.languages import read; read('eng'); import sys; print('langcodes' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
