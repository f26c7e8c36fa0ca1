"""Faults are told in our words, one for each thing that is wrong."""

from types import NoneType, UnionType
from typing import Union, get_args, get_origin

import pytest

from harvester.config.settings import Settings
from harvester.config.tables import tables_of
from harvester.config.validation import validated

_CHOICES = sorted(
    {
        (table, key)
        for _, table in tables_of(Settings)
        for key, found in table.declared.items()
        if get_origin(found.kind) in (Union, UnionType) and len(set(get_args(found.kind)) - {NoneType}) > 1
    },
    key=str,
)
_URL_OR_NONE = 'an http:// or https:// address or ""'
_LIST_OR_AUTO = 'a list of texts (at most 10) or "auto"'


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('"ftp://one.example"', f"must be an http:// or https:// address with a host (accepted: {_URL_OR_NONE})"),
        (
            '"https://me:sesame@one.example"',
            "must not hold a user name or password: take them out and set the secret in the environment "
            f"(accepted: {_URL_OR_NONE})",
        ),
        ("3", f"should be {_URL_OR_NONE}; it is 3"),
        ("[]", f"should be {_URL_OR_NONE}; it is []"),
    ],
)
def test_an_address_that_may_be_empty_has_one_fault(faults, value, problem):
    """A setting of two kinds is told once, at its own key, in our words; a password in it is never repeated."""
    assert faults(f"[enrich]\nunpaywall = {value}\n") == [f"config/harvester.toml: enrich.unpaywall: {problem}"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3", "; it is 3"),
        ("true", "; it is True"),
        ('["rioxx", 3, true]', "; it is ['rioxx', 3, True]"),
        (str(["abcdefgh"] * 11), ""),
        ('{ rioxx = "a" }', "; it is {'rioxx': 'a'}"),
    ],
)
def test_a_list_that_may_be_a_word_has_one_fault(faults, value, shown):
    """Whatever is wrong with it or within it, also where a repository has the name of such a setting."""
    repositories = f'[repositories.prefixes]\nbase_url = "https://one.example/oai"\nprefixes = {value}\n'
    assert faults("", repositories) == [
        f"config/repositories.toml: repositories.prefixes.prefixes: should be {_LIST_OR_AUTO}{shown}"
    ]


def test_faults_of_a_choice_stand_among_the_others(faults):
    """Neighbours of two kinds, and what stands in a repository whose name is that of such a setting, stay apart."""
    machine = (
        "[enrich]\nunpaywall = 1\ncrossref = 2\nper_day = -1\n[repositories.prefixes]\nbase_url = 3\nprefixes = 4\n"
    )
    assert faults(machine, None, {"OAI_MIRROR_DEFAULTS__PREFIXES": "[broken"}) == [
        f"config/harvester.toml: enrich.unpaywall: should be {_URL_OR_NONE}; it is 1",
        f"config/harvester.toml: enrich.crossref: should be {_URL_OR_NONE}; it is 2",
        "config/harvester.toml: enrich.per_day: should be greater than or equal to 0; it is -1",
        f"environment: defaults.prefixes: starts with [ but is not a JSON list (accepted: {_LIST_OR_AUTO})",
        f"config/harvester.toml: repositories.prefixes.prefixes: should be {_LIST_OR_AUTO}; it is 4",
        "config/harvester.toml: repositories.prefixes.base_url: should be a valid string; it is 3",
    ]


@pytest.mark.parametrize(("table", "key"), _CHOICES)
def test_every_choice_is_told_in_our_words(table, key):
    """No setting of several kinds shows what pydantic calls them."""
    found = validated(table, {key: object()}, lambda path: "here")
    mine = [fault for fault in found if fault.key.startswith(key)]
    assert [fault.key for fault in mine] == [key]
    assert " or " in mine[0].problem


@pytest.mark.parametrize(
    "line",
    ['unpaywall = ["https://me:sesame@one.example"]', 'per_day = "https://me:sesame@one.example"', "per_day = 'x'"],
)
def test_a_password_is_not_repeated_whatever_holds_it(faults, line):
    """Where a value of another type is meant, too; other values are shown."""
    (told,) = faults(f"[enrich]\n{line}\n")
    assert ("sesame" in told, "it is 'x'" in told) == (False, "'x'" in line)
