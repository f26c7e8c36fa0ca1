"""Addresses of the package's own pages and files, each with its view."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from mirror_db.site import assets, downloads, state, views, wire

if TYPE_CHECKING:
    from datasette.app import Datasette


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Give every address as a regular expression with its view; they come before Datasette's own."""
    return [
        (r"/$", views.show_home),
        (r"/search$", views.show_search),
        (r"/search\.(?P<form>csv|json|ris|bib)$", downloads.give_search),
        (r"/search\.atom$", downloads.give_feed),
        (r"/record/(?P<number>\d{1,18})$", views.show_record),
        (r"/record/(?P<number>\d{1,18})\.(?P<form>csv|json|ris|bib)$", downloads.give_record),
        (r"/repository/(?P<name>[^/]{1,200})$", views.show_repository),
        (r"/-/oai-mirror/(?P<name>[\w.-]+)$", asset),
        (r"/robots\.txt$", robots),
    ]


async def asset(request: Request) -> Response:
    """Serve a file of this package or of the package that brings Vega; nothing is fetched from elsewhere."""
    name = request.url_vars["name"]
    found = assets.find(name)
    if found is None:
        raise NotFound(f"there is no file {name}")
    return Response(found.body, headers={"cache-control": assets.KEPT}, content_type=found.kind)


async def robots(datasette: Datasette) -> Response:
    """Ask robots to stay away, unless the operator welcomes them."""
    return Response.text("User-agent: *\nDisallow:\n" if state.robots_welcome(datasette) else wire.ROBOTS)
