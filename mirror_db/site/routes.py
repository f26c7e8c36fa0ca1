"""Addresses of the package's own pages and files, each with its view."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from mirror_db.site import state, views, wire

if TYPE_CHECKING:
    from datasette.app import Datasette

_VEGA = ("vega5.js", "vega-lite5.js", "vega-embed6.js")
_CSS, _JS = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
_OURS = {"site.css": _CSS, "tables.css": _CSS, "charts.js": _JS}


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Give every address as a regular expression with its view; they come before Datasette's own."""
    return [
        (r"/$", views.show_home),
        (r"/search$", views.show_search),
        (r"/record/(?P<number>\d{1,18})$", views.show_record),
        (r"/repository/(?P<name>[^/]{1,200})$", views.show_repository),
        (r"/-/oai-mirror/(?P<name>[\w.-]+)$", asset),
        (r"/robots\.txt$", robots),
    ]


async def asset(request: Request) -> Response:
    """Serve a file of this package or of the package that brings Vega; nothing is fetched from elsewhere."""
    name = request.url_vars["name"]
    if name in _VEGA:
        path, kind = files("js_lib_vega_embed").joinpath("static", "js_lib_vega_embed", name), _JS
    elif name in _OURS:
        path, kind = files(__package__).joinpath("static", name), _OURS[name]
    else:
        raise NotFound(f"there is no file {name}")
    return Response(path.read_bytes(), headers={"cache-control": "public, max-age=3600"}, content_type=kind)


async def robots(datasette: Datasette) -> Response:
    """Ask robots to stay away, unless the operator welcomes them."""
    return Response.text("User-agent: *\nDisallow:\n" if state.robots_welcome(datasette) else wire.ROBOTS)
