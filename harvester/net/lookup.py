"""Where a host name leads: a public name may point into a private network, which no page of an item may make us ask."""

import socket
from collections.abc import Callable
from typing import Any

from harvester.net.addresses import is_private


def leads_inside(host: str, *, resolve: Callable[..., Any] = socket.getaddrinfo) -> bool:
    """Tell whether a host is private by its name, or by any address that it resolves to; what resolves to nothing is not."""
    if is_private(host):
        return True
    try:
        found = resolve(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(is_private(str(address[4][0]).partition("%")[0]) for address in found)
