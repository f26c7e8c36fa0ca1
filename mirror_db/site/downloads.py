"""Results and records for other programs: files that are streamed, and the feed."""

from __future__ import annotations  # Datasette loads this package while it is itself being loaded

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import AsgiStream, Forbidden, NotFound, Request, Response

from mirror_db.site import asked as asking
from mirror_db.site import state
from mirror_db.site.asked import Asked
from mirror_db.site.exports import FORMS, chunks
from mirror_db.site.feed import atom, newest
from mirror_db.site.picking import all_ids, live_rows
from mirror_db.site.views import admit, ask

if TYPE_CHECKING:
    from datasette.app import Datasette


async def give_search(datasette: Datasette, request: Request) -> AsgiStream:
    """Give all records of a search; Datasette's setting `allow_csv_stream` switches it off. Raises Forbidden."""
    await admit(datasette, request)
    if not datasette.setting("allow_csv_stream"):
        raise Forbidden("Exports of whole results are switched off on this site.")
    form, asked = FORMS[request.url_vars["form"]], _asked(request)
    try:
        ids = await ask(datasette, lambda conn: all_ids(conn, asked))
    except sqlite3.OperationalError as error:
        raise Forbidden("That search takes longer than this site allows; narrow it first.") from error

    async def write(writer: Any) -> None:
        await writer.write(form.head)
        first = True
        for some in chunks(ids):
            records = await ask(datasette, partial(live_rows, ids=some))
            await writer.write(form.lines(records, first=first))
            first = first and not records
        await writer.write(form.tail)

    return AsgiStream(write, headers=_named(f"records.{request.url_vars['form']}"), content_type=form.media)


async def give_record(datasette: Datasette, request: Request) -> Response:
    """Give one live record in another form."""
    await admit(datasette, request)
    form, number = FORMS[request.url_vars["form"]], int(request.url_vars["number"])
    found = await ask(datasette, lambda conn: live_rows(conn, [number]))
    if not found:
        raise NotFound("This mirror has no live record of that number.")
    name = f"record-{number}.{request.url_vars['form']}"
    text = form.head + form.lines(found, first=True) + form.tail
    return Response(text, headers=_named(name), content_type=form.media)


async def give_feed(datasette: Datasette, request: Request) -> Response:
    """Give the newest records of a search as an Atom feed."""
    await admit(datasette, request)
    asked = _asked(request)
    found = await ask(datasette, lambda conn: newest(conn, asked))
    text = atom(
        found,
        title=f"{state.of(datasette).first}: {asked.words}",
        here=datasette.absolute_url(request, datasette.urls.path("/" + asked.export("search.atom"))),
        link=lambda number: datasette.absolute_url(request, datasette.urls.path(f"/record/{number}")),
    )
    return Response(text, content_type="application/atom+xml; charset=utf-8")


def _asked(request: Request) -> Asked:
    return asking.read(parse_qsl(request.query_string, keep_blank_values=True))


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}
