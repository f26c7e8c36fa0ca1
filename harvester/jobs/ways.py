"""The ways of telling people: a command with JSON on its standard input, a webhook, a mail."""

import json
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from harvester.config import Settings
from harvester.jobs.door import policy_of, user_agent
from harvester.net.transport import Asked, Transport
from harvester.net.types import Fault
from harvester.source import Manners

TIMEOUT_S = 30.0
_SUBJECT_LENGTH = 150

Message = Mapping[str, Any]


class NotDelivered(Exception):
    """The way did not take the message; `str()` says why, without credentials."""


def ways_of(settings: Settings) -> dict[str, Callable[[Message], None]]:
    """Give the configured ways by name; the log is not one of them, it is always told."""
    alerts = settings.alerts
    secrets = settings.secrets.get("alerts", {})
    ways: dict[str, Callable[[Message], None]] = {}
    if alerts.command:
        ways["command"] = lambda message: run_command(alerts.command, message)
    webhook = secrets["webhook"].get_secret_value() if "webhook" in secrets else alerts.webhook
    if webhook:
        ways["webhook"] = lambda message: post(webhook, message, contact=settings.http.contact)
    if alerts.smtp.host:
        password = secrets["smtp_password"].get_secret_value() if "smtp_password" in secrets else ""
        ways["mail"] = lambda message: send_mail(settings, message, password=password)
    return ways


def run_command(words: tuple[str, ...], message: Message) -> None:
    """Run a program without a shell; the message is its standard input. Raises NotDelivered unless it ends with 0."""
    body = json.dumps(message, ensure_ascii=False).encode()
    try:
        nowhere = subprocess.DEVNULL  # a pipe would be waited for as long as anything that it leaves behind lives
        done = subprocess.run(list(words), input=body, stdout=nowhere, stderr=nowhere, timeout=TIMEOUT_S, check=False)  # noqa: S603 - the operator's own command
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDelivered(f"{words[0]} could not be run: {type(error).__name__}") from error
    if done.returncode:
        raise NotDelivered(f"{words[0]} ended with {done.returncode}")


def post(url: str, message: Message, *, contact: str = "") -> None:
    """Send the message as JSON by POST. Raises NotDelivered unless the answer is 2xx; the address is not repeated."""
    policy = policy_of(Manners(timeout_s=TIMEOUT_S, max_response_s=TIMEOUT_S, max_redirects=0, max_page_bytes=65_536))
    agent = user_agent(contact)
    transport = Transport(policy, home=url, user_agent=agent, headers={"Content-Type": "application/json"})
    try:
        got = transport.get(url, Asked(form=json.dumps(message)))
    finally:
        transport.close()
    if isinstance(got, Fault):
        raise NotDelivered(f"the webhook does not answer ({got.kind})")
    if not 200 <= got.status < 300:
        raise NotDelivered(f"the webhook answered {got.status}")


def send_mail(settings: Settings, message: Message, *, password: str) -> None:
    """Send the message by SMTP. Raises NotDelivered; a password is sent over an encrypted connection only."""
    smtp = settings.alerts.smtp
    try:
        with smtplib.SMTP(smtp.host, smtp.port, socket.gethostname(), timeout=TIMEOUT_S) as server:
            if smtp.starttls:
                server.starttls(context=ssl.create_default_context())
            if smtp.user and password and smtp.starttls:
                server.login(smtp.user, password)
            server.send_message(mail_of(settings, message))
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(f"{smtp.host} did not take the mail ({type(error).__name__})") from error


def mail_of(settings: Settings, message: Message) -> EmailMessage:
    """Write the mail: the text first, then every particular; what a server said cannot become a header."""
    smtp = settings.alerts.smtp
    mail = EmailMessage()
    mail["From"] = smtp.sender
    mail["To"] = ", ".join(smtp.to)
    mail["Subject"] = " ".join(f"[oai-mirror] {message.get('text', '')}".split())[:_SUBJECT_LENGTH]
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain="oai-mirror.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    particulars = (f"{name}: {value}" for name, value in message.items() if name not in {"text", "body", "html"})
    mail.set_content("\n".join((str(message.get("text", "")), "", str(message.get("body", "")), *particulars, "")))
    if "html" in message:
        mail.add_alternative(str(message["html"]), subtype="html")
    return mail
