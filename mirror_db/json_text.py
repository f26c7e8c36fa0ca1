"""JSON for files and terminals alike: harvested text can hold no control character, line separator or direction override in it."""

import json
import re
from typing import Any

_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Give a value as JSON, exactly: what a terminal or a reader of lines could take for more than text is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text if text.isascii() and "\x7f" not in text else _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
