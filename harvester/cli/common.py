"""What all commands share: their options, exit codes, one-line errors, and text that is safe for a terminal."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from harvester.config import Settings

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
# Compiled where it is asked for: few commands show texts of several lines.
_CONTROL_BUT_LINES = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"


class ExitCode(IntEnum):
    """How a command ends (design section 2.3)."""

    OK = 0
    ERROR = 1
    USAGE = 2
    PARTIAL = 3
    NONE = 4
    HELD = 75
    INTERRUPTED = 130


class Common(NamedTuple):
    """The options that every command has."""

    db: Path | None = None
    config: Path | None = None
    quiet: bool = False
    verbose: bool = False


def with_common_options(command: click.Command) -> click.Command:
    """Let the common options stand behind a command's name as well as before it, in its subcommands too."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            with_common_options(one)
        return command
    taken = {name for param in command.params for name in param.opts}
    command.params += [option for option in _common_options() if not taken & set(option.opts)]
    return command


def _common_options() -> list[click.Option]:
    def lay_over(ctx: click.Context, param: click.Parameter, value: object) -> None:
        if value and isinstance(ctx.obj, Common):
            ctx.obj = ctx.obj._replace(**{str(param.name): value})  # type: ignore[arg-type]

    path = click.Path(path_type=Path)
    shared = {"expose_value": False, "callback": lay_over}
    return [
        click.Option(["--db"], type=path, help="The mirror's file.", **shared),  # type: ignore[arg-type]
        click.Option(["--config"], type=path, help="The configuration file (TOML).", **shared),  # type: ignore[arg-type]
        click.Option(["-q", "--quiet"], is_flag=True, help="Say nothing but results and errors.", **shared),  # type: ignore[arg-type]
        click.Option(["-v", "--verbose"], is_flag=True, help="Say more, with tracebacks of errors.", **shared),  # type: ignore[arg-type]
    ]


class Failure(click.ClickException):
    """An error that a person can act on: one clear line and an exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click declares it for the class; it is read from the instance

    def show(self, file: object = None) -> None:
        """Write the line to stderr."""
        click.echo(f"oai-mirror: {self.message}", err=True)


def clean(text: object, *, lines: bool = False) -> str:
    """Give harvested text for a terminal: no control characters, no direction overrides (design rule 9)."""
    if text is None:
        return ""
    return re.sub(_CONTROL_BUT_LINES, "", str(text)) if lines else " ".join(_CONTROL.sub(" ", str(text)).split())


def one_line(error: BaseException) -> str:
    """Give an error as one line."""
    return clean(f"{type(error).__name__}: {error}")[:500]


def load_settings(common: Common) -> "Settings":
    """Load the configuration, or fail with every fault of it."""
    from harvester.config import ConfigError, load

    try:
        return load(common.config).settings
    except ConfigError as error:
        raise Failure("the configuration has faults\n" + str(error), ExitCode.USAGE) from error


def database_of(common: Common, settings: "Settings") -> Path:
    """Give the mirror's file: `--db`, the environment, the configuration, else mirror.db here."""
    return common.db or settings.database or Path("mirror.db")


@contextmanager
def told(common: Common) -> Iterator[None]:
    """Turn what can be wrong with the mirror or the configuration into one line and its exit code."""
    from harvester.config import ConfigError
    from mirror_db import errors

    usage = (errors.NotAMirror, errors.NewerMirror, errors.ReadOnlyMirror, errors.MirrorMissing)
    try:
        yield
    except ConfigError as error:
        raise Failure(str(error), ExitCode.USAGE) from error
    except errors.Held as error:
        raise Failure(str(error), ExitCode.HELD) from error
    except errors.MirrorError as error:
        raise Failure(str(error), ExitCode.USAGE if isinstance(error, usage) else ExitCode.ERROR) from error
