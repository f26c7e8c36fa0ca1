"""What goes out with every answer: a content security policy, and no invitation to robots."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any

Asgi = Callable[[Mapping[str, Any], Any, Any], Awaitable[None]]
ROBOTS = "User-agent: *\nDisallow: /\n"

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_WITH_SCRIPTS = ("_close_open_menus.html", "_codemirror_foot.html", "table.html")


def inline_scripts() -> tuple[str, ...]:
    """Give the texts of the scripts that Datasette writes into its own pages, in every form they can take."""
    folder = files("datasette").joinpath("templates")
    texts = [
        one for name in _WITH_SCRIPTS for one in _INLINE.findall(folder.joinpath(name).read_text(encoding="utf-8"))
    ]
    return tuple(
        text.replace("{{ datasette_allow_facet }}", word)
        for text in texts
        for word in (("true", "false") if "{{ datasette_allow_facet }}" in text else ("",))
    )


def policy(scripts: Iterable[str]) -> str:
    """Give the content security policy under which only our own files and these inline `scripts` run.

    Inline styles are let through: Datasette's pages and Vega's drawings have them, and they load nothing by themselves.
    """
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    parts = (
        "default-src 'none'",
        f"script-src 'self' {hashes}".strip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(parts)


def with_headers(app: Asgi, headers: Mapping[str, str]) -> Asgi:
    """Wrap an ASGI application so that `headers` are on every answer that does not set them itself."""
    extra = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message.get("headers", [])}
                fresh = [pair for pair in extra if pair[0] not in held]
                message = {**message, "headers": [*message.get("headers", []), *fresh]}
            await send(message)

        await app(scope, receive, sending)

    return wrapped
