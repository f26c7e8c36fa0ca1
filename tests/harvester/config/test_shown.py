"""What is shown of the settings: every key with its value and who set it."""

import pytest

from harvester.config import ConfigError
from harvester.config.shown import Shown, shown_repository, shown_settings

_FILE = """
[defaults]
country = "GB"
[profiles.platform]
date_order = "dmy"
[repositories.one]
base_url = "https://one.example/oai"
profile = "platform"
sets = ["a"]
"""


def test_every_key_of_the_machine_has_its_origin(loading, tmp_path):
    """A file, the environment or the default: nobody needs to guess."""
    loaded = loading('[http]\ncontact = "a@b.example"\n', environ={"OAI_MIRROR_HTTP__MAX_ATTEMPTS": "3"})
    lines = {line.key: line for line in shown_settings(loaded)}
    place = str(tmp_path / "config" / "harvester.toml")
    assert lines["http.contact"] == Shown("http.contact", "a@b.example", place)
    assert lines["http.max_attempts"] == Shown("http.max_attempts", 3, "environment")
    assert lines["http.timeout_seconds"] == Shown("http.timeout_seconds", 60.0, "default")
    assert "today" not in lines


def test_one_repository_shows_who_set_each_key(loading, tmp_path):
    """Itself, its profile, the defaults or the program."""
    lines = {line.key: (line.value, line.origin) for line in shown_repository(loading("", _FILE), "one")}
    place = str(tmp_path / "config" / "repositories.toml")
    assert [lines[key] for key in ("base_url", "sets", "date_order", "country", "metadata_prefix")] == [
        ("https://one.example/oai", place),
        (["a"], place),
        ("dmy", "profile platform"),
        ("GB", "[defaults]"),
        ("oai_dc", "default"),
    ]


def test_an_unknown_repository_is_refused_with_the_nearest(loading):
    """A typo is answered, not with a traceback."""
    with pytest.raises(ConfigError, match="did you mean one"):
        shown_repository(loading("", _FILE), "onee")
