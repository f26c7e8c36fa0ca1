"""Files and environment become settings, and everything that is wrong is told at once."""

from pathlib import Path

import pytest

from harvester.config import ConfigError, load

_ONE = '[repositories.one]\nbase_url = "https://one.example/oai"\n'


def test_without_a_file_the_defaults_hold(loading, tmp_path):
    """No file is no fault: a bare URL can be harvested on a machine where nobody configured anything."""
    loaded = loading()
    assert (loaded.files, loaded.settings.repositories, loaded.database()) == ((), {}, tmp_path / "mirror.db")


def test_every_fault_is_reported_at_once(faults):
    """One call names all mistakes of both files and of the environment, with file, key and the nearest known key."""
    machine = (
        '[http]\ntimout_seconds = 5\nmax_attempts = 0\n[schedule]\ncron = "61 2 * * *"\ntimezone = "Mars/Olympus"\n'
    )
    repositories = '[repositories.one]\nbase_urll = "https://one.example/oai"\nprofile = "eprint"\n'
    assert faults(machine, repositories, {"OAI_MIRROR_HTPP__CONTACT": "x"}) == [
        "environment: OAI_MIRROR_HTPP__CONTACT: is not a key that exists here (did you mean OAI_MIRROR_HTTP__CONTACT?)",
        "config/repositories.toml: repositories.one.profile: there is no [profiles.eprint] (known: none)",
        "config/harvester.toml: http.max_attempts: should be greater than or equal to 1; it is 0",
        "config/harvester.toml: http.timout_seconds: is not a key that exists here (did you mean timeout_seconds?)",
        "config/harvester.toml: schedule.timezone: is not a time zone this machine knows, such as Europe/London; "
        "if it should be, install the package tzdata",
        "config/harvester.toml: schedule.cron: minute: '61' is not within 0 to 59",
        "config/repositories.toml: repositories.one.base_url: is missing",
        "config/repositories.toml: repositories.one.base_urll: is not a key that exists here (did you mean base_url?)",
    ]


