"""Patterns that few repositories need: compiled when a value first asks for one, for all of them together take as long as twenty records."""

import re
from functools import cache


@cache
def late(pattern: str) -> re.Pattern[str]:
    """Give a pattern compiled; it stays so, which the cache of `re` does not promise."""
    return re.compile(pattern)
