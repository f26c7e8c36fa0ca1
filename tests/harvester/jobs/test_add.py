"""A base URL becomes an entry in repositories.toml; the file's own words stay, and nothing is written that does not load."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli
from harvester.config import load

_ANSWER = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-24T08:00:00Z</responseDate>'
    '<request verb="{verb}">http://x.example/oai</request>{body}</OAI-PMH>'
)
_IDENTIFY = (
    "<Identify><repositoryName>Town &quot;Archive&quot;\n] [evil]</repositoryName><baseURL>http://other.example/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>a@b.example</adminEmail>"
    "<earliestDatestamp>1999-01-01</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DD</granularity></Identify>"
)
_FORMATS = (
    "<ListMetadataFormats><metadataFormat><metadataPrefix>{}</metadataPrefix></metadataFormat></ListMetadataFormats>"
)


class _Repository(BaseHTTPRequestHandler):
    prefix = "oai_dc"

    def do_GET(self) -> None:
        if self.path.startswith("/old"):
            self.send_response(301)
            self.send_header("Location", self.path.replace("/old", "/oai"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        verb = "Identify" if "verb=Identify" in self.path else "ListMetadataFormats"
        body = _IDENTIFY if verb == "Identify" else _FORMATS.format(self.prefix)
        text = (
            "<html><body>Welcome</body></html>"
            if self.path.startswith("/html")
            else _ANSWER.format(verb=verb, body=body)
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """Give the address of a small repository on the loopback."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Repository)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `oai-mirror add` with a configuration folder and a mirror of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def add(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--db", str(tmp_path / "m.db"), "add", *words])

    return add


def _entry(server: str) -> str:
    day = datetime.now(UTC).date()
    return (
        f"# Identify, {day}: granularity YYYY-MM-DD; deletedRecord persistent; earliestDatestamp 1999-01-01; contact a@b.example\n"
        "# It calls itself http://other.example/oai\n"
        "# Formats: oai_dc\n"
        '[repositories."127.0.0.1"]\n'
        'name = "Town \\"Archive\\" ] [evil]"\n'
        f'base_url = "{server}/oai"\n'
    )


def test_an_entry_is_appended_and_the_rest_stays(add, server, tmp_path):
    """Every byte that stood in the file stands there still; the entry comes with what Identify said."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_text("# mine\n[http]\ncontact = 'a@b.example'   # me\n")
    file = tmp_path / "config" / "repositories.toml"
    file.write_text('# kept\n[repositories.one]   # first\nbase_url = "https://one.example/oai"')
    before = file.read_text()
    result = add(f"{server}/oai?verb=Identify")
    assert (result.exit_code, result.stdout) == (0, _entry(server))
    assert file.read_text() == f"{before}\n\n{_entry(server)}"
    assert list(load(tmp_path / "config", environ={}).settings.repositories) == ["one", "127.0.0.1"]


def test_without_a_configuration_the_users_folder_takes_it(add, server, tmp_path):
    """A newcomer has no file: one is made where the next command looks for it."""
    assert add(f"{server}/oai", "--id", "town").exit_code == 0
    found = load(environ={"XDG_CONFIG_HOME": str(tmp_path / "home")}, folder=tmp_path)
    assert found.files == (tmp_path / "home" / "oai-mirror" / "repositories.toml",)
    assert found.settings.repositories["town"].base_url == f"{server}/oai"


def test_dry_run_writes_nothing(add, server, tmp_path):
    """The entry is printed for a person to paste."""
    result = add(f"{server}/oai", "--dry-run")
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (0, _entry(server), [])


def test_a_permanent_redirect_is_followed_into_the_entry(add, server):
    """The address that answers is configured, and the comment says where it came from."""
    text = add(f"{server}/old", "--dry-run").stdout
    assert f'base_url = "{server}/oai"\n' in text
    assert f"# {server}/old redirected here for good" in text


def test_what_is_configured_is_refused(add, server, tmp_path):
    """Nobody is harvested twice under two names, not even by an old address."""
    assert add(f"{server}/oai").exit_code == 0
    file = tmp_path / "home" / "oai-mirror" / "repositories.toml"
    before = file.read_bytes()
    results = [add(f"{server}/oai/"), add(f"{server}/old"), add(f"{server}/other", "--id", "127.0.0.1")]
    assert [(result.exit_code, result.stderr) for result in results] == [
        (2, f"oai-mirror: command line: {server}/oai/ is configured already as 127.0.0.1\n"),
        (2, f"oai-mirror: command line: {server}/oai is configured already as 127.0.0.1\n"),
        (2, "oai-mirror: command line: --id: 127.0.0.1 is configured already (choose another)\n"),
    ]
    assert file.read_bytes() == before


def test_what_does_not_answer_is_not_added(add, server, tmp_path):
    """A page of HTML is no repository."""
    result = add(f"{server}/html")
    assert (result.exit_code, list(tmp_path.iterdir())) == (4, [])
    assert result.stderr.startswith(f"oai-mirror: {server}/html does not answer as an OAI-PMH repository: ")


def test_a_file_that_would_not_load_is_put_back(add, server, tmp_path):
    """Where the entry clashes with the file, the file is as it was before."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_text("")
    file = tmp_path / "config" / "repositories.toml"
    file.write_text('repositories = { one = { base_url = "https://one.example/oai" } }\n')
    result = add(f"{server}/oai")
    assert (result.exit_code, file.read_text()) == (
        2,
        'repositories = { one = { base_url = "https://one.example/oai" } }\n',
    )
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_what_is_recognised_is_proposed(add, server, tmp_path):
    """A platform is named with its reasons; its profile is used where the configuration has it."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "harvester.toml").write_text("")
    (tmp_path / "config" / "repositories.toml").write_text("[profiles.eprints]\nsubject_comma = true\n")
    text = add(f"{server}/cgi/oai2").stdout
    assert "# EPrints, because the address ends in /cgi/oai2\n" in text
    assert text.endswith(f'base_url = "{server}/cgi/oai2"\nprofile = "eprints"\n')
    assert load(tmp_path / "config", environ={}).settings.repositories["127.0.0.1"].profile == "eprints"


def test_a_repository_without_dublin_core_gets_its_own_format(add, server, monkeypatch):
    """The first format it offers is proposed, with the reason."""
    monkeypatch.setattr(_Repository, "prefix", "marc21")
    assert 'metadata_prefix = "marc21"  # it does not offer oai_dc\n' in add(f"{server}/oai", "--dry-run").stdout
