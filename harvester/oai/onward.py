"""What will probably be asked after a page, told from the page's last bytes alone: so that it can be on its way unread.

Whoever reads the page decides; a guess that differs from what they ask is dropped.
"""

import re

from harvester.oai.types import Request

_ARGUMENT = "resumptionToken"
_TAIL_BYTES = 4096
# A plain token, and behind it nothing but the ends of the list and of a document that is whole.
_END = re.compile(
    rb"<(?:[\w.-]{1,64}:)?resumptionToken(?:\s[^<>]*)?>([^<>&\s]+)</(?:[\w.-]{1,64}:)?resumptionToken>\s*"
    rb"</(?:[\w.-]{1,64}:)?List(?:Records|Identifiers)>\s*</(?:[\w.-]{1,64}:)?OAI-PMH>\s*\Z"
)


def following(request: Request, body: bytes) -> Request | None:
    """Give the request that goes on behind the page that answered `request`; None where that cannot be told so easily.

    Only behind a page that was itself asked for by a token, whose form it keeps.
    """
    found = _END.search(body, max(0, len(body) - _TAIL_BYTES))
    given = dict(request.params).get(_ARGUMENT)
    if found is None or given is None or not found[1].isascii():
        return None
    token = found[1].decode()
    if token == given:
        return None
    return request._replace(
        params=tuple((name, token if name == _ARGUMENT else value) for name, value in request.params)
    )
