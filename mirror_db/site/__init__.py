"""The Datasette plugin: every hook is one call into a module beside this file. Nothing here writes."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

import sqlite3
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from datasette import handle_exception, hookimpl
from jinja2 import FileSystemLoader

from mirror_db.site import accessible, assets, cells, functions, mirrors, routes, state, text, wire, words

if TYPE_CHECKING:
    from datasette.app import Datasette

_F = TypeVar("_F", bound=Callable[..., Any])


def _hook(function: _F) -> _F:
    """Mark an implementation of a hook; Datasette's own marker has no types."""
    hookimpl(function)
    return function


@_hook
def startup(datasette: Datasette) -> None:
    """Where a mirror is served, switch off the guessing of facets, and tracebacks of visitors' mistakes.

    Guessing takes seconds at a million records. Datasette prints every local variable, cookies too, of each page that is not found
    where rich is installed; faults of the site itself are still printed.
    """
    if state.of(datasette).mirrors:
        datasette._settings["suggest_facets"] = False
        handle_exception.rich = None


@_hook
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """Where a mirror is served: the words of this package, its frame round Datasette's pages, and harvested text made plain."""
    if not state.of(datasette).mirrors:
        return
    env.filters.update(words.FILTERS, oai_named=accessible.named)
    env.globals.update(
        oai_mirror_name=lambda: state.of(datasette).first,
        oai_described=lambda database: state.of(datasette).tables(database),
        oai_asset=lambda name: datasette.urls.path(f"/-/oai-mirror/{name}?{assets.version()}"),
    )
    env.loader.loaders.insert(0, FileSystemLoader(str(files(__package__).joinpath("over"))))
    env.finalize = text.finalized


@_hook
def get_metadata(datasette: Datasette, key: str, database: str, table: str) -> dict[str, Any]:
    """Describe the tables and columns of each mirror."""
    return state.of(datasette).metadata


@_hook
def canned_queries(datasette: Datasette, database: str) -> dict[str, dict[str, Any]]:
    """Offer the ready-made queries."""
    if database not in state.of(datasette).mirrors:
        return {}
    return {one.name: {"title": one.title, "description": one.description, "sql": one.sql} for one in mirrors.queries()}


@_hook
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Give each connection to a mirror the SQL functions."""
    if database in state.of(datasette).mirrors:
        functions.register(conn)


@_hook
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Any:
    """Show record numbers, repositories, DOIs and web addresses as links."""
    known = state.of(datasette)
    if database != known.first:
        return None
    return cells.cell(value, column, table, datasette.setting("base_url"))


@_hook
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Serve the pages of this package where a mirror is attached."""
    return routes.routes() if state.of(datasette).mirrors else []


@_hook
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Put the content security policy and its like on every answer."""
    if not state.of(datasette).mirrors:
        return lambda app: app
    headers = {
        "Content-Security-Policy": wire.policy(wire.inline_scripts()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        **({} if state.robots_welcome(datasette) else {"X-Robots-Tag": "noindex, nofollow"}),
    }
    return lambda app: wire.with_headers(app, headers)
