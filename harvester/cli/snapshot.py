"""`oai-mirror snapshot`: a consistent copy to publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from harvester.cli.common import Common, ExitCode, Failure, database_of, load_settings, told


@click.command("snapshot")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Put it in place of FILE where that exists.")
@click.pass_obj
def command(common: Common, file: Path, force: bool) -> None:
    """Write a consistent, compact copy of the mirror to FILE, also while a harvest runs.

    The copy appears at once, when it is whole. It holds no lease, no host name and no process of this machine: serve it anywhere with
    Datasette.
    """
    from harvester.jobs.snapshot import snapshot

    settings = load_settings(common)
    db = database_of(common, settings)
    refuse_overwrite(file, db=db, force=force)
    with told(common), written_to(file):
        size = snapshot(db, settings, file)
    if not common.quiet:
        click.echo(f"{file} holds a copy of {db}: {size / 1_000_000:,.1f} MB", err=True)


@contextmanager
def written_to(file: Path | None) -> Iterator[None]:
    """Turn what the operating system says of a file (None: stdout) into one line; a closed pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failure(f"{file or 'stdout'} cannot be written: {error.strerror or error}") from error


def refuse_overwrite(file: Path, *, db: Path, force: bool) -> None:
    """Raise a failure where `file` is the mirror itself, exists without `force`, or has no folder."""
    if not file.parent.is_dir():
        raise Failure(f"{file}: there is no folder {file.parent}; make it first", ExitCode.USAGE)
    if file.exists() and db.exists() and file.samefile(db):
        raise Failure(f"{file} is the mirror itself; name another file", ExitCode.USAGE)
    if file.exists() and not force:
        raise Failure(f"{file} exists; give --force to put the new one in its place", ExitCode.USAGE)
