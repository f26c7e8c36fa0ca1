"""`oai-mirror serve`: the mirror in Datasette, read only."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from harvester.cli.common import Common, ExitCode, Failure, database_of, load_settings, told


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65_535), help="Port; 0: any free one.")
@click.option("--open/--no-open", "browse", default=False, help="Open the page in a browser.")
@click.option("--no-sql", is_flag=True, help="Allow no SQL but the ready-made queries.")
@click.option(
    "--setting",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A setting of Datasette, as its own --setting.",
)
@click.pass_obj
def command(common: Common, /, host: str, port: int, **options: Any) -> None:
    """Open the mirror in Datasette: overview, search, repositories, records, tables and ready-made queries.

    Nothing is written and no other host is asked. To publish, put a web server in front, or serve a snapshot.
    """
    from harvester.jobs.figures import freshen

    settings = load_settings(common)
    db = database_of(common, settings)
    with told(common):
        freshen(db, settings)
    app = application(db, dict(options["pairs"]), sql=not options["no_sql"])
    with _listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}{app.setting('base_url')}"
        click.echo(f"{db} is served at {url} (Ctrl-C ends it)")
        if options["browse"]:
            click.launch(url)
        _run(app, listener)


def application(db: Path, wished: dict[str, str], *, sql: bool) -> Any:
    """Make the Datasette that serves the mirror at `db`; `wished` are Datasette's settings as text."""
    from datasette.app import Datasette
    from datasette.plugins import get_plugins, pm

    import mirror_db.site

    names = {plugin["name"] for plugin in get_plugins()}
    if not names & {"oai-mirror", "mirror_db.site"}:  # run from a checkout that is not installed
        pm.register(mirror_db.site)
    settings = {name: _value(name, text) for name, text in wished.items()}
    if not sql:
        settings["default_allow_sql"] = False
    return Datasette([str(db)], settings=settings)


def _value(name: str, text: str) -> object:
    from datasette.app import DEFAULT_SETTINGS

    if name not in DEFAULT_SETTINGS:
        raise click.BadParameter(f"Datasette has no setting {name!r}", param_hint="--setting")
    default = DEFAULT_SETTINGS[name]
    if isinstance(default, bool):
        words = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
        if text.lower() not in words:
            raise click.BadParameter(f"{name} is on or off, not {text!r}", param_hint="--setting")
        return words[text.lower()]
    if isinstance(default, int):
        if not text.isascii() or not text.isdecimal():
            raise click.BadParameter(f"{name} is a whole number, not {text!r}", param_hint="--setting")
        return int(text)
    return text


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is said of it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing_on_error(socket.socket(family, kind, protocol)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            return listener
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(
            f"cannot listen on {host} port {port}: {reason}; name another with --port", ExitCode.USAGE
        ) from error


@contextmanager
def closing_on_error(listener: socket.socket) -> Iterator[socket.socket]:
    """Give the socket to the block; it is closed where the block fails."""
    try:
        yield listener
    except OSError:
        listener.close()
        raise


def _run(app: Any, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(app.app(), log_level="warning", lifespan="on", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
