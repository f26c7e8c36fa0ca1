"""Settings become sources: own keys, then the profile's, then the defaults'; names and URLs find their repository."""

import pytest

from harvester.config import ConfigError, select, source_of
from harvester.source import Hours

_FILE = """
[defaults]
min_interval_seconds = 2.0
date_order = "mdy"
doi_prefixes = ["10.1"]
[profiles.platform]
doi_prefixes = ["10.2"]
access_terms = { Public = "open" }
date_order = "dmy"
[repositories.one]
name = "One"
base_url = "https://one.example/oai"
profile = "platform"
access_terms = { staffonly = "restricted" }
allowed_hours = ["22:00-06:00"]
prefixes = ["rioxx", "oai_dc"]
[repositories.two]
base_url = "https://two.example/oai"
rights_default = "unknown"
cron = "5 1 * * 0"
enabled = false
[repositories.home]
base_url = "http://127.0.0.1:8080/oai"
"""


def test_own_keys_win_over_the_profile_and_that_over_the_defaults(loading):
    """Single values are taken from the nearest; tables and lists are joined."""
    source = source_of(loading("", _FILE).settings, "one")
    assert (source.manners.min_interval_s, source.profile.date_order) == (2.0, "dmy")
    assert (source.prefixes, source.cron) == (("oai_dc", "rioxx"), "17 2 * * *")
    assert source.manners.allowed_hours == (Hours(22 * 60, 6 * 60),)
    assert source.profile.access_terms == {"public": "open", "staffonly": "restricted"}
    assert sorted(source.profile.doi_prefixes) == ["10.1", "10.2"]


def test_a_repository_may_have_its_own_time_and_say_nothing_about_access(loading):
    """`rights_default = "unknown"` is no assumption at all."""
    source = source_of(loading("", _FILE).settings, "two")
    assert (source.cron, source.profile.default_access, source.name) == ("5 1 * * 0", None, "two")


def test_nothing_named_means_all_that_are_enabled(loading):
    """Disabled repositories are harvested by name only."""
    settings = loading("", _FILE).settings
    assert [source.id for source in select(settings)] == ["one", "home"]
    assert [source.id for source in select(settings, ["two"])] == ["two"]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (["https://one.example/oai/"], ["one"]),
        (["http://ONE.example/oai?verb=Identify"], ["one"]),
        (["https://new.example/oai"], ["new.example"]),
        (["https://new.example/oai", "https://new.example/other"], ["new.example", "new.example-other"]),
        (["https://known.example/x"], ["seen"]),
        (["one", "https://one.example/oai"], ["one"]),
    ],
)
def test_urls_find_their_repository(loading, asked, ids):
    """A URL means a configured repository, one that the mirror knows, or a new id from its host."""
    settings = loading("", _FILE).settings
    known = {"seen": "https://known.example/x"}
    assert [source.id for source in select(settings, asked, known=known)] == ids


def test_every_name_that_does_not_exist_is_reported(loading):
    """Two typos are two faults, each with the nearest names."""
    with pytest.raises(ConfigError) as caught:
        select(loading("", _FILE).settings, ["onne", "three.example/oai"])
    assert [str(fault) for fault in caught.value.faults] == [
        "command line: no repository is called 'onne' (did you mean one or home?)",
        "command line: no repository is called 'three.example/oai' (an address begins with https://)",
    ]


def test_strict_raises_the_confidence(loading):
    """rights.strict never lowers what was asked."""
    strict = loading("[rights]\nstrict = true\nminimum_confidence = 0.9\n", _FILE).settings
    assert source_of(strict, "one").profile.minimum_confidence == 0.9
    assert source_of(loading("[rights]\nstrict = true\n", _FILE).settings, "one").profile.minimum_confidence == 0.8


def test_the_loopback_is_not_paced(loading):
    """Nobody is a guest at home; an explicit pace would still hold."""
    assert (
        source_of(
            loading("", "[repositories.h]\nbase_url = 'http://localhost/oai'\n").settings, "h"
        ).manners.min_interval_s
        == 0.0
    )
