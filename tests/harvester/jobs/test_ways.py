"""Telling by webhook and by mail, against real servers on the loopback."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from harvester.config import Settings, load
from harvester.jobs.ways import NotDelivered, mail_of, post, run_command, send_mail, ways_of

_MESSAGE = {"text": "one is failing: é\r\nBcc: everyone@evil.example", "reason": "<script>", "kind": "trouble"}


class _Hook(BaseHTTPRequestHandler):
    status = 204
    seen: list[tuple[str, str, object]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[tuple[str, type[_Hook]]]:
    """A webhook on the loopback, and what it saw."""
    handler = type("Hook", (_Hook,), {"seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook/open-sesame", handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_gets_json(hook):
    """The message as it is, with its type."""
    url, handler = hook
    post(url, _MESSAGE)
    assert handler.seen == [("/hook/open-sesame", "application/json", _MESSAGE)]


def test_a_webhook_that_refuses_is_not_repeated_with_its_address(hook):
    """The status is told, the address with its key is not."""
    url, handler = hook
    handler.status = 403
    with pytest.raises(NotDelivered, match=r"^the webhook answered 403$"):
        post(url, _MESSAGE)


def test_a_webhook_that_is_away(hook):
    """Nobody listens: one line without the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotDelivered, match=r"^the webhook does not answer"):
        post(f"http://127.0.0.1:{port}/open-sesame", _MESSAGE)


def test_a_command_that_leaves_something_running_is_not_waited_for():
    """It ended with 0: the message was taken, whatever still holds its output open."""
    began = time.monotonic()
    run_command(("/bin/sh", "-c", "sleep 20 & exit 0"), _MESSAGE)
    assert time.monotonic() - began < 15


def test_a_command_that_is_not_there():
    """The operator's typo is named."""
    with pytest.raises(NotDelivered, match=r"^/absent/tell could not be run: FileNotFoundError$"):
        run_command(("/absent/tell",), _MESSAGE)


def _settings(tmp_path, **environ: str) -> Settings:
    return load(environ={"XDG_CONFIG_HOME": "/none", **environ}, folder=tmp_path).settings


def _mail_settings(tmp_path, port: int = 25) -> Settings:
    return _settings(
        tmp_path,
        OAI_MIRROR_ALERTS__SMTP__HOST="127.0.0.1",
        OAI_MIRROR_ALERTS__SMTP__PORT=str(port),
        OAI_MIRROR_ALERTS__SMTP__STARTTLS="false",
        OAI_MIRROR_ALERTS__SMTP__SENDER="mirror@example.org",
        OAI_MIRROR_ALERTS__SMTP__TO="a@example.org,b@example.org",
        OAI_MIRROR_ALERTS__SMTP__USER="mirror",
        OAI_MIRROR_SECRETS__ALERTS__SMTP_PASSWORD="open-sesame",
    )


def test_a_mail_cannot_be_given_headers_by_a_server(tmp_path):
    """What a repository said becomes text in one header line and in the body, never a header."""
    mail = mail_of(_mail_settings(tmp_path), _MESSAGE)
    assert (mail["Subject"], mail["To"], mail["Bcc"]) == (
        "[oai-mirror] one is failing: é Bcc: everyone@evil.example",
        "a@example.org, b@example.org",
        None,
    )
    assert "reason: <script>" in mail.get_content()


def test_a_mail_is_handed_to_the_server_without_a_password_on_an_open_line(tmp_path):
    """Both addresses receive it; without encryption the password stays here."""
    heard = _smtp_server()
    send_mail(_mail_settings(tmp_path, heard.port), _MESSAGE, password="open-sesame")
    heard.thread.join()
    said = [line.lower() for line in heard.lines]
    assert [line.split()[:2] for line in said if line.startswith(("mail", "rcpt"))] == [
        ["mail", "from:<mirror@example.org>"],
        ["rcpt", "to:<a@example.org>"],
        ["rcpt", "to:<b@example.org>"],
    ]
    assert not any("auth" in line or "sesame" in line for line in said)


def test_a_mail_server_that_is_away(tmp_path):
    """One line, so that it is tried again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotDelivered, match=r"^127\.0\.0\.1 did not take the mail \(ConnectionRefusedError\)$"):
        send_mail(_mail_settings(tmp_path, port), _MESSAGE, password="")


def test_the_secret_webhook_is_a_way(tmp_path):
    """A webhook whose address holds a key comes from the secrets; nothing configured is no way."""
    assert list(ways_of(_settings(tmp_path))) == []
    secret = _settings(tmp_path, OAI_MIRROR_SECRETS__ALERTS__WEBHOOK="https://chat.example/open-sesame")
    assert list(ways_of(secret)) == ["webhook"]
    assert list(ways_of(_mail_settings(tmp_path))) == ["mail"]


class _Heard:
    """A mail server that takes one mail, and what was said to it."""

    def __init__(self, listener: socket.socket) -> None:
        self.port = listener.getsockname()[1]
        self.lines: list[str] = []
        self.thread = threading.Thread(target=self._take, args=(listener,))
        self.thread.start()

    def _take(self, listener: socket.socket) -> None:
        conn, _ = listener.accept()
        with listener, conn, conn.makefile("rw", newline="\r\n") as talk:

            def say(text: str) -> None:
                talk.write(f"{text}\r\n")
                talk.flush()

            say("220 here")
            for line in talk:
                self.lines.append(line.strip())
                word = line.split()[0].upper()
                say({"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok"))
                if word == "QUIT":
                    return
                if word == "DATA":
                    for text in talk:
                        if text.strip() == ".":
                            break
                    say("250 taken")


def _smtp_server() -> _Heard:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    return _Heard(listener)
