"""Log lines on stderr: for people on a terminal, JSON otherwise; one per run at INFO, one per page at DEBUG, no secrets.

Our own logger writes, and the scheduler's warnings: other libraries log addresses and headers, and stay silent.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

LOGGER = logging.getLogger("oai_mirror")
_SCHEDULER = logging.getLogger("apscheduler")  # its warnings name jobs, and nothing of what was harvested
_MASK = "********"
_SHORTEST_SECRET = 4  # shorter ones would mask ordinary words
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def log(level: int, event: str, **fields: Any) -> None:
    """Write one line: what happened, and its particulars by name; a field that is None is left out."""
    LOGGER.log(level, event, extra={"fields": {name: value for name, value in fields.items() if value is not None}})


def set_up(chosen: str, level: str, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send log lines to `stream` (stderr): `chosen` is auto, human or json; every one of `secrets` is masked in them."""
    out = stream or sys.stderr
    as_json = chosen == "json" or (chosen == "auto" and not out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines(as_json=as_json, secrets=secrets))
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level)
    LOGGER.propagate = False
    _SCHEDULER.handlers[:] = [handler]
    _SCHEDULER.setLevel(logging.WARNING)
    _SCHEDULER.propagate = False


class Lines(logging.Formatter):
    """One line per event, as JSON or as `time LEVEL event key=value`."""

    def __init__(self, *, as_json: bool, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._as_json = as_json
        self._secrets = sorted((one for one in secrets if len(one) >= _SHORTEST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without line breaks and without secrets."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {name: self._safe(value) for name, value in getattr(record, "fields", {}).items()}
        event = self._safe(record.getMessage())
        if record.exc_info:
            fields["error"] = self._safe(self.formatException(record.exc_info))
        if self._as_json:
            line = {"at": at, "level": record.levelname, "event": event, **fields}
            return json.dumps(line, ensure_ascii=False, default=str)
        shown = " ".join(f"{name}={_worded(value)}" for name, value in fields.items())
        return f"{at} {record.levelname:<7} {event}" + (f" {shown}" if shown else "")

    def _safe(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        for secret in self._secrets:
            value = value.replace(secret, _MASK)
        return _CONTROL.sub(" ", value)


def _worded(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"[\s\"=]", text) else text
