"""What makes a value of each kind valid: the checks behind the marks. Imported only where something is configured.

A check gives the value back, or raises ValueError with what is wrong. None of them knows pydantic: `harvester.config.plain`
calls them without it.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from harvester.config.cron import read_cron
from harvester.config.tables import Kind
from harvester.source import read_hours

_OAI_ARGUMENT = r"(?:^|&)(verb|resumptionToken|metadataPrefix)="


def _split_words(value: Any) -> Any:
    """Let the environment write a list as JSON or with commas; TOML lists pass as they are."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        import json  # 2 ms, and a file has lists

        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("starts with [ but is not a JSON list") from None
    return [word.strip() for word in value.split(",") if word.strip()]


def _check_http_url(value: str) -> str:
    parts = _split_url(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user name or password: take them out and set the secret in the environment")
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError("must not hold spaces or line breaks; write %20 for a space")
    return value


def _split_url(value: str) -> Any:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a valid address: check the brackets and the port") from None
    return parts


def _check_base_url(value: str) -> str:
    _check_http_url(value)
    parts = urlsplit(value)
    if parts.fragment:
        raise ValueError("must not hold a fragment (the part after #)")
    if re.search(_OAI_ARGUMENT, parts.query):
        raise ValueError("must be the base URL alone, without verb= and the other OAI-PMH arguments")
    return value


def _check_cron(value: str) -> str:
    read_cron(value)
    return value


def _check_timezone(value: str) -> str:
    if value == "UTC":
        return value
    from zoneinfo import ZoneInfo  # 3 ms, and most machines are content with UTC

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            "is not a time zone this machine knows, such as Europe/London; if it should be, install the package tzdata"
        ) from None
    return value


def _check_listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if value and not (colon and host and port.isdecimal() and int(port) < 65536):
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:9183, or empty to switch it off")
    return value


def _check_contact(value: str) -> str:
    if not value:
        return value
    if not value.isascii() or not value.isprintable():
        raise ValueError("goes into an HTTP header: plain printable ASCII only")
    if "@" not in value and not value.startswith(("http://", "https://")):
        raise ValueError("must be an e-mail address or a web address under which a person can be reached")
    return value


def _check_hours(value: str) -> str:
    read_hours(value)
    return value


CHECKS: Mapping[Kind, Callable[[Any], Any]] = MappingProxyType(
    {
        Kind.WORDS: _split_words,
        Kind.HTTP_URL: _check_http_url,
        Kind.BASE_URL: _check_base_url,
        Kind.CRON_LINE: _check_cron,
        Kind.ZONE_NAME: _check_timezone,
        Kind.LISTEN: _check_listen,
        Kind.CONTACT: _check_contact,
        Kind.HOURS: _check_hours,
    }
)
