"""A guard over the settings as a whole: each is read by somebody."""

import re
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from harvester.config.settings import Settings
from harvester.config.tables import tables_of

_ROOT = Path(__file__).parents[3]
_KEYS = {
    key
    for _, table in tables_of(Settings)
    for key, field in table.declared.items()
    if len(get_args(field.kind)) != 1 or get_origin(field.kind) is not Literal  # one value: nothing to decide
}


@pytest.mark.parametrize("key", sorted(_KEYS))
def test_every_setting_is_read_by_somebody(key):
    """A setting that nobody reads is a promise that nobody keeps."""
    code = [
        path.read_text("utf-8")
        for path in (_ROOT / "harvester").rglob("*.py")
        if path.name not in {"machine.py", "repository.py", "settings.py", "document.py"}
    ]
    pattern = re.compile(rf"""\.{key}\b|["']{key}["']|\[\s*["']{key}["']""")
    assert any(pattern.search(text) for text in code), f"nobody reads {key}"
