"""Names of months in any language: a name that means two months in two languages is none."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def months() -> dict[str, int]:
    """Give the number of a month by its name, folded."""
    text = (files(__package__) / "tables" / "months.toml").read_text(encoding="utf-8")
    return {name.casefold(): int(number) for number, names in tomllib.loads(text).items() for name in names.split()}
