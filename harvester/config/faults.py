"""What is wrong with a configuration: one value per fault, and the exception that carries them all."""

from collections.abc import Iterable
from typing import NamedTuple

ENVIRONMENT = "environment"


class Fault(NamedTuple):
    """One thing that is wrong: where it stands and what to do about it."""

    place: str  # the file's path, ENVIRONMENT, or "command line"
    key: str  # dotted, e.g. repositories.newcastle.base_url; "" where the place as a whole is meant
    problem: str  # never holds the value of a secret
    hint: str = ""

    def __str__(self) -> str:
        """Give the fault as one line: place, key, problem, hint."""
        where = f"{self.place}: {self.key}" if self.key else self.place
        return f"{where}: {self.problem}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(Exception):
    """The configuration cannot be used; `faults` holds everything that is wrong with it, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
