"""What is asked of a repository: one request, the form it is sent in, and its parameters in the order in which they go."""

from typing import NamedTuple
from urllib.parse import quote

Params = tuple[tuple[str, str], ...]


class Ask(NamedTuple):
    """One OAI-PMH request; `token` excludes every other argument (specification section 3.5)."""

    verb: str
    prefix: str | None = None
    set: str | None = None
    from_: str | None = None
    until: str | None = None
    token: str | None = None
    identifier: str | None = None


class Form(NamedTuple):
    """The forms of a request that a server needs: learnt, or set in the configuration."""

    token_with_prefix: bool = False
    token_verbatim: bool = False
    identity: bool = False
    token_twice: bool = False  # encode the token twice, for a server that decodes it twice (Q14)


class Request(NamedTuple):
    """One request to the repository's base URL, ready to be sent."""

    params: Params
    identity: bool = False  # ask for no content encoding (Q32)
    verbatim: bool = False  # send the token as it is, not encoded (Q14)
    attempts: int | None = None  # fewer attempts than the policy's, where a failure is expected


_ARGUMENTS = (
    ("identifier", "identifier"),
    ("metadataPrefix", "prefix"),
    ("set", "set"),
    ("from", "from_"),
    ("until", "until"),
)


def params(ask: Ask, form: Form = Form()) -> Params:  # noqa: B008 - immutable
    """Give the request's parameters; a form may repeat the prefix beside a token for servers that want it (Q13)."""
    verb = ("verb", ask.verb)
    if ask.token is not None:
        again = (("metadataPrefix", ask.prefix),) if form.token_with_prefix and ask.prefix else ()
        return (verb, *again, ("resumptionToken", quote(ask.token, safe="") if form.token_twice else ask.token))
    given = ((name, getattr(ask, attribute)) for name, attribute in _ARGUMENTS)
    return (verb, *((name, value) for name, value in given if value is not None))


def request_of(ask: Ask, form: Form = Form(), *, attempts: int | None = None) -> Request:  # noqa: B008 - immutable
    """Give the request that asks for `ask` in a form."""
    verbatim = form.token_verbatim and ask.token is not None
    return Request(params(ask, form), form.identity, verbatim, attempts)


def ask_of(arguments: dict[str, str]) -> Ask:
    """Give the ask for OAI-PMH arguments by their names in the specification. Raises KeyError without a verb."""
    given = {attribute: arguments[name] for name, attribute in _ARGUMENTS if name in arguments}
    return Ask(arguments["verb"], **given, token=arguments.get("resumptionToken"))
