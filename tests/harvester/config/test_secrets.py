"""Credentials come from the environment or a folder, become headers, and never show."""

from harvester.config import source_of
from harvester.config.secrets import Secret
from harvester.config.shown import shown_settings
from harvester.source import SecretHeader

_TWO = '[repositories.new-castle]\nbase_url = "https://one.example/oai"\n[repositories.b]\nbase_url = "https://two.example/oai"\n'


def test_secrets_become_request_headers(loading):
    """Bearer, basic and any other header, matched to the repository without regard to dashes."""
    environ = {
        "OAI_MIRROR_SECRETS__NEW_CASTLE__BEARER": "open-sesame",
        "OAI_MIRROR_SECRETS__NEW_CASTLE__HEADER_X_API_KEY": "key-1",
        "OAI_MIRROR_SECRETS__B__BASIC": "me:pässword",
    }
    settings = loading("", _TWO, environ).settings
    assert source_of(settings, "new-castle").secret_headers == (
        SecretHeader("Authorization", "Bearer open-sesame"),
        SecretHeader("X-Api-Key", "key-1"),
    )
    assert source_of(settings, "b").secret_headers == (SecretHeader("Authorization", "Basic bWU6cMOkc3N3b3Jk"),)


def test_the_environment_wins_over_the_folder_and_that_over_systemd(loading, tmp_path):
    """One secret in three places: the nearest to the operator's hands wins; foreign files are let lie."""
    for folder, value in (("secrets", "from-folder"), ("systemd", "from-systemd")):
        (tmp_path / folder).mkdir()
        for name in ("b.bearer", "new-castle.bearer", "README.md"):
            (tmp_path / folder / name).write_text(value + "\n")
    (tmp_path / "systemd" / "alerts.smtp_password").write_text("post-sesame")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd"), "OAI_MIRROR_SECRETS__B__BEARER": "from-environment"}
    secrets = loading('secrets_dir = "../secrets"\n', _TWO, environ).settings.secrets
    assert {name: {k: v.get_secret_value() for k, v in kinds.items()} for name, kinds in secrets.items()} == {
        "b": {"bearer": "from-environment"},
        "new_castle": {"bearer": "from-folder"},
        "alerts": {"smtp_password": "post-sesame"},
    }


def test_a_credential_in_toml_is_refused_and_not_repeated(faults):
    """The fault says where the secret belongs and does not hold its value."""
    found = faults("", _TWO + 'password = "sesame"\nheaders = { X-Key = "sesame" }\n')
    assert found == [
        "config/repositories.toml: repositories.b.password: credentials do not belong in TOML "
        "(set OAI_MIRROR_SECRETS__B__BEARER, __BASIC or __HEADER_X, or a file in secrets_dir)",
        "config/repositories.toml: repositories.b.headers: credentials do not belong in TOML "
        "(set OAI_MIRROR_SECRETS__B__BEARER, __BASIC or __HEADER_X, or a file in secrets_dir)",
    ]


def test_a_secret_that_cannot_be_sent_is_a_fault_without_its_value(faults):
    """Line breaks, an empty value, a basic secret without a colon, a name that is none."""
    environ = {
        "OAI_MIRROR_SECRETS__A__BEARER": "two\nlines",
        "OAI_MIRROR_SECRETS__B__BASIC": "sesame",
        "OAI_MIRROR_SECRETS__C__BEARER": "",
        "OAI_MIRROR_SECRETS__D__TOKEN": "sesame",
    }
    assert sorted(faults("", _TWO, environ)) == [
        "environment: OAI_MIRROR_SECRETS__D__TOKEN: is not a secret's name (it ends in __BEARER, __BASIC or __HEADER_X)",
        "environment: a.bearer: goes into an HTTP header: it must be printable ASCII on one line",
        "environment: b.basic: must be user:password",
        "environment: c.bearer: is empty",
    ]


def test_a_missing_secrets_folder_is_a_fault(faults):
    """A folder that was named must be there."""
    found = faults('secrets_dir = "absent"\n', _TWO)
    assert found == ["config/absent: the secrets folder cannot be read: No such file or directory"]


def test_no_representation_shows_a_secret(loading):
    """Neither the settings, nor what is shown, nor a source holds a secret in clear."""
    environ = {
        "OAI_MIRROR_SECRETS__B__BEARER": "open-sesame",
        "OAI_MIRROR_ALERTS__WEBHOOK": "https://chat.example/hook/open-sesame",
    }
    loaded = loading("", _TWO, environ)
    lines = {line.key: line.value for line in shown_settings(loaded)}
    assert lines["secrets.b.bearer"] == "********"
    assert lines["alerts.webhook"] == "https://chat.example/********"
    assert "sesame" not in repr((lines, loaded.settings.secrets, source_of(loaded.settings, "b")))


def test_a_secret_shows_its_value_only_when_it_is_asked_for():
    """Nor does it in a text, a log or an error; two of the same value are the same."""
    secret = Secret("open-sesame")
    shown = (repr(secret), str(secret), f"{secret}", f"{secret!s:>20}", repr({"a": [secret]}))
    assert "sesame" not in " ".join(shown)
    assert (secret.get_secret_value(), secret, secret != Secret("b")) == ("open-sesame", Secret("open-sesame"), True)
    assert len({secret, Secret("open-sesame")}) == 1