def test_a_key_in_the_wrong_table_is_sent_home(faults):
    """A known key that stands in another table is told where it belongs."""
    assert faults('[schedule]\ncontact = "a@b.example"\n') == [
        "config/harvester.toml: schedule.contact: is not a key that exists here (contact stands in [http])"
    ]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (b'[http\ncontact = ""', "config/harvester.toml: is not valid TOML at line 1, column 6: Expected ']' at the end of a table declaration"),
        (b'database = "\xff"', "config/harvester.toml: is not UTF-8 (byte 13) (save the file as UTF-8)"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(faults, tmp_path, written, line):
    """Broken TOML names line and column, a wrong encoding the byte."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_bytes(written)
    assert faults() == [line]


def test_a_byte_order_mark_is_let_pass(loading, tmp_path):
    """Editors that write a byte order mark do no harm."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_bytes(b'\xef\xbb\xbf[http]\ncontact = "a@b.example"\n')
    assert loading().settings.http.contact == "a@b.example"


def test_the_environment_overrides_the_files(loading):
    """OAI_MIRROR_TABLE__KEY wins over the file, and the origins tell who won."""
    environ = {
        "OAI_MIRROR_HTTP__CONTACT": "me@example.org",
        "OAI_MIRROR_ALERTS__COMMAND": '["/usr/bin/tell", "me"]',
        "OAI_MIRROR_REPOSITORIES__WHITE_ROSE__SETS": "a,b:c",
        "OAI_MIRROR_TODAY": "2026-11-23",
    }
    repositories = '[repositories.white-rose]\nbase_url = "https://one.example/oai"\n'
    loaded = loading('[http]\ncontact = "file@example.org"\n', repositories, environ)
    settings = loaded.settings
    assert (settings.http.contact, settings.alerts.command, settings.repositories["white-rose"].sets) == (
        "me@example.org",
        ("/usr/bin/tell", "me"),
        ("a", "b:c"),
    )
    assert str(settings.today) == "2026-11-23"
    assert loaded.origins["http", "contact"] == "environment"


def test_an_empty_path_in_the_environment_means_unset(loading, tmp_path):
    """Compose files pass variables that nobody set as empty text."""
    environ = {"OAI_MIRROR_DATABASE": "", "OAI_MIRROR_SECRETS_DIR": "", "OAI_MIRROR_TODAY": ""}
    assert loading(environ=environ).database() == tmp_path / "mirror.db"


@pytest.mark.parametrize(
    ("flag", "environ", "file", "expected"),
    [
        ("flag.db", "env.db", "file.db", "flag.db"),
        (None, "env.db", "file.db", "env.db"),
        (None, "", "file.db", "config/file.db"),
        (None, "", None, "mirror.db"),
    ],
)
def test_the_database_is_taken_from_the_nearest(loading, tmp_path, flag, environ, file, expected):
    """--db, then OAI_MIRROR_DATABASE, then the file's own (relative to the file), then mirror.db in the current folder."""
    loaded = loading(f'database = "{file}"\n' if file else None, environ={"OAI_MIRROR_DATABASE": environ})
    assert loaded.database(tmp_path / flag if flag else None) == tmp_path / expected


def test_the_files_are_found_in_order(tmp_path):
    """--config, OAI_MIRROR_CONFIG, config/ below the current folder, the user's folder."""
    for name in ("flag", "env", "config", "home/oai-mirror"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "harvester.toml").write_text(f'[http]\ncontact = "{name.replace("/", ".")}@x.example"\n')
    home = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    found = [
        load(tmp_path / "flag", environ={**home, "OAI_MIRROR_CONFIG": "env"}, folder=tmp_path),
        load(environ={**home, "OAI_MIRROR_CONFIG": "env"}, folder=tmp_path),
        load(environ=home, folder=tmp_path),
        load(environ=home, folder=tmp_path / "flag"),
    ]
    assert [one.settings.http.contact for one in found] == [
        "flag@x.example",
        "env@x.example",
        "config@x.example",
        "home.oai-mirror@x.example",
    ]


def test_a_named_file_must_exist(tmp_path):
    """A typo in --config is not answered with the defaults."""
    with pytest.raises(ConfigError, match="--config: there is no configuration at"):
        load(tmp_path / "absent.toml", environ={}, folder=tmp_path)


def test_a_key_in_two_files_is_a_fault(faults):
    """Nobody has to guess which of two files wins."""
    shared = '[defaults]\nmetadata_prefix = "oai_dc"\n'
    assert faults(shared, shared) == [
        "config/repositories.toml: defaults.metadata_prefix: is also given in config/harvester.toml (keep one of the two)"
    ]


def test_machine_tables_do_not_belong_in_the_repositories_file(faults):
    """Each table has one file."""
    assert faults("", '[http]\ncontact = "a@b.example"\n') == [
        "config/repositories.toml: http: does not belong in this file (move it to harvester.toml beside it)"
    ]


def test_what_is_shipped_is_valid():
    """The checkout's own configuration loads, and only the contact is left to the operator."""
    folder = Path(__file__).parents[3] / "config"
    loaded = load(folder, environ={})
    assert [fault.key for fault in loaded.doubts] == ["http.contact"]
    assert next(iter(loaded.settings.repositories)) == "newcastle"


def test_probable_mistakes_are_doubts_not_faults(loading):
    """What works but is probably not meant is shown, and stops nothing."""
    repositories = (
        '[repositories.a]\nbase_url = "http://one.example/oai/driver"\n'
        '[repositories.b]\nbase_url = "https://one.example/oai/driver/"\n'
    )
    environ = {"OAI_MIRROR_SECRETS__A__BEARER": "sesame", "OAI_MIRROR_SECRETS__ZZ__BEARER": "sesame"}
    doubts = loading("", repositories, environ).doubts
    assert [(fault.key, fault.problem) for fault in doubts] == [
        ("repositories.a.base_url", "this DSpace context rewrites dc:rights"),
        ("repositories.a.base_url", "its credentials would travel unencrypted"),
        ("repositories.b.base_url", "this DSpace context rewrites dc:rights"),
        ("repositories.b.base_url", "is also the address of a"),
        ("secrets.zz", "no repository has this id"),
        ("http.contact", "is not set"),
    ]


def test_ids_must_differ_in_the_environment_too(faults):
    """`a-b` and `a.b` would share one name for their secrets."""
    repositories = '[repositories.a-b]\nbase_url = "https://one.example/oai"\n["repositories"."a.b"]\nbase_url = "https://two.example/oai"\n'
    assert faults("", repositories) == [
        "config/repositories.toml: repositories.a.b: in the environment it is the same as a-b (rename one)"
    ]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://one.example/oai", "must be an http:// or https:// address with a host"),
        (
            "https://me:sesame@one.example/oai",
            "must not hold a user name or password: take them out and set the secret in the environment",
        ),
        (
            "https://one.example/oai?verb=Identify",
            "must be the base URL alone, without verb= and the other OAI-PMH arguments",
        ),
        ("https://one.example/oai#top", "must not hold a fragment (the part after #)"),
        ("https://one.example:99999/oai", "is not a valid address: check the brackets and the port"),
        ("https://one.example/o ai", "must not hold spaces or line breaks; write %20 for a space"),
    ],
)
def test_addresses_are_checked(faults, url, problem):
    """A base URL that cannot work is refused with what to do; a password in it is never repeated."""
    assert faults("", f'[repositories.one]\nbase_url = "{url}"\n') == [
        f"config/repositories.toml: repositories.one.base_url: {problem}"
    ]
