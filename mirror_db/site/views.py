"""The package's own pages: read the address, ask the mirror in a thread within the time limit, fill a template."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Forbidden, NotFound, Request, Response

from mirror_db.connection import one_state
from mirror_db.site import asked as asking
from mirror_db.site import charts, grids, state, words
from mirror_db.site.day import today
from mirror_db.site.home import home, shares
from mirror_db.site.mirrors import queries
from mirror_db.site.record import record_page
from mirror_db.site.repository import advice, repository_page
from mirror_db.site.search import search, without_facets
from mirror_db.site.verdicts import verdicts

if TYPE_CHECKING:
    from datasette.app import Datasette

_T = TypeVar("_T")


async def ask(datasette: Datasette, work: Callable[[sqlite3.Connection], _T]) -> _T:
    """Run `work` on a connection to the mirror, all its queries on one state of it, within Datasette's time limit for SQL."""
    limit_ms = datasette.setting("sql_time_limit_ms")

    def bounded(conn: sqlite3.Connection) -> _T:
        with sqlite_timelimit(conn, limit_ms), one_state(conn):
            return work(conn)

    name = state.of(datasette).first
    answer: _T = await datasette.get_database(name).execute_fn(bounded)
    return answer


async def _within_limit(datasette: Datasette, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
    """Run `work` as `ask` does; None where the time limit ended it."""
    try:
        return await ask(datasette, work)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return None


async def admit(datasette: Datasette, request: Request) -> None:
    """Let in who may see the mirror, by Datasette's own permissions. Raises Forbidden."""
    name = state.of(datasette).first
    allowed = await datasette.permission_allowed(request.actor, "view-instance", default=True)
    if not allowed or not await datasette.permission_allowed(
        request.actor, "view-database", resource=name, default=True
    ):
        raise Forbidden("view-database")


def linker(datasette: Datasette) -> Callable[..., str]:
    """Give a function that makes the address of a search from facet values."""
    base = datasette.urls.path("/search")
    return lambda **values: f"{base}?{urlencode(values)}"


async def page(datasette: Datasette, request: Request, template: str, context: Mapping[str, Any]) -> Response:
    """Fill a template of this package."""
    shared = {
        "mirror": state.of(datasette).first,
        "oai_here": template,
        "robots": state.robots_welcome(datasette),
        "words": words,
    }
    text = await datasette.render_template(
        f"oai_{template}.html", {**shared, **context}, request=request, view_name=f"oai_{template}"
    )
    return Response.html(text)


async def show_home(datasette: Datasette, request: Request) -> Response:
    """Show the overview."""
    await admit(datasette, request)
    found = await ask(datasette, lambda conn: home(conn, today()))
    link = linker(datasette)
    drawn = {
        "access": charts.access_shares(found, link),
        "licences": charts.licences_by_year(found.year_license, link),
        "health": charts.health(found, lambda name: datasette.urls.path(f"/repository/{name}")),
    }
    shown = {
        "home": found,
        "charts": drawn,
        "queries": queries(),
        "shares": shares(found.places),
        "licence_table": grids.licence_grid(found.year_license),
        "outcomes": ", ".join(f"{sign} {word}" for word, sign in words.OUTCOMES.items()),
        "counted_at": found.counted_at,
    }
    return await page(datasette, request, "home", shown)


async def show_repository(datasette: Datasette, request: Request) -> Response:
    """Show one repository."""
    await admit(datasette, request)
    name = unquote(request.url_vars["name"])
    found = await ask(datasette, lambda conn: repository_page(conn, name))
    if found is None:
        raise NotFound("This mirror knows no such repository.")

    def link(**values: str) -> str:
        return linker(datasette)(repository=name, **values)

    drawn = {
        "access": charts.access_by_year(found.year_access, link),
        "licences": charts.licences_by_year(found.year_license, link),
    }
    shown = {
        "page": found,
        "advice": advice(found),
        "charts": drawn,
        "access_table": grids.access_grid(found.year_access),
        "licence_table": grids.licence_grid(found.year_license),
        "here": link(),
        "counted_at": found.counted_at,
    }
    return await page(datasette, request, "repository", shown)


async def show_record(datasette: Datasette, request: Request) -> Response:
    """Show one record with its evidence."""
    await admit(datasette, request)
    number = int(request.url_vars["number"])
    found = await ask(datasette, lambda conn: record_page(conn, number))
    if found is None:
        raise NotFound("This mirror has no record of that number.")
    return await page(datasette, request, "record", {"page": found, "verdicts": verdicts(found.record)})


async def show_search(datasette: Datasette, request: Request) -> Response:
    """Show a page of results with their facets."""
    await admit(datasette, request)
    asked = asking.read(parse_qsl(request.query_string, keep_blank_values=True))
    names = await ask(datasette, lambda conn: dict(conn.execute("SELECT id, name FROM repositories").fetchall()))
    found = await _within_limit(datasette, lambda conn: search(conn, asked))
    if found is None and not asked.text:
        found = await _within_limit(datasette, lambda conn: without_facets(conn, asked))
    if found is None:
        return await page(datasette, request, "slow", {"asked": asked})
    shown = {"found": found, "asked": asked, "names": names}
    return await page(datasette, request, "search", shown)
